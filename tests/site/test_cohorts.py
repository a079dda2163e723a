"""Klassen: who sees them, joining by link, leaving; the log and the notice that follow."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, TrainerCohort
from learn.core.models import AuditEntry, Job
from learn.courses.models import Course
from learn.network import choices, cohorts
from learn.network.models import Cohort, Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, ags="05966024", name="Olpe", role="pionier")


@pytest.fixture
def klasse(db: Session, olpe: Municipality) -> Cohort:
    """A Klasse with Olpe in it, its link open."""
    made = cohorts.create(db, "Klasse Eins", "Wir lernen zusammen.", by="person:1")
    cohorts.join(db, made, olpe, by="person:1")
    cohorts.open_link(db, made, by="person:1")
    db.flush()
    return made


def browser(app: Flask, person: Person) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, person)
    return client


def entries(session: Session, action: str) -> list[tuple[str, str, str]]:
    found = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
    return [(entry.actor, entry.subject, entry.reason) for entry in found]


def notices(session: Session) -> list[str]:
    jobs = session.scalars(select(Job).where(Job.name == "tell_cohort"))
    return [sentence for job in jobs for sentence in job.arguments["sentences"]]


def test_a_klasse_is_open_to_its_people_trainers_and_the_koordination(
    app: Flask, db: Session, olpe: Municipality, klasse: Cohort
) -> None:
    limited = make_person(db, roles=["trainer"])
    other = cohorts.create(db, "Klasse Zwei", "", by="person:1")
    db.add(TrainerCohort(person_id=limited.id, cohort_id=other.id))
    db.flush()
    for person, status in (
        (make_person(db, municipality=olpe), 200),
        (make_person(db, roles=["trainer"]), 200),
        (make_person(db, roles=["coordinator"]), 200),
        (limited, 404),
        (make_person(db), 404),
        (make_person(db, roles=["operator"]), 404),
        (make_person(db, roles=["expert"]), 404),
    ):
        assert browser(app, person).get(f"/klassen/{klasse.id}").status_code == status


def test_visitors_sign_in_first(client: CheckingClient, klasse: Cohort) -> None:
    for path in ("/klassen", f"/klassen/{klasse.id}", f"/klassen/beitreten/{klasse.link_token}"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/anmelden")


def test_own_klassen_are_listed(app: Flask, db: Session, olpe: Municipality, klasse: Cohort) -> None:
    cohorts.create(db, "Klasse Zwei", "", by="person:1")
    db.flush()
    page = browser(app, make_person(db, municipality=olpe)).get("/klassen").text
    found = re.findall(r'href="/klassen/\d+">(.*?)</a><small>(.*?)</small>', page)
    assert found == [("Klasse Eins", "1 Kommune")]
    for roles in (["trainer"], ["coordinator"]):
        page = browser(app, make_person(db, roles=roles)).get("/klassen").text
        assert re.findall(r'href="/klassen/\d+">(.*?)</a>', page) == ["Klasse Eins", "Klasse Zwei"]
    for person in (make_person(db), make_person(db, roles=["operator"])):
        assert "noch zu keiner Klasse" in browser(app, person).get("/klassen").text


def test_a_klasse_shows_towns_contacts_courses_and_trainers(
    app: Flask, db: Session, olpe: Municipality, klasse: Cohort, sensoren: str
) -> None:
    course = db.query(Course).one()
    choices.choose(db, klasse, course.id, by="person:1")
    reader = make_person(db, municipality=olpe, name="Nora Nein")
    for name, roles, listed in (
        ("Anna Amsel", [], True),
        ("Berta Buche", ["expert"], True),
        ("Carl Nie", [], False),
    ):
        make_person(db, name=name, municipality=olpe, roles=roles).listed = listed
    make_person(db, name="Tilda Trainer", roles=["trainer"]).listed = True
    make_person(db, name="Theo Still", roles=["trainer"])
    db.flush()
    client = browser(app, reader)
    assert client.submit(f"{sensoren}/beginnen").status_code == 303
    page = client.get(f"/klassen/{klasse.id}").text
    assert '<a href="/kommunen/05966024">Olpe</a>' in page
    assert "<small>Anna Amsel</small><small>Berta Buche</small>" in page
    assert "Tilda Trainer" in page
    assert f'href="{sensoren}"' in page
    assert "<progress" in page
    for name in ("Carl Nie", "Theo Still"):
        assert name not in page
    assert (
        "<progress" not in browser(app, make_person(db, municipality=olpe)).get(f"/klassen/{klasse.id}").text
    )


def test_joining_says_what_it_means_then_brings_the_town_in(app: Flask, db: Session, klasse: Cohort) -> None:
    wenden = make_municipality(db, ags="05966028", name="Wenden", role="gast")
    person = make_person(db, municipality=wenden)
    client = browser(app, person)
    path = f"/klassen/beitreten/{klasse.link_token}"
    page = client.get(path).text
    assert "Es tritt die ganze Kommune bei: Wenden, nicht nur Sie." in page
    assert client.get(f"/klassen/{klasse.id}").status_code == 404
    answer = client.submit(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/klassen/{klasse.id}")
    assert "Wenden gehört jetzt zur Klasse." in client.get(f"/klassen/{klasse.id}").text
    assert "gehört schon zu dieser Klasse" in client.get(path).text
    assert client.submit(path).status_code == 303
    assert entries(db, "klasse.beigetreten")[1:] == [
        (f"person:{person.id}", f"klasse:{klasse.id}", "kommune:05966028")
    ]
    assert notices(db) == ["Wenden ist der Klasse beigetreten."]
    assert wenden.role == "gast"


def test_without_a_town_nobody_joins(app: Flask, db: Session, klasse: Cohort) -> None:
    person = make_person(db, roles=["coordinator"])
    person.municipality_id = None
    db.flush()
    client = browser(app, person)
    path = f"/klassen/beitreten/{klasse.link_token}"
    assert "Sie gehören zu keiner Kommune." in client.get(path).text
    assert client.submit(path).status_code == 422
    assert len(entries(db, "klasse.beigetreten")) == 1


def test_a_closed_link_does_not_exist(app: Flask, db: Session, klasse: Cohort) -> None:
    path = f"/klassen/beitreten/{klasse.link_token}"
    cohorts.close_link(db, klasse, by="person:1")
    db.flush()
    client = browser(app, make_person(db))
    assert client.get(path).status_code == 404
    assert client.submit(path).status_code == 404
    assert client.get("/klassen/beitreten/None").status_code == 404


def test_a_contact_takes_her_town_out_after_a_question(
    app: Flask, db: Session, olpe: Municipality, klasse: Cohort
) -> None:
    path = f"/klassen/{klasse.id}/verlassen"
    assert browser(app, make_person(db, municipality=olpe)).get(path).status_code == 403
    assert browser(app, make_person(db, roles=["expert"])).get(path).status_code == 404
    assert browser(app, make_person(db, roles=["coordinator"])).get(path).status_code == 403
    expert = make_person(db, municipality=olpe, roles=["expert"])
    client = browser(app, expert)
    assert "Soll Olpe die Klasse „Klasse Eins“ verlassen?" in client.get(path).text
    answer = client.submit(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/klassen")
    assert "Olpe gehört nicht mehr zur Klasse" in client.get("/klassen").text
    assert client.submit(path).status_code == 404
    assert entries(db, "klasse.verlassen") == [
        (f"person:{expert.id}", f"klasse:{klasse.id}", "kommune:05966024")
    ]
    assert notices(db) == ["Olpe hat die Klasse verlassen."]


@pytest.mark.parametrize("number", ["0", "2147483648", "99999999999999999999", "-1", "x"])
def test_numbers_that_no_klasse_has(app: Flask, db: Session, number: str) -> None:
    client = browser(app, make_person(db, roles=["coordinator"]))
    assert client.get(f"/klassen/{number}").status_code == 404
