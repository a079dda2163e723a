"""Signing in and out as people see it."""

import io
import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.views import trying as views
from learn.core import clock, logs
from learn.core.models import SignIn, Throttle
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_person

REFUSED = "E-Mail-Adresse oder Passwort stimmt nicht"


def enter(client: CheckingClient, email: str, password: str = PASSWORD, **fields: str) -> tuple[int, str]:
    answer = client.submit("/anmelden", {"email": email, "password": password, **fields})
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_signing_in_leads_to_mein_lernen(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    assert enter(client, person.email) == (303, "/lernen")
    assert client.get("/anmelden").headers["Location"] == "/lernen"


def test_or_back_to_where_it_was_asked_for(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    page = client.get("/anmelden?weiter=/vokabelheft?x=1")
    assert 'value="/vokabelheft?x=1"' in page.text
    assert enter(client, person.email, weiter="/vokabelheft?x=1") == (303, "/vokabelheft?x=1")


def test_the_address_counts_in_any_spelling(client: CheckingClient, db: Session) -> None:
    make_person(db, email="Jana.Hellweg@Example.org")
    assert enter(client, " jana.hellweg@example.ORG ")[0] == 303


def test_a_refusal_never_says_which_part(client: CheckingClient, db: Session) -> None:
    known = make_person(db, email="jana@example.org").email
    gone = make_person(db, email="gone@example.org", active=False).email
    bare = make_person(db, email="bare@example.org")
    bare.password_hash = None
    db.flush()
    cases = [(known, "falsch"), ("niemand@example.org", PASSWORD), (gone, PASSWORD), (bare.email, PASSWORD)]
    pages = []
    for email, password in cases:
        status, text = enter(client, email, password)
        assert status == 422
        assert REFUSED in text
        assert f'value="{email}"' in text
        assert password not in text
        pages.append(stripped(text, email))
    assert len(set(pages)) == 1


def stripped(text: str, email: str) -> str:
    """A page without what differs each time."""
    lines = [line for line in text.replace(email, "").splitlines() if "nonce" not in line]
    return "\n".join(line for line in lines if "csrf_token" not in line)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "x"}, "Geben Sie Ihre E-Mail-Adresse ein."),
        ({"email": "jana@example.org"}, "Geben Sie Ihr Passwort ein."),
    ],
)
def test_missing_fields_are_named(client: CheckingClient, fields: dict[str, str], words: str) -> None:
    answer = client.submit("/anmelden", fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Fehler: Anmelden" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_eleventh_try_for_an_address_waits(client: CheckingClient, db: Session) -> None:
    person, other = make_person(db), make_person(db)
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        for _ in range(views.BY_ADDRESS.tries):
            assert enter(client, person.email, "falsch")[0] == 422
        answer = client.submit("/anmelden", {"email": person.email.upper(), "password": PASSWORD})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= views.BY_ADDRESS.seconds + 1
        assert enter(client, other.email)[0] == 303
    with time_machine.travel(start + timedelta(seconds=views.BY_ADDRESS.seconds + 1), tick=False):
        fresh = client.application.test_client()
        assert isinstance(fresh, CheckingClient)
        assert enter(fresh, person.email)[0] == 303


@pytest.mark.usefixtures("in_one_window")
def test_signing_in_often_is_no_offence(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    for _ in range(views.BY_ADDRESS.tries + 3):
        assert enter(client, person.email)[0] == 303
    assert max(db.scalars(select(Throttle.tries))) == 0


def test_a_success_takes_back_one_try_only(client: CheckingClient, db: Session) -> None:
    attacker, victim = make_person(db), make_person(db)
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        for _ in range(views.BY_ADDRESS.tries):
            assert enter(client, victim.email, "falsch")[0] == 422
            assert enter(client, attacker.email)[0] == 303
        assert enter(client, victim.email, "falsch")[0] == 429


@pytest.mark.usefixtures("in_one_window")
def test_one_source_cannot_try_many_addresses(client: CheckingClient, db: Session) -> None:
    statuses = [enter(client, f"n{number}@example.org")[0] for number in range(views.BY_SOURCE.tries + 1)]
    assert statuses[:-1] == [422] * views.BY_SOURCE.tries
    assert statuses[-1] == 429
    assert len(db.scalars(select(Throttle)).all()) > views.BY_SOURCE.tries


def test_signing_out_ends_here_and_keeps_other_devices(
    app: Flask, client: CheckingClient, db: Session
) -> None:
    person = make_person(db)
    elsewhere = app.test_client()
    sign_in(client, person)
    sign_in(elsewhere, person)
    assert client.submit("/abmelden").headers["Location"] == "/"
    assert db.scalar(select(func.count()).select_from(SignIn)) == 1
    assert client.submit("/abmelden").headers["Location"].startswith("/anmelden")


def test_signing_in_again_leaves_one_session(client: CheckingClient, db: Session) -> None:
    person = make_person(db)
    for _ in range(2):
        assert enter(client, person.email)[0] == 303
    assert db.scalar(select(func.count()).select_from(SignIn)) == 1


def test_the_log_names_nobody(app: Flask, client: CheckingClient, db: Session) -> None:
    person = make_person(db, email="jana@example.org")
    log, layer = io.StringIO(), app.wsgi_app.app  # type: ignore[attr-defined]
    layer.log, kept = logs.logger("json", log), layer.log
    enter(client, person.email, "falsch")
    enter(client, person.email)
    layer.log = kept
    events = [json.loads(line)["event"] for line in log.getvalue().splitlines()]
    assert events.count("sign-in refused") == 1
    assert events.count("signed in") == 1
    assert "jana" not in log.getvalue()
    assert PASSWORD not in log.getvalue()


def test_the_page_leads_to_an_account_and_to_a_new_password(client: CheckingClient) -> None:
    page = client.get("/anmelden").text
    assert 'href="/registrieren"' in page
    assert 'href="/passwort-vergessen"' in page
    assert 'autocomplete="username webauthn"' in page
    assert 'autocomplete="current-password"' in page
