"""Passkeys through the pages: add, sign in with, rename, remove; an answer counts once, a guess never."""

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Passkey, Person
from learn.accounts.views import trying
from learn.core import clock
from learn.core.models import SignIn, Spent, Throttle
from tests.accounts.softkey import PRESENT, Softkey
from tests.accounts.ways import (
    add_passkey,
    browser,
    cookie_of,
    copy_of,
    is_in,
    letters,
    options,
    prove,
    with_app,
)
from tests.client import CheckingClient, sign_in
from tests.factories import make_person

NEW = "/konto/anmeldung/passkey"
REFUSED = "Der Passkey passt nicht."


@pytest.fixture
def person(db: Session, client: CheckingClient) -> Person:
    """Signed in with `client`, and has proven who she is."""
    found = make_person(db)
    sign_in(client, found)
    prove(client)
    return found


@pytest.fixture
def softkey(client: CheckingClient, person: Person) -> Softkey:
    """Her passkey."""
    made = Softkey()
    add_passkey(client, made)
    return made


def enter(client: CheckingClient, softkey: Softkey, **fields: str) -> tuple[int, str]:
    answer = softkey.get(options(client.get("/anmelden").text))
    done = client.submit("/anmelden/passkey", {"credential": answer, **fields})
    return done.status_code, done.headers.get("Location", done.text)


