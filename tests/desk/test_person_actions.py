"""Each action at the desk says first what happens, asks why, and is written down once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, TotpSecret
from learn.core import audit, sessions
from learn.core.clock import today
from learn.core.models import AuditEntry, SignIn
from learn.desk.person_actions import ACTIONS
from tests.client import CheckingClient, sign_in
from tests.factories import make_person


@pytest.fixture
def karla(db: Session) -> Person:
    return make_person(db, name="Karla Entwurf", roles=["coordinator"])


@pytest.fixture
def desk(client: CheckingClient, karla: Person) -> CheckingClient:
    sign_in(client, karla)
    return client


@pytest.fixture
def operator(client: CheckingClient, db: Session) -> CheckingClient:
    sign_in(client, make_person(db, roles=["operator"]))
    return client


def target(db: Session, action: str) -> Person:
    """A person with whom this can be done."""
    person = make_person(db, name="Jana Muster", active=action != "entsperren")
    if action == "einladung":
        person.password_hash = None
    if action == "app-entfernen":
        db.add(TotpSecret(person_id=person.id, sealed="x", confirmed=True, added_on=today()))
    db.flush()
    return person


def path(person: Person, action: str = "") -> str:
    return f"/verwaltung/personen/{person.id}" + (f"/{action}" if action else "")


def entries(db: Session) -> list[AuditEntry]:
    return list(db.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.mark.parametrize("action", ACTIONS)
def test_first_the_consequences_then_the_deed(
    desk: CheckingClient, db: Session, karla: Person, action: str
) -> None:
    person = target(db, action)
    assert f'href="{path(person, action)}"' in desk.get(path(person)).text
    page = desk.get(path(person, action)).text
    assert all(str(sentence) in page for sentence in ACTIONS[action].happens)
    assert entries(db) == [], "looking writes nothing"
    reason = ACTIONS[action].reasons[0]
    sessions.open_row(db, person.id, remember=False, device="")
    answer = desk.submit(path(person, action), {"reason": reason})
    assert (answer.status_code, answer.headers["Location"]) == (303, path(person))
    (entry,) = entries(db)
    assert (entry.actor, entry.subject, entry.reason) == (
        audit.person(karla.id),
        audit.person(person.id),
        reason,
    )
    assert str(ACTIONS[action].done) in desk.get(path(person)).text


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("reason", ["", "regeln-quatsch", "Jana Muster hat gekündigt"])
def test_without_a_reason_of_the_list_nothing_happens(
    desk: CheckingClient, db: Session, action: str, reason: str
) -> None:
    person = target(db, action)
    answer = desk.submit(path(person, action), {"reason": reason})
    assert answer.status_code == 422
    assert "Wählen Sie einen Grund aus der Liste." in answer.text
    assert "<title>Fehler: " in answer.text
    assert entries(db) == []


def test_what_does_not_fit_leads_back(desk: CheckingClient, db: Session) -> None:
    person = make_person(db)
    for action in ("entsperren", "einladung", "app-entfernen"):
        assert desk.get(path(person, action)).headers["Location"] == path(person)
        assert f'href="{path(person, action)}"' not in desk.get(path(person)).text
    assert desk.submit(path(person, "entsperren"), {"reason": "geklaert"}).status_code == 409
    assert desk.get(path(person, "tanzen")).status_code == 404
    assert desk.get("/verwaltung/personen/999999/sperren").status_code == 404


def test_the_own_account_is_nobodys_own_business_here(
    desk: CheckingClient, db: Session, karla: Person
) -> None:
    make_person(db, roles=["coordinator"])
    page = desk.get(path(karla)).text
    assert "Das ist Ihr eigenes Konto" in page
    for action in ACTIONS:
        assert desk.get(path(karla, action)).status_code == 403
        assert desk.submit(path(karla, action), {"reason": "wunsch"}).status_code == 403
    assert entries(db) == []


def test_the_betrieb_helps_but_decides_nothing(operator: CheckingClient, db: Session) -> None:
    person = make_person(db)
    page = operator.get(path(person)).text
    assert f"{path(person)}/sperren" in page
    for decision in ("schliessen", "rollen", "kommune"):
        assert f"{path(person)}/{decision}" not in page
        assert operator.get(path(person, decision)).status_code == 403
        assert operator.submit(path(person, decision), {"reason": "wunsch"}).status_code == 403
    for address in ("anfragen", "einladungen", "personen/einlesen"):
        assert operator.get(f"/verwaltung/{address}").status_code == 403
    assert entries(db) == []


def test_the_last_coordinator_cannot_be_locked_out(
    operator: CheckingClient, db: Session, karla: Person
) -> None:
    answer = operator.submit(path(karla, "sperren"), {"reason": "verdacht"})
    assert answer.status_code == 422
    assert "einzige Koordination" in answer.text
    assert db.scalar(select(Person.active).where(Person.id == karla.id))


def test_the_session_of_who_is_disabled_is_over(desk: CheckingClient, db: Session) -> None:
    person = make_person(db)
    browser = desk.application.test_client()
    sign_in(browser, person)
    assert browser.get("/konto").status_code == 200
    desk.submit(path(person, "sperren"), {"reason": "verdacht"})
    assert browser.get("/konto").headers["Location"].startswith("/anmelden?")
    assert db.scalar(select(SignIn.id).where(SignIn.person_id == person.id)) is None


def test_a_closed_account_is_left_alone(desk: CheckingClient, db: Session) -> None:
    person = make_person(db, active=False)
    person.erase_on = today() + timedelta(days=3)
    db.flush()
    for action in ACTIONS:
        assert desk.get(path(person, action)).headers["Location"] == path(person)
        reason = ACTIONS[action].reasons[0]
        assert desk.submit(path(person, action), {"reason": reason}).status_code == 409
    assert entries(db) == []
