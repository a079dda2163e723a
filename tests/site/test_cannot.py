"""The fact sheet for staff councils, and what it claims where no other test says it."""

import re
from datetime import UTC, datetime
from http.cookies import SimpleCookie

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learn.accounts.models import Passkey, Person
from learn.core.db import Base, Database
from learn.core.models import SignIn
from learn.learning.models import Attempt, Enrolment, ProgressEntry, SavedPlan
from learn.site import cannot
from tests.client import CheckingClient, sign_in
from tests.factories import PASSWORD, make_municipality, make_person
from tests.house import rules
from tests.site import sensors
from tests.site.test_check import PAGE, fields_of
from tests.site.test_lesson import begin, complete

FILLED = {"kurs": "sensoren", "lektion": "messen", "slug": "nichts", "name": "massnahmen"}
NECESSARY = {"sitzung", "darstellung", "entwurf"}
ROLES: tuple[tuple[str, ...], ...] = ((), ("expert",), ("trainer",), ("coordinator",), ("operator",))


def contents(database: Database) -> dict[str, list[str]]:
    """All rows of all tables but throttles, which count tries of nobody in particular."""
    with database.reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name != "throttle"
        }


def addresses(app: Flask) -> list[str]:
    """Every page that GET opens, filled with something that may or may not exist."""
    return sorted(
        re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: FILLED.get(found[1], "1"), rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    )


def browsers(app: Flask, db: Session) -> list[CheckingClient]:
    """A visitor and somebody of each role."""
    found = []
    for roles in (None, *ROLES):
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        if roles is not None:
            sign_in(client, make_person(db, roles=roles))
        found.append(client)
    return found


def opened(client: CheckingClient, address: str) -> TestResponse:
    """What GET answers; its HTML is checked elsewhere."""
    answer = FlaskClient.open(client, address, buffered=True)
    answer.close()
    return answer


def test_the_page_shows_every_claim_with_its_test_and_the_limits(client: CheckingClient) -> None:
    page = client.get("/was-diese-plattform-nicht-kann").text
    claims = [claim for chapter in cannot.CHAPTERS for claim in chapter.claims]
    for claim in claims:
        assert f"<h3>{claim.sentence}</h3>" in page
        assert f"<code>{claim.test}</code>" in page
    assert page.count("So wird es geprüft") == len(claims)
    assert all(limit.sentence in page for limit in cannot.LIMITS)


@pytest.mark.parametrize("address", ["/datenschutz", "/hilfe", "/unterlagen"])
def test_it_is_found_from_the_pages_that_raise_the_question(client: CheckingClient, address: str) -> None:
    assert 'href="/was-diese-plattform-nicht-kann"' in client.get(address).text


def test_judging_a_self_check_stores_nothing(
    learner: CheckingClient, database: Database, sensoren: str
) -> None:
    begin(learner)
    before = contents(database)
    for answer in ("0", "1"):
        sent = learner.submit(f"{PAGE}/pruefen", {**fields_of(learner, "eine"), "answer": answer})
        assert sent.status_code == 200
    assert contents(database) == before
    complete(learner, f"{sensoren}/messen")
    assert contents(database) != before  # the control: what is kept would be seen


def test_learning_is_kept_by_day(app: Flask, db: Session, sensoren: str) -> None:
    """Who learned in the morning and who did at night leave the same rows; on another day others."""
    kept = []
    for when in ((4, 6), (4, 22), (5, 6)):
        person = make_person(db)
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        with time_machine.travel(datetime(2026, 3, *when, tzinfo=UTC), tick=False):
            sign_in(client, person)
            begin(client)
            complete(client, f"{sensoren}/messen")
        kept.append(rows_of(db, person))
    assert kept[0] == kept[1]
    assert kept[0] != kept[2]


def rows_of(db: Session, person: Person) -> list[tuple[object, ...]]:
    """What learning left, without the numbers of rows and requests."""
    drawn = {"id", "person_id", "enrolment_id", "request_id"}
    mine = select(Enrolment.id).where(Enrolment.person_id == person.id)
    found = [
        *db.scalars(select(Enrolment).where(Enrolment.person_id == person.id)),
        *db.scalars(select(ProgressEntry).where(ProgressEntry.enrolment_id.in_(mine))),
        *db.scalars(select(Attempt).where(Attempt.enrolment_id.in_(mine))),
        *db.scalars(select(SavedPlan).where(SavedPlan.person_id == person.id)),
    ]
    assert len(found) == 2
    return [
        tuple(getattr(row, key) for key in row.__mapper__.attrs.keys() if key not in drawn)  # noqa: SIM118
        for row in found
    ]


