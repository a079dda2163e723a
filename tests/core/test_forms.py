"""No write without a token, and no text lost when a session ends."""

import re
from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import delete, func, select

from learn.accounts.models import Person
from learn.core import clock, forms
from learn.core.db import Base, Database
from learn.core.models import Mark, RescuedForm, SignIn
from tests.client import CheckingClient, sign_in
from tests.core import pages
from tests.factories import PASSWORD, make_person

OWN = {"Origin": "http://localhost"}
FOREIGN = {"Origin": "https://evil.example"}
TEXT = "Erste Zeile: äöü & <b>\r\nZweite Zeile"
MOVING = {"throttle", "rescued_form"}


@pytest.fixture
def database(small: Flask) -> Database:
    found: Database = small.extensions["learn.database"].current()
    return found


@pytest.fixture
def person(database: Database) -> Person:
    with database.writing() as session:
        return make_person(session, roles=["operator", "coordinator"])


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but those of throttles and rescued drafts; empty tables are not in it."""
    names = [table.name for table in Base.metadata.sorted_tables if table.name not in MOVING]
    with database.reading() as session:
        ask = session.connection().exec_driver_sql
        filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)  # noqa: S608
        found = {name: ask(f"SELECT * FROM {name}").all() for (name,) in ask(filled).all()}  # noqa: S608
    return {name: sorted(map(tuple, rows), key=repr) for name, rows in found.items()}


def unsafe(app: Flask) -> list[str]:
    """Addresses that take a POST, but for the one that mail programs may ask: its token is the proof."""
    assert {"site.unsubscribe"} == forms.BY_LINK
    return [
        re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]+>", r"\1", rule.rule))
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and rule.endpoint not in forms.BY_LINK
    ]


@pytest.mark.parametrize("token", [None, "falsch", "x" * 5000])
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_unsafe_route_acts_without_a_token(
    small: Flask, database: Database, person: Person, token: str | None, signed_in: bool
) -> None:
    assert len(unsafe(small)) >= 4
    clients = [pages.browser(small) for _ in unsafe(small)]
    for client in clients if signed_in else []:
        sign_in(client, person)
    before = contents(database)
    for client, address in zip(clients, unsafe(small), strict=True):
        data = {"body": TEXT, **({"csrf_token": token} if token else {})}
        assert client.post(address, data=data).status_code == 400
        assert client.post(address, data=data, headers=FOREIGN).status_code == 400
        assert client.post(address, data=data, headers=OWN).status_code in {303, 422}
        assert contents(database) == before, address


def test_a_valid_token_from_a_foreign_origin_is_refused(reader: CheckingClient, person: Person) -> None:
    sign_in(reader, person)
    assert reader.submit("/notizen", {"body": TEXT}, headers=FOREIGN).status_code == 400


def test_with_the_check_off_a_forged_request_acts(
    small: Flask, database: Database, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        small.before_request_funcs,
        None,
        [check for check in small.before_request_funcs[None] if check is not forms.check_token],
    )
    client = pages.browser(small)
    sign_in(client, person)
    assert client.post("/notizen", data={"body": TEXT}, headers=FOREIGN).status_code == 303
    with database.reading() as session:
        assert session.get(Mark, "notiz") is not None


def test_crawling_every_page_as_operator_changes_nothing(
    small: Flask, database: Database, person: Person
) -> None:
    client = pages.browser(small)
    client.failing = True
    sign_in(client, person)
    before = contents(database)
    for rule in small.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            client.get(re.sub(r"<[^>]+>", "1", rule.rule))
    assert contents(database) == before


def test_a_stale_form_comes_back_with_its_text(reader: CheckingClient, person: Person) -> None:
    sign_in(reader, person)
    answer = reader.post("/notizen", data={"body": TEXT, "version": "7"}, headers=OWN)
    assert answer.status_code == 422
    assert "Erste Zeile: äöü &amp; &lt;b&gt;" in answer.text
    assert 'name="version" value="7"' in answer.text
    again = reader.post("/notizen", data={"body": TEXT, "csrf_token": token_in(answer.text)}, headers=OWN)
    assert again.status_code == 303


def test_a_password_is_never_shown_again(reader: CheckingClient) -> None:
    data = {"email": "jana@example.org", "password": "streng geheim"}
    answer = reader.post("/anmelden", data=data, headers=OWN)
    assert answer.status_code == 422
    assert "streng geheim" not in answer.text
    assert 'type="password"' in answer.text
    assert "jana@example.org" in answer.text


def end_session(database: Database) -> None:
    with database.writing() as session:
        session.execute(delete(SignIn))


def token_in(text: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found
    return found[1]


def test_a_text_survives_the_end_of_the_session(
    reader: CheckingClient, person: Person, database: Database
) -> None:
    sign_in(reader, person)
    token = reader.token()
    end_session(database)
    headers = {**OWN, "Referer": "http://localhost/notizen"}
    answer = reader.post("/notizen", data={"body": TEXT, "csrf_token": token}, headers=headers)
    assert answer.headers["Location"] == "/anmelden?weiter=/notizen"
    page = reader.get(answer.headers["Location"])
    assert "Ihre Eingabe ist gesichert" in page.text

    form = {"email": person.email, "password": PASSWORD, "weiter": "/notizen"}
    assert reader.submit("/anmelden", form).headers["Location"] == "/notizen"
    back = reader.get("/notizen")
    assert "Erste Zeile: äöü &amp; &lt;b&gt;" in back.text
    assert "Zweite Zeile" in back.text

    sent = reader.post("/notizen", data={"body": TEXT, "csrf_token": token_in(back.text)}, headers=OWN)
    assert sent.status_code == 303
    assert "Erste Zeile" not in reader.get("/notizen").text


def test_also_when_the_token_went_with_the_session(reader: CheckingClient) -> None:
    answer = reader.post("/notizen", data={"body": TEXT}, headers=OWN)
    assert answer.status_code == 303
    assert forms.COOKIE in answer.headers["Set-Cookie"]


def rescue(client: CheckingClient, person: Person, database: Database) -> None:
    """Send a text after the session of a person has ended."""
    sign_in(client, person)
    end_session(database)
    headers = {**OWN, "Referer": "http://localhost/notizen"}
    assert client.submit("/notizen", {"body": TEXT}, headers=headers).status_code == 303


def test_nobody_else_sees_a_rescued_text(reader: CheckingClient, person: Person, database: Database) -> None:
    rescue(reader, person, database)
    with database.writing() as session:
        other = make_person(session, name="Otto Anders")
    reader.submit("/anmelden", {"email": other.email, "password": PASSWORD})
    assert "Erste Zeile" not in reader.get("/notizen").text
    with database.reading() as session:
        sealed = session.scalars(select(RescuedForm.sealed)).one()
    assert b"Erste".hex() not in sealed


def test_a_rescued_text_is_gone_after_a_day(
    reader: CheckingClient, person: Person, database: Database
) -> None:
    rescue(reader, person, database)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        sign_in(reader, person)
        assert "Erste Zeile" not in reader.get("/notizen").text


def test_what_is_not_kept(small: Flask, database: Database) -> None:
    cases = (
        ({"body": "x" * 70_000}, OWN),
        ({"body": "   "}, OWN),
        ({"version": "7", "request_id": "abc"}, OWN),
    )
    for data, headers in cases:
        answer = pages.browser(small).post("/notizen", data=data, headers=headers)
        assert answer.status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RescuedForm)) == 0


@pytest.mark.usefixtures("in_one_window")
def test_rescues_are_throttled(small: Flask, database: Database) -> None:
    for _ in range(forms.RESCUES.tries + 3):
        answer = pages.browser(small).post("/notizen", data={"body": TEXT}, headers=OWN)
        assert answer.status_code == 303
    with database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(RescuedForm))
    assert rows == forms.RESCUES.tries


def test_a_sealed_text_opens_with_its_key_only() -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Fernet(key).encrypt(b"geheim").decode()
    assert forms.unseal(sealed, key) == b"geheim"
    assert forms.unseal(sealed, other) is None
    assert forms.unseal(sealed, "no key") is None
    assert forms.unseal(sealed[:-4] + "AAA=", key) is None
