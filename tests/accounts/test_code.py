"""The second step: nothing is open before the code, each code counts once, and guessing has an end."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import passwords
from learn.accounts.models import Person, RecoveryCode
from learn.accounts.views import trying
from learn.core import clock
from learn.core.models import SignIn, Throttle
from tests.accounts.ways import RECOVERY, browser, code, copy_of, is_in, letters, password_step, with_app
from tests.client import CheckingClient
from tests.factories import PASSWORD, make_person

WRONG = "Der Code stimmt nicht"


@pytest.fixture
def person(db: Session) -> Person:
    found = make_person(db, email="jana@example.org")
    with_app(db, found)
    return found


def sessions_of(db: Session, person: Person) -> int:
    return db.scalar(select(func.count()).where(SignIn.person_id == person.id)) or 0


def test_the_right_password_opens_nothing_yet(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    assert password_step(client, person, weiter="/kurse?q=x") == "/anmelden/code?weiter=/kurse?q%3Dx"
    assert sessions_of(db, person) == 0
    assert not is_in(client)
    page = client.get("/anmelden/code?weiter=/kurse?q%3Dx")
    assert page.status_code == 200
    assert 'autocomplete="one-time-code"' in page.text
    assert 'value="/kurse?q=x"' in page.text


def test_then_the_code_does_and_weiter_survives(client: CheckingClient, db: Session, person: Person) -> None:
    password_step(client, person)
    answer = client.submit("/anmelden/code", {"code": code(), "weiter": "/kurse?q=x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/kurse?q=x")
    assert is_in(client)
    assert sessions_of(db, person) == 1


def test_a_foreign_weiter_leads_home(client: CheckingClient, person: Person) -> None:
    assert password_step(client, person, weiter="//evil.example/") == "/anmelden/code?weiter=/lernen"
    answer = client.submit("/anmelden/code", {"code": code(), "weiter": "/\\evil.example"})
    assert answer.headers["Location"] == "/lernen"


@pytest.mark.parametrize("remember", [True, False])
def test_remember_survives(client: CheckingClient, db: Session, person: Person, remember: bool) -> None:
    password_step(client, person, **({"remember": "ja"} if remember else {}))
    client.submit("/anmelden/code", {"code": code()})
    assert db.scalars(select(SignIn.remember)).one() is remember


def test_without_a_right_password_there_is_no_second_step(client: CheckingClient, person: Person) -> None:
    client.submit("/anmelden", {"email": person.email, "password": "falsch"})
    for answer in (client.get("/anmelden/code"), client.submit("/anmelden/code", {"code": code()})):
        assert answer.headers["Location"] == "/anmelden?weiter=/lernen"
    assert not is_in(client)


def test_a_refusal_does_not_tell_who_has_a_second_factor(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    plain = make_person(db, email="ben@example.org")
    pages = []
    for email in (person.email, plain.email, "niemand@example.org"):
        answer = browser(app).submit("/anmelden", {"email": email, "password": "falsch"})
        text = answer.text.replace(email, "")
        lines = [
            line for line in text.splitlines() if not {"nonce", "csrf_token", "data-options"} & marks(line)
        ]
        pages.append((answer.status_code, tuple(sorted(answer.headers.keys())), "\n".join(lines)))
    assert len(set(pages)) == 1


def marks(line: str) -> set[str]:
    return {mark for mark in ("nonce", "csrf_token", "data-options") if mark in line}


def test_a_code_counts_once(client: CheckingClient, person: Person, app: Flask) -> None:
    used = code()
    password_step(client, person)
    assert client.submit("/anmelden/code", {"code": used}).status_code == 303
    other = browser(app)
    password_step(other, person)
    answer = other.submit("/anmelden/code", {"code": used})
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert used not in answer.text
    assert other.submit("/anmelden/code", {"code": code(1)}).status_code == 303


def test_a_copied_mark_is_worth_no_more_than_the_password(client: CheckingClient, person: Person) -> None:
    password_step(client, person)
    thief, used = copy_of(client), code()
    assert client.submit("/anmelden/code", {"code": used}).status_code == 303
    assert thief.submit("/anmelden/code", {"code": used}).status_code == 422
    assert not is_in(thief)


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_code_is_named_at_its_field(client: CheckingClient, person: Person, typed: str) -> None:
    password_step(client, person)
    answer = client.submit("/anmelden/code", {"code": typed})
    assert answer.status_code == 422
    assert "Geben Sie den Code ein." in answer.text
    assert "<title>Fehler: Code eingeben" in answer.text


def test_a_recovery_code_counts_once_and_is_told(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    password_step(client, person)
    assert client.submit("/anmelden/code", {"code": RECOVERY.upper()}).status_code == 303
    assert is_in(client)
    assert "Sie haben noch 0 Wiederherstellungscodes." in client.get("/kurse").text
    assert letters(app) == ["Mit einem Wiederherstellungscode angemeldet"]
    other = browser(app)
    password_step(other, person)
    answer = other.submit("/anmelden/code", {"code": RECOVERY})
    assert answer.status_code == 422
    assert "Dieser Wiederherstellungscode gilt nicht." in answer.text
    assert not is_in(other)


def test_ten_minutes_are_given(client: CheckingClient, person: Person) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        password_step(client, person)
    with time_machine.travel(start + timedelta(minutes=9), tick=False):
        assert client.get("/anmelden/code").status_code == 200
    with time_machine.travel(start + timedelta(minutes=11), tick=False):
        answer = client.submit("/anmelden/code", {"code": code(), "weiter": "/kurse"})
        assert answer.headers["Location"] == "/anmelden?weiter=/kurse"
        assert "zehn Minuten" in client.get("/anmelden?weiter=/kurse").text
    assert not is_in(client)


def test_a_new_password_ends_what_is_pending(client: CheckingClient, db: Session, person: Person) -> None:
    password_step(client, person)
    person.password_hash = passwords.hashed("ein ganz anderes Kennwort")
    db.flush()
    assert client.submit("/anmelden/code", {"code": code()}).headers["Location"].startswith("/anmelden?")
    assert not is_in(client)


def test_so_does_disabling(client: CheckingClient, db: Session, person: Person) -> None:
    password_step(client, person)
    person.active = False
    db.flush()
    assert client.submit("/anmelden/code", {"code": code()}).headers["Location"].startswith("/anmelden?")
    assert not is_in(client)


def test_guessing_has_an_end_for_each_person(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other = make_person(db)
    with_app(db, other)
    start = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False):
        password_step(client, person)
        for _ in range(trying.BY_PERSON.tries):
            assert client.submit("/anmelden/code", {"code": "000000"}).status_code == 422
        fresh = browser(app)
        password_step(fresh, person)
        answer = fresh.submit("/anmelden/code", {"code": code()})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= trying.BY_PERSON.seconds + 1
        somebody = browser(app)
        password_step(somebody, other)
        assert somebody.submit("/anmelden/code", {"code": code()}).status_code == 303


def test_and_in_a_day(app: Flask, client: CheckingClient, person: Person) -> None:
    start = clock.now().replace(hour=3, minute=0, second=0, microsecond=0)
    statuses = []
    for number in range(trying.IN_A_DAY.tries + 1):
        with time_machine.travel(start + timedelta(minutes=5 * number), tick=False):
            password_step(client, person)
            statuses.append(client.submit("/anmelden/code", {"code": "000000"}).status_code)
    assert statuses == [422] * trying.IN_A_DAY.tries + [429]


def test_only_refused_tries_add_up(client: CheckingClient, db: Session, person: Person) -> None:
    start = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for number in range(trying.BY_PERSON.tries + 3):
        with time_machine.travel(start + timedelta(seconds=30 * number), tick=False):
            password_step(client, person)
            assert client.submit("/anmelden/code", {"code": code()}).status_code == 303
    assert max(db.scalars(select(Throttle.tries))) == 0


def test_without_an_app_there_is_one_step(client: CheckingClient, db: Session) -> None:
    assert password_step(client, make_person(db)) == "/lernen"
    assert is_in(client)


def test_newer_parameters_are_kept_before_the_second_step(
    client: CheckingClient, db: Session, person: Person
) -> None:
    person.password_hash = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    db.flush()
    password_step(client, person)
    db.refresh(person)
    assert not passwords.outdated(person.password_hash)
    assert passwords.fits(PASSWORD, person.password_hash)
    assert client.submit("/anmelden/code", {"code": code()}).status_code == 303


def test_reading_the_page_uses_nothing_up(client: CheckingClient, db: Session, person: Person) -> None:
    password_step(client, person)
    for _ in range(3):
        assert client.get("/anmelden/code").status_code == 200
    assert db.scalar(select(func.count()).select_from(RecoveryCode)) == 1
