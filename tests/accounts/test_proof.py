"""Before a way of signing in changes, she proves who she is: password, code or passkey, for ten minutes."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Passkey, Person, RecoveryCode, TotpSecret
from learn.accounts.views import trying
from learn.core import clock
from tests.accounts.softkey import Softkey
from tests.accounts.ways import (
    RECOVERY,
    add_passkey,
    browser,
    code,
    cookie_of,
    copy_of,
    options,
    prove,
    with_app,
)
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_person

PROOF = "/konto/anmeldung/bestaetigen"
GUARDED = (
    ("GET", "/konto/anmeldung/app"),
    ("POST", "/konto/anmeldung/app"),
    ("GET", "/konto/anmeldung/codes"),
    ("POST", "/konto/anmeldung/codes"),
    ("GET", "/konto/anmeldung/app/entfernen"),
    ("POST", "/konto/anmeldung/app/entfernen"),
    ("GET", "/konto/anmeldung/passkey"),
    ("POST", "/konto/anmeldung/passkey"),
    ("GET", "/konto/anmeldung/passkeys/{passkey}/entfernen"),
    ("POST", "/konto/anmeldung/passkeys/{passkey}/entfernen"),
)


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Signed in with `client`."""
    found = make_person(db)
    sign_in(client, found)
    return found


def passkey_of(db: Session, person: Person) -> Passkey:
    made = Passkey(
        person_id=person.id,
        credential_hash="0" * 64,
        credential_id="AA",
        public_key="AA",
        name="Diensthandy",
        added_on=clock.today(),
    )
    db.add(made)
    db.flush()
    return made


def forget_password(db: Session, person: Person) -> None:
    person.password_hash = None
    db.flush()


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nothing_changes_without_proof(
    client: CheckingClient, db: Session, person: Person, method: str, path: str
) -> None:
    with_app(db, person)
    path = path.format(passkey=passkey_of(db, person).id)
    answer = client.get(path) if method == "GET" else client.submit(path, {"code": code()})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{PROOF}?weiter=/")
    assert db.scalars(select(RecoveryCode)).one()
    assert db.scalars(select(TotpSecret)).one()
    assert db.scalars(select(Passkey)).one()


def test_the_password_proves_it_for_ten_minutes(client: CheckingClient, person: Person) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        where = client.get("/konto/anmeldung/app").headers["Location"]
        assert 'autocomplete="current-password"' in client.get(where).text
        sent = {"password": PASSWORD, "weiter": "/konto/anmeldung/app"}
        answer = client.submit(PROOF, sent)
        assert answer.headers["Location"] == "/konto/anmeldung/app"
        assert client.get("/konto/anmeldung/app").status_code == 200
        assert client.get(where).headers["Location"] == "/konto/anmeldung/app"
    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        assert client.get("/konto/anmeldung/app").status_code == 303


@pytest.mark.parametrize(
    "sent", [{"password": "falsch"}, {"password": ""}, {}, {"code": "000000"}, {"code": ""}]
)
def test_a_wrong_proof_is_none(
    client: CheckingClient, db: Session, person: Person, sent: dict[str, str]
) -> None:
    with_app(db, person)
    answer = client.submit(PROOF, sent)
    assert answer.status_code == 422
    assert "<title>Fehler: Sind Sie es?" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert client.get("/konto/anmeldung/app/entfernen").status_code == 303


def test_a_code_proves_it_once(client: CheckingClient, db: Session, person: Person, app: Flask) -> None:
    with_app(db, person)
    used = code()
    assert client.submit(PROOF, {"code": used}).status_code == 303
    assert client.get("/konto/anmeldung/app/entfernen").status_code == 200
    other = browser(app)
    sign_in(other, person)
    assert other.submit(PROOF, {"code": used}).status_code == 422
    assert other.submit(PROOF, {"code": RECOVERY}).status_code == 303


def test_so_does_a_passkey_of_hers_alone(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other, theirs, mine = browser(app), Softkey(credential_id=b"theirs"), Softkey()
    sign_in(other, make_person(db))
    for who, softkey in ((client, mine), (other, theirs)):
        prove(who)
        add_passkey(who, softkey)
    fresh = browser(app)
    sign_in(fresh, person)
    wrong = theirs.get(options(fresh.get(PROOF).text))
    assert fresh.submit(PROOF, {"credential": wrong}).status_code == 422
    assert fresh.get("/konto/anmeldung/app").status_code == 303
    right = mine.get(options(fresh.get(PROOF).text))
    assert fresh.submit(PROOF, {"credential": right}).status_code == 303
    assert fresh.get("/konto/anmeldung/app").status_code == 200


def test_an_account_without_password_needs_a_fresh_session(
    client: CheckingClient, db: Session, person: Person
) -> None:
    forget_password(db, person)
    page = client.get(PROOF)
    assert page.status_code == 200
    assert "Melden Sie sich deshalb ab und wieder an" in page.text
    assert client.submit(PROOF, {"password": ""}).status_code == 422


def test_of_ten_minutes(app: Flask, client: CheckingClient, db: Session, person: Person) -> None:
    start = clock.now()
    prove(client)
    softkey = Softkey()
    add_passkey(client, softkey)
    forget_password(db, person)
    fresh = browser(app)
    with time_machine.travel(start, tick=False):
        sent = {"credential": softkey.get(options(fresh.get("/anmelden").text))}
        assert fresh.submit("/anmelden/passkey", sent).status_code == 303
        assert fresh.get("/konto/anmeldung/passwort").status_code == 200
    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        assert fresh.get("/konto/anmeldung/passwort").headers["Location"].startswith(PROOF)
        assert fresh.submit("/konto/anmeldung/passwort", {"password_new": PASSWORD}).status_code == 303
        db.refresh(person)
        assert person.password_hash is None


def test_a_session_proves_nothing_for_another(app: Flask, client: CheckingClient, person: Person) -> None:
    prove(client)
    before = copy_of(client)
    assert before.get("/konto/anmeldung/app").status_code == 200
    client.submit("/anmelden", {"email": person.email, "password": PASSWORD})
    assert client.get("/konto/anmeldung/app").status_code == 303
    assert before.get("/konto/anmeldung/app").headers["Location"].startswith("/anmelden")
    assert cookie_of(client)


@pytest.mark.usefixtures("in_one_window")
def test_guessing_the_password_in_a_session_has_an_end(client: CheckingClient, person: Person) -> None:
    statuses = [
        client.submit(PROOF, {"password": "falsch"}).status_code for _ in range(trying.BY_PERSON.tries + 1)
    ]
    assert statuses == [422] * trying.BY_PERSON.tries + [429]


def test_a_foreign_weiter_leads_to_the_methods(client: CheckingClient, person: Person) -> None:
    sent = {"password": PASSWORD, "weiter": "https://evil.example/"}
    assert client.submit(PROOF, sent).headers["Location"] == "/konto/anmeldung"
