"""SQL statements of the desk's pages, the one for session and person included: for many as for few."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn import create_app
from learn.accounts import words
from learn.accounts.models import JoinRequest
from learn.config import Config
from learn.core import audit, clock
from learn.network.models import Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site.test_budgets import counted

BUDGETS = {
    "/verwaltung": 3,
    "/verwaltung/personen": 4,
    "/verwaltung/personen?q=anna": 5,
    "/verwaltung/personen?q=anna+mue": 9,
    "/verwaltung/personen?rolle=trainer": 4,
    "/verwaltung/personen?zustand=gesperrt": 5,
    "/verwaltung/personen?kommune=05966024": 6,
    "/verwaltung/personen/1": 7,
    "/verwaltung/anfragen": 5,
    "/verwaltung/einladungen": 4,
    "/verwaltung/protokoll": 3,
    "/verwaltung/protokoll/auszug": 4,
}


@pytest.fixture
def filled(instance: Config) -> Iterator[Flask]:
    """An instance with a coordinator and a town."""
    app = create_app(instance)
    app.test_client_class = CheckingClient
    yield app
    app.extensions["learn.database"].current().dispose()


def add(db: Session, town: Municipality, numbers: range) -> None:
    """People, requests and entries of the log."""
    for number in numbers:
        person = make_person(db, name=f"Anna Müller {number}", municipality=town, roles=["trainer"])
        words.index(db, person.id, person.name, person.email)
        db.add(
            JoinRequest(
                kind="konto",
                name="Jana",
                email=f"p{number}@x.example",
                email_key=f"p{number}@x.example",
                municipality_id=town.id,
                asked_on=clock.today(),
            )
        )
        audit.record(db, audit.person(1), "konto.gesperrt", audit.person(person.id))


def test_pages_stay_within_their_statements(filled: Flask) -> None:
    database = filled.extensions["learn.database"].current()
    with database.writing() as session:
        town = make_municipality(session, name="Olpe", ags="05966024")
        karla = make_person(session, municipality=town, roles=["coordinator"])
        add(session, town, range(3))
    client = filled.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, karla)
    client.get("/verwaltung")  # the process has found its tables
    few = {path: counted(client, path) for path in BUDGETS}
    with database.writing() as session:
        add(session, town, range(3, 60))
    many = {path: counted(client, path) for path in BUDGETS}
    assert {path: count for path, count in many.items() if count > BUDGETS[path]} == {}
    assert {path: count for path, count in many.items() if count > few[path]} == {}
