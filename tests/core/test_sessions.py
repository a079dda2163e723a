"""Sessions end: at sign-out, with the person's rights, after idle hours, at the last day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask import session as flask_cookie
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from learn.accounts import passwords, service
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, sessions
from learn.core.db import Database
from learn.core.models import SignIn
from tests.client import CheckingClient, sign_in
from tests.core import pages
from tests.factories import PASSWORD, make_person

Ending = Callable[[Session, Person], None]
ENDINGS: dict[str, Ending] = {
    "disabled": lambda session, person: service.disable_user(session, person, by="test"),
    "password": lambda session, person: service.set_password(
        session, person, passwords.hashed("Neues-Kennwort-7"), by="test"
    ),
    "roles": lambda session, person: service.set_roles(session, person, ["expert"], by="test"),
    "row deleted": lambda session, person: sessions.close_rows(session, person.id),
}


@pytest.fixture
def database(small: Flask) -> Database:
    found: Database = small.extensions["learn.database"].current()
    return found


@pytest.fixture
def person(database: Database) -> Person:
    with database.writing() as session:
        return make_person(session)


def enter(client: CheckingClient, person: Person, **fields: str) -> str:
    """Sign in through the form; the value of the session cookie afterwards."""
    answer = client.submit("/anmelden", {"email": person.email, "password": PASSWORD, **fields})
    assert answer.status_code == 303
    return cookie_of(client)


def cookie_of(client: CheckingClient) -> str:
    found = client.get_cookie("sitzung")
    assert found is not None
    return found.value


def copied(app: Flask, cookie: str) -> CheckingClient:
    """Another browser that got hold of a cookie."""
    thief = pages.browser(app)
    thief.set_cookie("sitzung", cookie)
    return thief


def is_in(client: CheckingClient) -> bool:
    return client.get("/notizen").status_code == 200


def test_a_copied_cookie_is_worthless_after_signing_out(small: Flask, person: Person) -> None:
    client = pages.browser(small)
    cookie = enter(client, person)
    assert is_in(copied(small, cookie))
    answer = client.submit("/abmelden")
    assert answer.headers["Location"] == "/"
    assert not is_in(client)
    assert not is_in(copied(small, cookie))


@pytest.mark.parametrize("ending", ENDINGS)
def test_rights_that_change_end_all_sessions(
    small: Flask, database: Database, person: Person, ending: str
) -> None:
    client, elsewhere = pages.browser(small), pages.browser(small)
    cookie = enter(client, person)
    enter(elsewhere, person)
    with database.writing() as session:
        found = session.get(Person, person.id)
        assert found is not None
        ENDINGS[ending](session, found)
    answer = copied(small, cookie).get("/notizen")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/anmelden")
    assert not is_in(elsewhere)


def test_flasks_cookie_alone_would_survive_signing_out(small: Flask, person: Person) -> None:
    client = pages.browser(small)
    cookie = enter(client, person)
    client.submit("/abmelden")
    with small.test_request_context("/", headers={"Cookie": f"sitzung={cookie}"}):
        assert flask_cookie[sessions.PERSON] == person.id


def test_signing_in_starts_anew(small: Flask, person: Person) -> None:
    client = pages.browser(small)
    client.get("/anmelden")
    before = client.token()
    first = enter(client, person)
    with client.session_transaction() as cookie:
        assert "csrf_token" not in cookie
        token = cookie[sessions.TOKEN]
    client.submit("/abmelden")
    enter(client, person)
    with client.session_transaction() as cookie:
        assert cookie[sessions.TOKEN] != token
    assert first
    assert client.post("/notizen", data={"csrf_token": before}).status_code == 400


def test_the_row_holds_no_token(small: Flask, database: Database, person: Person) -> None:
    client = pages.browser(small)
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    enter(client, person)
    with client.session_transaction() as cookie:
        token = cookie[sessions.TOKEN]
    with database.reading() as session:
        row = session.scalars(select(SignIn)).one()
    assert row.token_hash == sessions.hashed(token)
    assert len(token) >= 22  # 128 bits
    assert row.device == "Firefox, Windows"
    assert (row.last_day - row.first_day).days == 30


@pytest.mark.parametrize(
    ("hours", "remember", "stays"),
    [
        (11.9, False, True),
        (12.1, False, False),
        (12.1, True, True),
        (24 * 29, True, True),
        (24 * 31, True, False),
    ],
)
def test_idle_sessions_end(small: Flask, person: Person, hours: float, remember: bool, stays: bool) -> None:
    client = pages.browser(small)
    fields = {"remember": "ja"} if remember else {}
    cookie = enter(client, person, **fields)
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        assert is_in(copied(small, cookie)) is stays


def test_using_it_keeps_a_session_until_its_last_day(small: Flask, person: Person) -> None:
    client = pages.browser(small)
    start = clock.now()
    enter(client, person)
    for hours in range(8, 24 * 30, 8):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert is_in(client)
    with time_machine.travel(start + timedelta(days=31), tick=False):
        assert not is_in(client)


def test_the_cookie_is_renewed_at_most_every_five_minutes(small: Flask, person: Person) -> None:
    client = pages.browser(small)
    start = clock.now()
    with time_machine.travel(start, tick=False):
        enter(client, person)
        client.get("/notizen")
    with time_machine.travel(start + timedelta(minutes=4), tick=False):
        assert "Set-Cookie" not in client.get("/notizen").headers
    with time_machine.travel(start + timedelta(minutes=6), tick=False):
        assert "Set-Cookie" in client.get("/notizen").headers


def test_reading_with_a_session_writes_nothing(small: Flask, database: Database, person: Person) -> None:
    client = pages.browser(small)
    enter(client, person)
    with database.reading() as session:
        before = session.scalars(select(SignIn)).one().last_day
        with time_machine.travel(clock.now() + timedelta(hours=8), tick=False):
            assert is_in(client)
        assert session.scalars(select(SignIn.last_day)).one() == before


def test_session_and_person_cost_one_statement_beside_the_badge(
    small: Flask, database: Database, person: Person
) -> None:
    client = pages.browser(small)
    sign_in(client, person)
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(maxsplit=1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            said.append(statement)

    event.listen(database.writer, "before_cursor_execute", note)
    assert client.get("/konto/darstellung").status_code == 200
    event.remove(database.writer, "before_cursor_execute", note)
    assert len(said) == 2


def test_a_note_lasts_its_minutes_and_ends_with_the_session(small: Flask, person: Person) -> None:
    client, start = pages.browser(small), clock.now()
    with time_machine.travel(start, tick=False):
        enter(client, person)
        with client.session_transaction() as cookie:
            cookie["proof"] = [7, sessions.this_minute()]
        held = cookie_of(client)
    for minutes, found in ((0, 7), (9, 7), (10, None)):
        with (
            time_machine.travel(start + timedelta(minutes=minutes), tick=False),
            small.test_request_context("/", headers={"Cookie": f"sitzung={held}"}),
        ):
            assert sessions.note("proof", 10) == found
            assert sessions.note("another", 10) is None
    enter(client, person)
    with client.session_transaction() as cookie:
        assert "proof" not in cookie


def test_a_forged_cookie_stands_for_nobody(small: Flask, person: Person) -> None:
    sign_in(pages.browser(small), person)
    assert not is_in(copied(small, "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"))


def test_attributes_on_plain_http(small: Flask) -> None:
    cookie = pages.browser(small).get("/anmelden").headers["Set-Cookie"]
    assert cookie.startswith("sitzung=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_attributes_on_https(instance: Config) -> None:
    app = pages.make_app(replace(instance, base_url="https://schule.example.org"))
    answer = pages.browser(app).get("/anmelden", headers={"Host": "schule.example.org"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sitzung=")
    for attribute in ("HttpOnly", "SameSite=Lax", "Path=/", "Secure"):
        assert attribute in cookie
    pages.close(app)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("", "Browser"),
    ],
)
def test_devices_have_names(agent: str, name: str) -> None:
    assert sessions.device(agent) == name
