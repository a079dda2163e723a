"""Start, catalogue, course page and Mein Lernen: who sees what."""

import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from learn.courses.models import Course, CourseSlug, CourseTopic, Release
from learn.markup import store
from learn.network.models import Municipality
from tests.client import CheckingClient
from tests.site import sensors
from tests.site.test_lesson import begin, complete, tick


def shelve(session: Session, number: int, *, topic: str = "", minutes: int = 20, plain: bool = False) -> None:
    """A course's card; its release is that of the fixture's course."""
    release_id = session.query(Release.id).limit(1).scalar()
    row = Course(id=f"kur_{number:08}", kind="kurs", slug=f"kurs-{number}", title=f"Kurs {number}")
    row.published_on, row.position, row.release_id = date(2026, 1, 1 + number % 28), number, release_id
    row.minutes, row.plain, row.words, row.topics = minutes, plain, f"kurs {number}", [topic] if topic else []
    session.add(row)
    session.flush()
    session.add(CourseSlug(slug=row.slug, course_id=row.id))
    if topic:
        session.add(CourseTopic(topic=topic, course_id=row.id))
    session.flush()


def titles(page: str) -> list[str]:
    return re.findall(r'kern-link--stretched" href="[^"]*">(.*?)</a>', page)


def test_the_start_page_shows_courses_and_towns(client: CheckingClient, db: Session, sensoren: str) -> None:
    for name, role, population, verified in (
        ("Vorstadt", "pionier", 12_345, True),
        ("Hinterstadt", "gast", 12_000, False),
    ):
        town = Municipality(ags=f"99{len(name):06}", name=name, district="Musterkreis", role=role)
        town.population, town.population_verified = population, verified
        db.add(town)
    db.flush()
    page = client.get("/").text
    assert "Sensoren" in titles(page)
    assert "12.345\N{NO-BREAK SPACE}Einwohner" in page
    assert "bis 15.000\N{NO-BREAK SPACE}Einwohner" in page
    assert "12.000" not in page
    assert page.count("(Pionierkommune)") == 1


def test_who_is_signed_in_goes_to_her_learning(learner: CheckingClient) -> None:
    answer = learner.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lernen")


def test_filters_narrow_the_catalogue(client: CheckingClient, db: Session, sensoren: str) -> None:
    shelve(db, 1, topic="klima", minutes=20)
    shelve(db, 2, topic="klima", minutes=120, plain=True)
    shelve(db, 3, topic="ki", minutes=60)
    assert titles(client.get("/kurse?thema=klima").text) == ["Kurs 1", "Kurs 2"]
    assert titles(client.get("/kurse?thema=klima&dauer=mehr").text) == ["Kurs 2"]
    assert titles(client.get("/kurse?fassung=einfach").text) == ["Kurs 2"]
    assert titles(client.get("/kurse?q=kurs+3").text) == ["Kurs 3"]
    assert titles(client.get("/kurse?q=KURS&sort=kurz").text) == ["Kurs 1", "Kurs 3", "Kurs 2"]
    page = client.get("/kurse?q=kurs&thema=klima").text
    assert '<input type="hidden" name="thema" value="klima">' in page


def test_nothing_found_repeats_the_question_and_offers_a_way_out(
    client: CheckingClient, sensoren: str
) -> None:
    page = client.get("/kurse?q=%3Cb%3Ewale").text
    assert "Kein Kurs zu „&lt;b&gt;wale“ gefunden." in page
    assert "Filter zurücksetzen" in page


def test_values_that_fit_nothing_count_as_not_asked(client: CheckingClient, sensoren: str) -> None:
    page = client.get("/kurse?dauer=lang&sort=alt&nach=%FFabc&seite=7").text
    assert "1 Kurs" in page
    assert titles(page) == ["Sensoren"]


def test_a_long_catalogue_is_paged(client: CheckingClient, db: Session, sensoren: str) -> None:
    for number in range(1, 31):
        shelve(db, number)
    first = client.get("/kurse").text
    more = re.search(r'href="(/kurse\?nach=[^"]+)"', first)
    assert more
    second = client.get(more[1]).text
    assert len(titles(first)) == 24
    assert len(titles(second)) == 7
    assert not set(titles(first)) & set(titles(second))
    assert "nach=" not in second


def test_the_resume_card_leads_to_the_next_lesson(learner: CheckingClient, sensoren: str) -> None:
    assert "Womit anfangen?" in learner.get("/kurse").text
    begin(learner)
    complete(learner, f"{sensoren}/messen")
    page = learner.get("/kurse").text
    assert "Lektion 2: Montieren" in page
    assert "1 von 2 Lektionen" in page
    assert "Womit anfangen?" not in page


def test_the_course_page_shows_state_only_to_who_began(
    client: CheckingClient, learner: CheckingClient, sensoren: str
) -> None:
    assert "Abgeschlossen" not in learner.get(sensoren).text
    begin(learner)
    complete(learner, f"{sensoren}/messen")
    page = learner.get(sensoren).text
    assert page.count("is-done") == 1
    assert page.count("is-current") == 1
    assert "freiwillig" in page
    assert "Nur Sie sehen diesen Stand" in page


def test_a_visitor_may_read_and_is_asked_to_sign_in_to_begin(client: CheckingClient, sensoren: str) -> None:
    page = client.get(sensoren).text
    assert "Anmelden und beginnen" in page
    assert f'href="{sensoren}/messen"' in page


def test_an_earlier_address_leads_to_todays_with_its_query(
    client: CheckingClient, db: Session, sensoren: str
) -> None:
    sensors.publish(db, slug="fuehler")
    answer = client.get("/kurse/sensoren?fassung=einfach")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/kurse/fuehler?fassung=einfach")


@pytest.mark.parametrize("path", ["/kurse/gibt-es-nicht", "/kurse/Gross", "/kurse/a--b", "/kurse/%00"])
def test_what_is_no_course_is_not_found(client: CheckingClient, path: str) -> None:
    assert client.get(path).status_code in {400, 404}


def test_a_course_with_a_test_names_its_pass_mark(client: CheckingClient, db: Session, sensoren: str) -> None:
    from_kinds = {"id": "fra_0000000a", "title": "Abschlusstest", "edition": 1, "pass": 1, "draw": None}
    sensors.publish(db, test={**from_kinds, "parts": store.dump((sensors.KINDS,))})
    assert "Bestanden mit 1 von 6 richtigen Antworten." in client.get(sensoren).text


def test_mein_lernen_moves_a_finished_course(learner: CheckingClient, sensoren: str) -> None:
    assert "Noch kein Kurs begonnen." in learner.get("/lernen").text
    begin(learner)
    page = learner.get("/lernen").text
    assert "Hier geht es für Sie weiter" in page
    assert "Lektion 1: Messen" in page
    complete(learner, f"{sensoren}/messen")
    tick(learner)
    complete(learner, f"{sensoren}/montieren")
    page = learner.get("/lernen").text
    assert "Hier geht es für Sie weiter" not in page
    assert "Abgeschlossen am" in page
    assert f'href="{sensoren}/abschluss"' in page


def test_mein_lernen_is_for_people_with_an_account(client: CheckingClient) -> None:
    answer = client.get("/lernen")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmelden?weiter=/lernen")