def test_adding_one_is_told_and_keeps_the_other_sessions(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    other = browser(app)
    sign_in(other, person)
    add_passkey(client, Softkey(), name="  Diensthandy\t")
    row = db.scalars(select(Passkey)).one()
    assert (row.name, row.added_on) == ("Diensthandy", clock.today())
    page = client.get("/konto/anmeldung").text
    assert "<h3>Diensthandy</h3>" in page
    assert letters(app) == ["Passkey hinzugefügt"]
    assert is_in(other)


def test_without_a_name_it_bears_the_devices(client: CheckingClient, db: Session, person: Person) -> None:
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    add_passkey(client, Softkey(), name=" ")
    assert db.scalars(select(Passkey.name)).one() == "Firefox, Windows"


def test_it_signs_in_without_address_password_and_code(
    app: Flask, client: CheckingClient, db: Session, person: Person, softkey: Softkey
) -> None:
    with_app(db, person)
    fresh = browser(app)
    assert enter(fresh, softkey, weiter="/kurse", remember="ja") == (303, "/kurse")
    assert is_in(fresh)
    assert db.scalars(select(SignIn.remember).order_by(SignIn.id.desc())).first() is True


def test_signing_in_leaves_no_trace_of_how_often(
    app: Flask, client: CheckingClient, db: Session, softkey: Softkey
) -> None:
    def columns() -> list[object]:
        row = db.scalars(select(Passkey).execution_options(populate_existing=True)).one()
        return [getattr(row, column.name) for column in row.__table__.columns]

    before = columns()
    for count in (5, 4, 9):
        softkey.counter = count
        assert enter(browser(app), softkey)[0] == 303
    assert columns() == before


def test_showing_the_page_writes_nothing(client: CheckingClient, db: Session, app: Flask) -> None:
    fresh = browser(app)
    first, second = (options(fresh.get("/anmelden").text) for _ in range(2))
    assert first["challenge"] == second["challenge"]  # two open pages share it
    assert options(browser(app).get("/anmelden").text)["challenge"] != first["challenge"]
    assert db.scalars(select(Spent)).all() == []
    assert db.scalars(select(Throttle)).all() == []


def test_a_copy_of_cookie_and_answer_is_worthless(
    app: Flask, client: CheckingClient, softkey: Softkey
) -> None:
    fresh = browser(app)
    answer = softkey.get(options(fresh.get("/anmelden").text))
    thief = copy_of(fresh)
    assert fresh.submit("/anmelden/passkey", {"credential": answer}).status_code == 303
    refused = thief.submit("/anmelden/passkey", {"credential": answer})
    assert refused.status_code == 422
    assert REFUSED in refused.text
    assert not is_in(thief)


def test_an_answer_belongs_to_the_browser_that_was_asked(
    app: Flask, client: CheckingClient, softkey: Softkey
) -> None:
    answer = softkey.get(options(browser(app).get("/anmelden").text))
    other = browser(app)
    other.get("/anmelden")
    assert other.submit("/anmelden/passkey", {"credential": answer}).status_code == 422


def test_an_answer_has_an_hour(app: Flask, client: CheckingClient, softkey: Softkey) -> None:
    fresh, start = browser(app), clock.now()
    with time_machine.travel(start, tick=False):
        answer = softkey.get(options(fresh.get("/anmelden").text))
    with time_machine.travel(start + timedelta(minutes=61), tick=False):
        assert fresh.submit("/anmelden/passkey", {"credential": answer}).status_code == 422


def test_all_refusals_read_alike(
    app: Flask, client: CheckingClient, db: Session, person: Person, softkey: Softkey
) -> None:
    gone = make_person(db)
    theirs = Softkey(credential_id=b"theirs")
    other = browser(app)
    sign_in(other, gone)
    prove(other)
    add_passkey(other, theirs)
    gone.active = False
    db.flush()
    unknown = Softkey(credential_id=b"unknown", user_handle=softkey.user_handle)
    careless = Softkey(flags=PRESENT, key=softkey.key, user_handle=softkey.user_handle)
    pages = {refusal(browser(app), each) for each in (theirs, unknown, careless)}
    assert len(pages) == 1
    assert REFUSED in pages.pop()


def refusal(client: CheckingClient, softkey: Softkey) -> str:
    status, text = enter(client, softkey)
    assert status == 422
    assert not is_in(client)
    changing = ("nonce", "csrf_token", "data-options")
    return "\n".join(line for line in text.splitlines() if not any(mark in line for mark in changing))


@pytest.mark.parametrize("text", ["", "{}", "null", "[" * 5000])
def test_nonsense_is_refused(app: Flask, client: CheckingClient, softkey: Softkey, text: str) -> None:
    fresh = browser(app)
    fresh.get("/anmelden")
    assert fresh.submit("/anmelden/passkey", {"credential": text}).status_code == 422


@pytest.mark.usefixtures("in_one_window")
def test_guessing_has_an_end_and_success_does_not_count(
    app: Flask, client: CheckingClient, db: Session, softkey: Softkey
) -> None:
    for _ in range(3):
        assert enter(browser(app), softkey)[0] == 303
    assert max(db.scalars(select(Throttle.tries))) == 0
    fresh = browser(app)
    statuses = {
        fresh.submit("/anmelden/passkey", {"credential": "x"}).status_code
        for _ in range(trying.BY_SOURCE.tries)
    }
    assert statuses == {422}
    assert fresh.submit("/anmelden/passkey", {"credential": "x"}).status_code == 429


def test_a_new_session_gets_a_new_id(app: Flask, client: CheckingClient, softkey: Softkey) -> None:
    fresh = browser(app)
    tokens = set()
    for _ in range(2):
        assert enter(fresh, softkey)[0] == 303
        with fresh.session_transaction() as cookie:
            tokens.add(cookie["_user_id"])
        fresh.submit("/abmelden")
    assert len(tokens) == 2


def test_what_does_not_arrive_can_be_tried_again(
    app: Flask, client: CheckingClient, db: Session, person: Person
) -> None:
    page = client.get(NEW).text
    answer = json.loads(Softkey(origin="http://evil.example").create(options(page)))
    refused = client.submit(NEW, {"name": "x", "credential": json.dumps(answer)})
    assert refused.status_code == 422
    assert "Versuchen Sie es noch einmal" in refused.text
    assert options(refused.text)["challenge"] != options(page)["challenge"]
    assert db.scalars(select(Passkey)).all() == []
    assert letters(app) == []


def test_the_same_answer_adds_one_passkey(client: CheckingClient, db: Session, person: Person) -> None:
    answer = Softkey().create(options(client.get(NEW).text))
    again = copy_of(client)
    assert client.submit(NEW, {"name": "x", "credential": answer}).status_code == 303
    assert again.submit(NEW, {"name": "x", "credential": answer}).status_code == 422
    assert len(db.scalars(select(Passkey)).all()) == 1


def test_a_passkey_of_somebody_else_is_not_taken_over(
    app: Flask, client: CheckingClient, db: Session, softkey: Softkey
) -> None:
    other = browser(app)
    sign_in(other, make_person(db))
    prove(other)
    answer = Softkey().create(options(other.get(NEW).text))
    refused = other.submit(NEW, {"name": "x", "credential": answer})
    assert refused.status_code == 422
    assert "schon eingerichtet" in refused.text


def test_renaming(client: CheckingClient, db: Session, softkey: Softkey) -> None:
    row = db.scalars(select(Passkey)).one()
    path = f"/konto/anmeldung/passkeys/{row.id}"
    assert 'value="Diensthandy"' in client.get(path).text
    assert client.submit(path, {"name": "  "}).status_code == 422
    assert client.submit(path, {"name": "x" * 61}).status_code == 422
    assert client.submit(path, {"name": "Tablet <im> Rathaus"}).status_code == 303
    assert "<h3>Tablet &lt;im&gt; Rathaus</h3>" in client.get("/konto/anmeldung").text


def test_removing_it_ends_the_other_sessions(
    app: Flask, client: CheckingClient, db: Session, person: Person, softkey: Softkey
) -> None:
    fresh = browser(app)
    enter(fresh, softkey)
    stolen = copy_of(fresh)
    assert is_in(stolen)
    path = f"/konto/anmeldung/passkeys/{db.scalars(select(Passkey.id)).one()}/entfernen"
    page = client.get(path).text
    assert "Passkey „Diensthandy“ entfernen?" in page
    assert "kein Passwort" not in page
    assert client.submit(path).headers["Location"] == "/konto/anmeldung"
    assert is_in(client)
    assert not is_in(fresh)
    assert not is_in(stolen)
    assert letters(app)[-1] == "Passkey entfernt"
    assert enter(browser(app), softkey)[0] == 422


def test_others_passkeys_do_not_exist(
    app: Flask, client: CheckingClient, db: Session, softkey: Softkey
) -> None:
    other = browser(app)
    sign_in(other, make_person(db))
    prove(other)
    number = db.scalars(select(Passkey.id)).one()
    path = f"/konto/anmeldung/passkeys/{number}"
    for answer in (
        other.get(path),
        other.submit(path, {"name": "meins"}),
        other.get(f"{path}/entfernen"),
        other.submit(f"{path}/entfernen"),
        other.get("/konto/anmeldung/passkeys/99999999999999999999"),
    ):
        assert answer.status_code == 404
    assert db.scalars(select(Passkey.name)).one() == "Diensthandy"


def test_an_address_without_a_name_says_so(client: CheckingClient, db: Session, person: Person) -> None:
    by_number = "http://127.0.0.1/"
    client.set_cookie("sitzung", cookie_of(client), domain="127.0.0.1")
    for path in ("/konto/anmeldung", NEW):
        page = client.get(path, base_url=by_number).text
        assert "nur unter einem Namen" in page
        assert 'href="http://localhost/konto/anmeldung"' in page
        assert "data-passkey=" not in page
    assert "data-passkey=" not in browser(client.application).get("/anmelden", base_url=by_number).text
