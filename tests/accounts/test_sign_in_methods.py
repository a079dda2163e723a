"""`/konto/anmeldung` and the password: the old one is asked, the new one is good, all others are out."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import passwords, tickets
from learn.accounts.models import Person, Ticket
from learn.core.models import SignIn
from tests.accounts.ways import browser, copy_of, is_in, letters, prove, waiting, with_app
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_municipality, make_person

METHODS, CHANGE = "/konto/anmeldung", "/konto/anmeldung/passwort"
NEW = "Kranich-Regenrinne-Ofenbank"
HINT = "Sichern Sie Ihr Konto mit einer Authenticator-App."


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Signed in with `client`."""
    town = make_municipality(db, name="Wiesenbrück")
    found = make_person(db, name="Jana Hellweg", email="jana@example.org", municipality=town)
    sign_in(client, found)
    return found


def change(client: CheckingClient, new: str = NEW, old: str = PASSWORD) -> tuple[int, str]:
    answer = client.submit(CHANGE, {"password": old, "password_new": new})
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_visitors_are_asked_to_sign_in(client: CheckingClient) -> None:
    for path in (METHODS, CHANGE):
        assert client.get(path).headers["Location"] == f"/anmelden?weiter={path}"


def test_the_page_names_all_ways(client: CheckingClient, db: Session, person: Person) -> None:
    page = client.get(METHODS).text
    for words in ("Passwort ändern", "App einrichten", "Passkey hinzufügen", "dieses Gerät"):
        assert words in page
    with_app(db, person)
    page = client.get(METHODS).text
    assert "Sie haben noch 1 Wiederherstellungscode." in page
    assert "App entfernen" in page


def test_password_managers_find_the_way(client: CheckingClient, person: Person) -> None:
    assert client.get("/.well-known/change-password").headers["Location"] == CHANGE
    page = client.get(CHANGE).text
    for mark in ("username", "current-password", "new-password"):
        assert f'autocomplete="{mark}"' in page
    assert 'value="jana@example.org"' in page
    assert page.count("data-reveal=") == 2


def test_a_new_password_ends_every_other_session(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other, stolen = browser(app), copy_of(client)
    sign_in(other, person, remember=True)
    assert is_in(stolen)
    assert change(client) == (303, METHODS)
    assert is_in(client)
    assert not is_in(other)
    assert not is_in(stolen)
    assert letters(app) == ["Ihr Passwort wurde geändert"]
    assert "Ihr neues Passwort gilt." in client.get(METHODS).text
    assert browser(app).submit("/anmelden", {"email": person.email, "password": PASSWORD}).status_code == 422
    assert browser(app).submit("/anmelden", {"email": person.email, "password": NEW}).status_code == 303


def test_remember_stays_as_it_was(app: Flask, client: CheckingClient, db: Session, person: Person) -> None:
    other = browser(app)
    sign_in(other, person, remember=True)
    change(other)
    assert db.scalars(select(SignIn.remember)).one() is True


def test_open_links_for_a_new_password_end_too(client: CheckingClient, db: Session, person: Person) -> None:
    with client.application.extensions["learn.database"].current().writing() as session:
        tickets.issue(session, tickets.PASSWORD, timedelta(hours=1), person_id=person.id)
    change(client)
    assert db.scalars(select(Ticket)).all() == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("falsch", NEW, "Das Passwort stimmt nicht."),
        ("", NEW, "Geben Sie Ihr aktuelles Passwort ein."),
        (PASSWORD, "", "Geben Sie ein neues Passwort ein."),
        (PASSWORD, "kurz", "mindestens 8 Zeichen"),
        (PASSWORD, PASSWORD, "ein anderes Passwort als bisher"),
        (PASSWORD, "passwort1", passwords.weakness("passwort1")),
        (PASSWORD, "Wiesenbrück2026", "ohne Ihren Namen, Ihre Adresse und Ihre Kommune"),
        (PASSWORD, "JanaHellweg1", "ohne Ihren Namen, Ihre Adresse und Ihre Kommune"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    app: Flask, client: CheckingClient, db: Session, person: Person, old: str, new: str, words: str
) -> None:
    other, before = browser(app), person.password_hash
    sign_in(other, person)
    status, text = change(client, new, old)
    assert status == 422
    assert words in text
    assert "<title>Fehler: Passwort ändern" in text
    assert 'aria-invalid="true"' in text
    assert not new or new not in text
    assert is_in(other)
    db.refresh(person)
    assert person.password_hash == before
    assert letters(app) == []


@pytest.mark.usefixtures("in_one_window")
def test_a_stolen_session_cannot_guess_the_old_one(client: CheckingClient, person: Person) -> None:
    statuses = [change(client, old="falsch")[0] for _ in range(7)]
    assert statuses == [422] * 6 + [429]


def test_an_account_without_one_sets_its_first(client: CheckingClient, db: Session, person: Person) -> None:
    prove(client)
    person.password_hash = None
    db.flush()
    assert "Passwort festlegen" in client.get(METHODS).text
    page = client.get(CHANGE).text
    assert "current-password" not in page
    assert client.submit(CHANGE, {"password_new": NEW}).status_code == 303
    db.refresh(person)
    assert passwords.fits(NEW, person.password_hash)


@pytest.mark.parametrize("role", ["coordinator", "operator", "trainer"])
def test_people_with_duties_are_advised_not_locked_out(
    client: CheckingClient, db: Session, role: str
) -> None:
    staff = make_person(db, roles=[role])
    sign_in(client, staff)
    assert HINT in client.get(METHODS).text
    assert client.get("/lernen").status_code == 200
    with_app(db, staff)
    assert HINT not in client.get(METHODS).text


def test_the_desk_advises_too(client: CheckingClient, db: Session) -> None:
    staff = make_person(db, roles=["operator"])
    sign_in(client, staff)
    assert HINT in client.get("/verwaltung").text
    with_app(db, staff)
    assert HINT not in client.get("/verwaltung").text


def test_nobody_else_is(client: CheckingClient, db: Session, person: Person) -> None:
    assert HINT not in client.get(METHODS).text
    expert = make_person(db, roles=["expert"])
    sign_in(client, expert)
    assert HINT not in client.get(METHODS).text


def test_without_a_password_there_is_nothing_to_guess(client: CheckingClient, db: Session) -> None:
    staff = make_person(db, roles=["coordinator"])
    sign_in(client, staff)
    staff.password_hash = None
    db.flush()
    assert HINT not in client.get(METHODS).text


def test_the_letter_says_what_to_do_and_names_no_address(
    app: Flask, client: CheckingClient, person: Person
) -> None:
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    change(client)
    (letter,) = waiting(app)
    assert letter["to"] == "jana@example.org"
    for words in ("Gerät: Firefox, Windows", "Waren Sie das nicht?", "http://localhost/passwort-vergessen"):
        assert words in letter["text"]
    assert NEW not in str(letter)
    assert "127.0.0.1" not in str(letter)


def test_the_second_step_is_left_as_it_was(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    with_app(db, person)
    assert change(client) == (303, METHODS)
    assert is_in(client)
    fresh = browser(app)
    answer = fresh.submit("/anmelden", {"email": person.email, "password": NEW})
    assert answer.headers["Location"].startswith("/anmelden/code")