def test_opening_every_page_changes_no_table(app: Flask, db: Session, database: Database) -> None:
    sensors.publish(db)
    clients = browsers(app, db)
    begin(clients[1])
    before = contents(database)
    for client in clients:
        for address in addresses(app):
            opened(client, address)
    assert contents(database) == before
    complete(clients[1], "/kurse/sensoren/messen")
    assert contents(database) != before


def test_a_session_tells_nothing_of_its_use(app: Flask, db: Session) -> None:
    """Another browser of hers sees the same list, whether a device was used meanwhile or not."""
    jana = make_person(db)
    used, watching = app.test_client(), app.test_client()
    assert isinstance(used, CheckingClient)
    assert isinstance(watching, CheckingClient)
    days = [datetime(2026, 3, day, 10, tzinfo=UTC) for day in (2, 3, 4)]
    with time_machine.travel(days[0], tick=False):
        for client in (used, watching):
            fields = {"email": jana.email, "password": PASSWORD, "remember": "ja"}
            assert client.submit("/anmelden", fields).status_code == 303
        before = (sessions_of(db, jana), devices(watching))
    with time_machine.travel(days[1], tick=False):
        assert used.get("/lernen").status_code == 200
    with time_machine.travel(days[2], tick=False):
        assert (sessions_of(db, jana), devices(watching)) == before
    assert {column.name for column in SignIn.__table__.columns} == {
        *("id", "token_hash", "person_id", "device", "remember", "first_day", "last_day")
    }


def sessions_of(db: Session, person: Person) -> list[tuple[object, ...]]:
    wanted = select(SignIn.__table__).where(SignIn.person_id == person.id).order_by(SignIn.id)
    return [tuple(row) for row in db.execute(wanted)]


def devices(client: CheckingClient) -> list[str]:
    """What the page of devices says in words."""
    page = client.get("/konto/anmeldung").text
    found = re.search(r'id="geraete"[^>]*>(.*?)</section>', page, re.DOTALL)
    assert found
    words = re.sub(r"<[^>]+>", " ", found[1]).split()
    assert "Geräte" in words
    return words


def test_a_passkey_keeps_no_counter() -> None:
    assert {column.name for column in Passkey.__table__.columns} == {
        *("id", "person_id", "credential_hash", "credential_id", "public_key", "name", "added_on")
    }
    planted = MetaData()
    Table("person", planted, Column("id", Integer, primary_key=True))
    owner: Column[int] = Column("person_id", ForeignKey("person.id"))
    Table("passkey", planted, owner, Column("sign_count", Integer))
    assert rules.measuring_columns(planted) == ["passkey.sign_count"]


def test_no_page_sets_another_cookie(app: Flask, db: Session) -> None:
    """All pages for all roles, signing in and out, choices about the look, a form whose session ended."""
    sensors.publish(db)
    jana = make_person(db, municipality=make_municipality(db))
    names: set[str] = set()
    clients = browsers(app, db)
    for client in clients:
        for address in addresses(app):
            names |= cookies(opened(client, address).headers.getlist("Set-Cookie"))
    for address, fields in (
        ("/konto/darstellung", {"theme": "dunkel", "text": "gross", "motion": "aus"}),
        ("/barriere-melden", {"body": "Der Knopf fehlt."}),
        ("/anmelden", {"email": jana.email, "password": "falsch"}),
        ("/anmelden", {"email": jana.email, "password": PASSWORD, "remember": "ja"}),
        ("/kurse/sensoren/beginnen", {}),
        ("/abmelden", {}),
    ):
        names |= cookies(clients[0].submit(address, fields).headers.getlist("Set-Cookie"))
    assert names <= NECESSARY
    assert {"sitzung", "darstellung"} <= names
    assert cookies(["besucher=7; Path=/"]) - NECESSARY == {"besucher"}


def cookies(headers: list[str]) -> set[str]:
    """Names of the cookies that an answer sets."""
    found: set[str] = set()
    for header in headers:
        found |= set(SimpleCookie(header))
    return found
