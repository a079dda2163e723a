"""Roles, topics, Klassen and the Kommune of an account: the Koordination decides, the form binds no more."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import staff
from learn.accounts.models import Person, PersonRole
from learn.core import audit
from learn.core.clock import today
from learn.core.models import AuditEntry
from learn.network.models import Cohort, Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person


@pytest.fixture
def karla(db: Session) -> Person:
    return make_person(db, name="Karla Entwurf", roles=["coordinator"])


@pytest.fixture
def desk(client: CheckingClient, karla: Person) -> CheckingClient:
    sign_in(client, karla)
    return client


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe", role="pionier")


def roles(person: Person) -> str:
    return f"/verwaltung/personen/{person.id}/rollen"


def town(person: Person) -> str:
    return f"/verwaltung/personen/{person.id}/kommune"


def actions(db: Session) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_roles_topics_and_klassen_are_given_at_once(
    desk: CheckingClient, db: Session, olpe: Municipality
) -> None:
    klasse = Cohort(name="Erste Klasse", created_on=today())
    db.add(klasse)
    person = make_person(db, municipality=olpe)
    page = desk.get(roles(person)).text
    assert "Erste Klasse" in page
    assert "Alle Sitzungen der Person enden." in page
    fields = {
        "roles": ["expert", "trainer"],
        "topics": ["klima"],
        "cohorts": [str(klasse.id), "x"],
        "reason": "aufgabe",
    }
    assert desk.submit(roles(person), fields).status_code == 303
    assert staff.duties(db, person.id) == staff.Duties(
        frozenset({"expert", "trainer"}), frozenset({"klima"}), frozenset({klasse.id})
    )
    assert actions(db) == ["konto.rollen"]
    page = desk.get(roles(person)).text
    assert page.count(" checked") == 4
    assert desk.submit(roles(person), fields).status_code == 303
    assert "Es ist alles wie zuvor." in desk.get(f"/verwaltung/personen/{person.id}").text
    assert actions(db) == ["konto.rollen"]


def test_faults_keep_what_was_ticked(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    person = make_person(db, municipality=olpe)
    answer = desk.submit(roles(person), {"roles": ["trainer"]})
    assert answer.status_code == 422
    assert "Wählen Sie einen Grund aus der Liste." in answer.text
    assert 'value="trainer" checked' in answer.text
    answer = desk.submit(roles(person), {"roles": ["koenigin"], "reason": "aufgabe"})
    assert answer.status_code == 422
    assert actions(db) == []


def test_contacts_are_offered_in_pioneer_towns_alone(desk: CheckingClient, db: Session) -> None:
    person = make_person(db, municipality=make_municipality(db, name="Soest", role="mitglied"))
    assert 'value="expert"' not in desk.get(roles(person)).text
    answer = desk.submit(roles(person), {"roles": ["expert"], "reason": "aufgabe"})
    assert answer.status_code == 422
    assert "Soest ist keine" in answer.text


def test_who_changes_her_own_roles_stays_signed_in(desk: CheckingClient, db: Session, karla: Person) -> None:
    answer = desk.submit(roles(karla), {"roles": ["coordinator", "trainer"], "reason": "aufgabe"})
    assert answer.status_code == 303
    assert desk.get("/verwaltung").status_code == 200
    make_person(db, roles=["coordinator"])
    refused = desk.submit(roles(karla), {"roles": ["trainer"], "reason": "aufgabe"})
    assert refused.status_code == 422
    assert "nur eine andere Person" in refused.text


def test_a_role_taken_is_gone_at_the_next_request(desk: CheckingClient, db: Session) -> None:
    other = make_person(db, roles=["coordinator"])
    browser = desk.application.test_client()
    sign_in(browser, other)
    assert browser.get("/verwaltung").status_code == 200
    assert desk.submit(roles(other), {"reason": "ausgeschieden"}).status_code == 303
    assert browser.get("/verwaltung").headers["Location"].startswith("/anmelden?")


def test_no_other_form_binds_a_role(client: CheckingClient, db: Session, olpe: Municipality) -> None:
    person = make_person(db, municipality=olpe)
    sign_in(client, person)
    smuggled = {"roles": ["coordinator"], "role": "coordinator", "reason": "aufgabe", "name": "Jana"}
    client.submit("/konto", smuggled)
    client.submit(roles(person), smuggled)
    assert db.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id)).all() == []


def test_another_kommune(desk: CheckingClient, db: Session, olpe: Municipality) -> None:
    soest = make_municipality(db, name="Soest")
    person = make_person(db, municipality=olpe, roles=["expert"])
    assert "Die Rolle Kontakt und ihre Themen enden" in desk.get(town(person)).text
    answer = desk.submit(town(person), {"municipality": "Atlantis", "reason": "wunsch"})
    assert answer.status_code == 422
    answer = desk.submit(town(person), {"municipality": olpe.ags, "reason": "wunsch"})
    assert "gehört schon zu Olpe" in answer.text
    answer = desk.submit(town(person), {"municipality": soest.ags})
    assert "Wählen Sie einen Grund" in answer.text
    assert desk.submit(town(person), {"municipality": soest.ags, "reason": "wunsch"}).status_code == 303
    db.expire_all()
    assert person.municipality_id == soest.id
    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.reason) == ("konto.kommune", audit.person(person.id), "wunsch")


def test_the_own_kommune_and_disabled_accounts_do_not_move_here(
    desk: CheckingClient, db: Session, karla: Person
) -> None:
    assert desk.get(town(karla)).status_code == 403
    assert desk.get(town(make_person(db, active=False))).status_code == 403
