"""The end of a course, and the whole course for print."""

from dataclasses import replace

from sqlalchemy.orm import Session

from tests.client import CheckingClient
from tests.site import sensors
from tests.site.forms import form
from tests.site.test_lesson import begin, complete, tick


def test_the_end_is_for_those_who_began(client: CheckingClient, sensoren: str) -> None:
    answer = client.get(f"{sensoren}/abschluss")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/anmelden?weiter={sensoren}/abschluss",
    )


def test_without_enrolment_it_leads_to_the_course(learner: CheckingClient, sensoren: str) -> None:
    answer = learner.get(f"{sensoren}/abschluss")
    assert (answer.status_code, answer.headers["Location"]) == (303, sensoren)


def test_before_the_end_it_says_what_is_open(learner: CheckingClient, sensoren: str) -> None:
    begin(learner)
    page = learner.get(f"{sensoren}/abschluss").text
    assert "Der Kurs ist noch offen" in page
    assert "Weiterlernen" in page
    assert "Freiwillig, noch offen" in page


def test_a_completed_course_shows_day_and_outcomes(learner: CheckingClient, sensoren: str) -> None:
    begin(learner)
    complete(learner, f"{sensoren}/messen")
    tick(learner)
    complete(learner, f"{sensoren}/montieren")
    page = learner.get(f"{sensoren}/abschluss").text
    assert "Sie haben den Kurs abgeschlossen" in page
    assert "Ausgabe 1" in page
    assert "Das können Sie jetzt" in page
    assert "Nutzen" in page


def test_a_course_that_became_shorter_can_be_ended(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    complete(learner, f"{sensoren}/messen")
    sensors.publish(db, (sensors.MEASURE, sensors.USE))
    page = learner.get(f"{sensoren}/abschluss").text
    action, fields = form(page, "/messen/abschliessen")
    assert learner.submit(action, fields).status_code == 303
    assert "Sie haben den Kurs abgeschlossen" in learner.get(f"{sensoren}/abschluss").text


def test_the_course_prints_on_one_page_with_ids_of_its_lessons(
    client: CheckingClient, db: Session, sensoren: str
) -> None:
    same = sensors.PARTS["messen"]
    sensors.publish(db, parts={"montieren": same})
    page = client.get(f"{sensoren}/druck").text
    for name in ("les_messen00", "les_montiere", "les_nutzen00"):
        assert f'<article id="{name}"' in page
    assert 'id="les_messen00-s-weg"' in page
    assert 'id="les_montiere-s-weg"' in page
    assert "<form" not in page.split("<main", 1)[1]
    assert "24 Werte" not in page


def test_an_earlier_address_of_the_end_and_the_print_leads_to_todays(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    sensors.publish(db, (replace(sensors.MEASURE, title="Messen"), *sensors.ENTRIES[1:]), slug="fuehler")
    for name in ("abschluss", "druck"):
        answer = learner.get(f"{sensoren}/{name}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/kurse/fuehler/{name}")
    answer = learner.get(f"{sensoren}/nutzen/fahrplan")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/kurse/fuehler/nutzen/fahrplan")
