"""Lernpfade: the list, a path with the one button, whose state shows, and what it costs."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.core import clock
from learn.courses import indexing, library
from learn.courses.manifest import Manifest
from learn.courses.models import Course, CourseSlug, Release
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.site.test_budgets import counted
from tests.site.test_catalogue import shelve
from tests.site.test_lesson import begin, complete, tick

PATH = "/pfade/messen-lernen"
MINE = "Nur Sie sehen diesen Stand"
OWN, ID = "kur_sensoren", "pfa_n-lernen"


def lay(session: Session, name: str, courses: list[str], *, title: str = "Messen lernen") -> None:
    """A published Lernpfad."""
    library.CACHE.clear()
    identity, slug = f"pfa_{name[-8:]}", f"pfade/{name}"
    row = Course(id=identity, kind="pfad", slug=slug, title=title, published_on=clock.today())
    session.add(row)
    session.flush()
    release = Release(course_id=identity, number=1, origin="folder", created_at=clock.now(), renderer=1)
    release.manifest = Manifest(identity, slug, title, 1, ()).as_json()
    sheet = {"outcome": "Sie messen richtig.", "html": "<p>So geht es.</p>", "license": "CC0-1.0"}
    release.sheet = {**sheet, "courses": courses}
    release.details = {}
    session.add(release)
    session.flush()
    row.release_id = release.id
    session.add(CourseSlug(slug=slug, course_id=identity))
    session.flush()


@pytest.fixture
def path(db: Session, sensoren: str) -> str:
    """A Lernpfad of the course with lessons, one that is only a card, and one that is gone."""
    shelve(db, 1, minutes=20)
    lay(db, "messen-lernen", [OWN, "kur_fortfort", "kur_00000001"])
    db.get_one(Course, OWN).minutes = 12
    db.flush()
    return PATH


def states(page: str) -> list[str]:
    found = re.findall(r'sc-task__s">(.*?)</span>', page)
    return [each.strip() for each in found]


def test_the_list_tells_outcome_courses_and_minutes(client: CheckingClient, db: Session, path: str) -> None:
    lay(db, "kurz", [OWN], title="Kurz")
    page = client.get("/pfade").text
    assert re.findall(r'<a href="(/pfade/[^"]*)">', page) == ["/pfade/kurz", PATH]
    assert '<a href="/kurse" aria-current="true">Kurse</a>' in page
    assert "Sie messen richtig." in page
    assert "2 Kurse" in page
    assert "32\N{NO-BREAK SPACE}Minuten" in page
    assert '<a class="sc-link" href="/pfade">' in client.get("/kurse").text
    assert "/pfade" not in client.get("/kurse?q=kurs").text


def test_without_any_the_list_says_so_and_nothing_leads_there(client: CheckingClient, sensoren: str) -> None:
    assert "Noch kein Lernpfad veröffentlicht." in client.get("/pfade").text
    assert "/pfade" not in client.get("/kurse").text
    assert "Lernpfad" not in client.get(sensoren).text


def test_a_visitor_reads_a_path_without_a_state(client: CheckingClient, path: str) -> None:
    page = client.get(path).text
    assert "So geht es." in page
    assert re.findall(r'<a href="/kurse/([^"]*)">', page) == ["sensoren", "kurs-1"]
    assert "fortfort" not in page
    assert '<a class="kern-btn kern-btn--primary" href="/kurse/sensoren">' in page
    assert states(page) == ["", ""]
    assert MINE not in page


def test_the_button_follows_her_own_state(learner: CheckingClient, path: str) -> None:
    assert 'action="/kurse/sensoren/beginnen"' in learner.get(path).text
    begin(learner)
    page = learner.get(path).text
    assert states(page) == ["Begonnen", ""]
    assert 'class="kern-btn kern-btn--primary" href="/kurse/sensoren/messen"' in page
    assert page.count(MINE) == 2
    complete(learner, "/kurse/sensoren/messen")
    tick(learner)
    complete(learner, "/kurse/sensoren/montieren")
    page = learner.get(path).text
    assert states(page) == ["Abgeschlossen", ""]
    assert 'action="/kurse/kurs-1/beginnen"' in page


def test_who_has_finished_all_is_told(learner: CheckingClient, db: Session, sensoren: str) -> None:
    lay(db, "messen-lernen", [OWN])
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    tick(learner)
    complete(learner, "/kurse/sensoren/montieren")
    assert "Alle Kurse abgeschlossen" in learner.get(PATH).text


def test_nobody_else_s_state_is_seen(
    learner: CheckingClient, client: CheckingClient, db: Session, path: str
) -> None:
    other = learner.application.test_client()
    assert isinstance(other, CheckingClient)
    sign_in(other, make_person(db, name="Alex Anders"))
    token = re.compile(r'name="csrf_token" value="[^"]*"|nonce="[^"]*"')
    before = token.sub("", other.get(path).text)
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    assert token.sub("", other.get(path).text) == before


def test_a_course_says_which_paths_it_belongs_to(client: CheckingClient, db: Session, path: str) -> None:
    page = client.get("/kurse/sensoren").text
    assert "Teil des Lernpfads" in page
    assert f'<a href="{PATH}">Messen lernen</a>' in page
    lay(db, "kurz", [OWN], title="Kurz")
    assert "Teil der Lernpfade" in client.get("/kurse/sensoren").text


def test_addresses_of_before_and_of_nowhere(client: CheckingClient, db: Session, path: str) -> None:
    db.add(CourseSlug(slug="pfade/frueher", course_id=ID))
    db.flush()
    answer = client.get("/pfade/frueher?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{PATH}?x=1")
    assert client.get("/pfade/keiner").status_code == 404
    assert client.get("/kurse/pfade").status_code == 404


def test_a_path_without_a_course_that_is_left(client: CheckingClient, db: Session) -> None:
    lay(db, "leer", ["kur_fortfort"])
    page = client.get("/pfade/leer").text
    assert "0 Kurse" in page
    assert "kern-btn--primary" not in page


def test_more_paths_and_courses_cost_no_more_statements(
    learner: CheckingClient, db: Session, path: str
) -> None:
    begin(learner)
    pages = ("/pfade", path, "/kurse/sensoren")
    for address in pages:
        learner.get(address)
    few = [counted(learner, address) for address in pages]
    for number in range(2, 12):
        shelve(db, number)
        lay(db, f"weiter-{number}", [OWN, *(f"kur_{each:08}" for each in range(1, number))])
    release = db.get_one(Course, ID).release_id
    db.get_one(Release, release).sheet = {
        **db.get_one(Release, release).sheet,
        "courses": [OWN, *(f"kur_{each:08}" for each in range(1, 12))],
    }
    db.flush()
    for address in pages:
        learner.get(address)
    assert [counted(learner, address) for address in pages] == few
    assert few == [4, 5, 7]


def test_the_werkstatt_takes_no_path_for_a_course(
    client: CheckingClient, app: Flask, db: Session, path: str
) -> None:
    sign_in(client, make_person(db, roles=["trainer"]))
    assert ID not in client.get("/werkstatt").text
    found = []
    for rule in app.url_map.iter_rules():
        if rule.arguments == {"course_id"} and rule.endpoint.startswith("workshop."):
            address = rule.rule.replace("<course_id>", ID)
            found += [client.get(address).status_code] if "GET" in (rule.methods or ()) else []
            found += [client.submit(address).status_code] if "POST" in (rule.methods or ()) else []
    assert len(found) > 15
    assert set(found) == {404}


def test_the_search_leads_to_a_path(client: CheckingClient, db: Session, path: str) -> None:
    course = db.get_one(Course, ID)
    indexing.reindex(db, course, db.get_one(Release, course.release_id))
    page = client.get("/suche?q=lernen&art=kurse").text
    assert f'<h3><a href="{path}">Messen lernen</a></h3>\n    <small>Lernpfad</small>' in page
