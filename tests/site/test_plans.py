"""The Fahrplan: for everyone to see and print, saved for the person alone, never lost."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.learning.models import SavedPlan
from learn.markup.model import PlanField
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.site import sensors
from tests.site.forms import form

PAGE = "/kurse/sensoren/nutzen"
TEXTS = {"field-1": "Es zieht.\r\nImmer.", "field-2": "Bauamt", "field-3": ""}


def save(client: CheckingClient, **texts: str) -> tuple[int, str]:
    action, fields = form(client.get(PAGE).text, "/fahrplan")
    answer = client.submit(action, {**fields, **TEXTS, **texts})
    return answer.status_code, answer.headers.get("Location", "")


def test_everyone_sees_the_form_and_its_print(client: CheckingClient, sensoren: str) -> None:
    page = client.get(PAGE).text
    assert "Anmelden und speichern" in page
    assert "Was stört?" in page
    printed = client.get(f"{PAGE}/fahrplan")
    assert printed.status_code == 200
    assert "Mein Fahrplan" in printed.text
    assert client.get(f"{sensoren}/messen/fahrplan").status_code == 404


def test_a_visitor_signs_in_first_and_keeps_the_text(client: CheckingClient, sensoren: str) -> None:
    action, fields = form(client.get(PAGE).text, "/fahrplan")
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{PAGE}"}
    answer = client.submit(action, {**fields, **TEXTS}, headers=origin)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/anmelden?weiter={PAGE}")
    assert "entwurf" in answer.headers["Set-Cookie"]


def test_texts_are_saved_without_enrolment(learner: CheckingClient, db: Session, sensoren: str) -> None:
    assert save(learner) == (303, f"{PAGE}#fahrplan-plan")
    page = learner.get(PAGE).text
    assert "Ihr Fahrplan ist gespeichert." in page
    assert "Es zieht.\nImmer.</textarea>" in page
    assert "Gespeichert am" in page
    assert form(page, "/fahrplan")[1]["base_revision"] == "1"
    stored = db.scalars(select(SavedPlan)).one()
    assert stored.fields == {"Anlass": "Es zieht.\nImmer.", "Wer: Fragen": "Bauamt", "Schritt 2": ""}


def test_the_print_page_names_course_town_and_day(learner: CheckingClient, sensoren: str) -> None:
    save(learner)
    page = learner.get(f"{PAGE}/fahrplan").text
    for words in ("Sensoren", "Lindenhagen", "Es zieht.<br>Immer.", "Bauamt"):
        assert words in page


def test_nobody_else_sees_it(learner: CheckingClient, db: Session, sensoren: str) -> None:
    save(learner)
    other = learner.application.test_client()
    assert isinstance(other, CheckingClient)
    sign_in(other, make_person(db, name="Kim Erfunden"))
    for path in (PAGE, f"{PAGE}/fahrplan"):
        assert "Es zieht" not in other.get(path).text


def test_saved_twice_is_saved_once(learner: CheckingClient, db: Session, sensoren: str) -> None:
    action, fields = form(learner.get(PAGE).text, "/fahrplan")
    for _ in range(3):
        assert learner.submit(action, {**fields, **TEXTS}).status_code == 303
    assert db.scalars(select(SavedPlan)).one().revision == 1


def test_a_second_window_is_told_with_both_texts(learner: CheckingClient, sensoren: str) -> None:
    action, fields = form(learner.get(PAGE).text, "/fahrplan")
    save(learner)
    answer = learner.submit(action, {**fields, **TEXTS, "field-1": "Es ist laut."})
    assert answer.status_code == 409
    assert "Es zieht." in answer.text
    assert "Es ist laut.</textarea>" in answer.text
    assert "<title>Fehler: Nutzen" in answer.text
    action, fields = form(answer.text, "/fahrplan")
    assert fields["base_revision"] == "1"
    assert learner.submit(action, {**fields, **TEXTS, "field-1": "Es ist laut."}).status_code == 303


def test_a_text_that_is_too_long_is_kept_and_named(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    action, fields = form(learner.get(PAGE).text, "/fahrplan")
    answer = learner.submit(action, {**fields, **TEXTS, "field-2": "x" * 2001})
    assert answer.status_code == 422
    assert answer.text.count("Kürzen Sie den Text auf 2.000 Zeichen.") == 2
    assert 'href="#f-plan-2"' in answer.text
    assert "x" * 2001 in answer.text
    assert db.scalars(select(SavedPlan)).all() == []


def test_an_entry_whose_field_is_gone_stays_below(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    old = form(learner.get(PAGE).text, "/fahrplan")
    save(learner)
    plan = replace(sensors.PLAN, parts=(PlanField("Grund"), *sensors.PLAN.parts[1:]))
    sensors.publish(db, parts={"nutzen": (plan,)})
    page = learner.get(PAGE).text
    assert "Früherer Eintrag" in page
    assert "<dt>Anlass</dt><dd>Es zieht.<br>Immer.</dd>" in page
    fields = {**old[1], "base_revision": "1", **TEXTS, "field-1": "Aus dem alten Formular"}
    assert learner.submit(old[0], fields).status_code == 303
    assert "Aus dem alten Formular" in learner.get(f"{PAGE}/fahrplan").text


def test_an_unknown_plan_is_422(learner: CheckingClient, sensoren: str) -> None:
    action, fields = form(learner.get(PAGE).text, "/fahrplan")
    assert learner.submit(action, {**fields, "plan": "anderer"}).status_code == 422
