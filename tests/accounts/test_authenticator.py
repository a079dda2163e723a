"""Setting up an app: nothing is stored before a first code; codes are shown once; removal ends the others."""

import html
import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import totp
from learn.accounts.models import Person, RecoveryCode, TotpSecret
from learn.core import clock
from learn.core.models import SignIn
from tests.accounts.ways import browser, copy_of, is_in, letters, password_step, prove, with_app
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

APP, CODES = "/konto/anmeldung/app", "/konto/anmeldung/codes"


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Signed in with `client`, and has proven who she is."""
    found = make_person(db, email="jana@example.org")
    sign_in(client, found)
    prove(client)
    return found


def shown_secret(page: str) -> str:
    found = re.search(r'href="(otpauth:[^"]*)"', page)
    assert found is not None
    return pyotp.parse_uri(html.unescape(found[1])).secret


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", page)


def test_the_page_shows_one_secret_in_three_ways(client: CheckingClient, db: Session, person: Person) -> None:
    page = client.get(APP).text
    secret = shown_secret(page)
    assert f"<code>{totp.grouped(secret)}</code>" in page
    assert 'src="data:image/svg+xml' in page
    assert "style=" not in page
    assert shown_secret(client.get(APP).text) == secret
    assert db.scalars(select(TotpSecret)).all() == []


def test_the_cookie_does_not_tell_the_secret(client: CheckingClient, person: Person) -> None:
    secret = shown_secret(client.get(APP).text)
    with client.session_transaction() as cookie:
        assert secret not in str(dict(cookie))


def test_a_first_code_turns_it_on(app: Flask, client: CheckingClient, db: Session, person: Person) -> None:
    secret = shown_secret(client.get(APP).text)
    typed = pyotp.TOTP(secret).at(clock.now())
    answer = client.submit(APP, {"code": f"{typed[:3]} {typed[3:]}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, CODES)
    assert totp.is_on(db, person.id)
    codes = shown_codes(client.get(CODES).text)
    assert len(codes) == 10
    assert letters(app) == ["Authenticator-App eingerichtet"]
    assert client.get(APP).headers["Location"] == "/konto/anmeldung"
    assert not shown_codes(client.get(CODES).text)
    other = browser(app)
    assert password_step(other, person).startswith("/anmelden/code")
    assert other.submit("/anmelden/code", {"code": typed}).status_code == 422  # proved the app already
    assert other.submit("/anmelden/code", {"code": codes[3]}).status_code == 303


def test_a_wrong_code_stores_nothing(client: CheckingClient, db: Session, person: Person) -> None:
    secret = shown_secret(client.get(APP).text)
    for typed in ("000000", "", "abc"):
        answer = client.submit(APP, {"code": typed})
        assert answer.status_code == 422
        assert shown_secret(answer.text) == secret
        assert "<title>Fehler: Authenticator-App einrichten" in answer.text
    assert db.scalars(select(TotpSecret)).all() == []


def test_new_codes_replace_the_old(app: Flask, client: CheckingClient, db: Session, person: Person) -> None:
    with_app(db, person)
    page = client.get(CODES).text
    assert "Sie haben noch 1 Code." in page
    assert client.submit(CODES).headers["Location"] == CODES
    assert len(shown_codes(client.get(CODES).text)) == 10
    assert db.scalar(select(func.count()).select_from(RecoveryCode)) == 10
    assert letters(app) == ["Neue Wiederherstellungscodes"]


def test_without_an_app_there_are_no_codes(client: CheckingClient, db: Session, person: Person) -> None:
    assert client.get(CODES).headers["Location"] == "/konto/anmeldung"
    client.submit(CODES)
    assert db.scalars(select(RecoveryCode)).all() == []


def test_removing_it_ends_the_other_sessions(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    with_app(db, person)
    other = browser(app)
    sign_in(other, person)
    stolen = copy_of(other)
    assert is_in(stolen)
    assert "öffnet Ihr Passwort allein Ihr Konto" in client.get(f"{APP}/entfernen").text
    assert totp.is_on(db, person.id)
    assert client.submit(f"{APP}/entfernen").headers["Location"] == "/konto/anmeldung"
    assert not totp.is_on(db, person.id)
    assert is_in(client)
    assert not is_in(other)
    assert not is_in(stolen)
    assert letters(app) == ["Authenticator-App entfernt"]
    assert "App einrichten" in client.get("/konto/anmeldung").text
    assert password_step(browser(app), person) == "/lernen"


def test_removing_nothing_changes_nothing(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other = browser(app)
    sign_in(other, person)
    assert client.get(f"{APP}/entfernen").headers["Location"] == "/konto/anmeldung"
    client.submit(f"{APP}/entfernen")
    assert is_in(other)
    assert letters(app) == []
    assert db.scalar(select(func.count()).select_from(SignIn)) == 2


def test_setting_up_keeps_the_other_sessions(app: Flask, client: CheckingClient, person: Person) -> None:
    other = browser(app)
    sign_in(other, person)
    secret = shown_secret(client.get(APP).text)
    client.submit(APP, {"code": pyotp.TOTP(secret).at(clock.now())})
    assert is_in(other)


def test_two_browsers_cannot_set_up_two_apps(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other = browser(app)
    sign_in(other, person)
    prove(other)
    first, second = shown_secret(client.get(APP).text), shown_secret(other.get(APP).text)
    assert first != second
    assert client.submit(APP, {"code": pyotp.TOTP(first).at(clock.now())}).status_code == 303
    later = pyotp.TOTP(second).at(clock.now(), counter_offset=1)
    assert other.submit(APP, {"code": later}).status_code in {303, 422}
    assert totp.accepts(db, person.id, pyotp.TOTP(first).at(clock.now(), counter_offset=-1), "0" * 64)
