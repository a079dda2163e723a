"""SQL statements of the desk's pages, session, person and badge included: for many as for few."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn import create_app
from learn.accounts import words
from learn.accounts.models import JoinRequest
from learn.config import Config
from learn.core import audit, clock
from learn.forum import moderating, reporting
from learn.network import vocabulary
from learn.network.models import Municipality, Topic
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_question, make_reader
from tests.site.test_budgets import counted

BUDGETS = {
    "/verwaltung": 7,
    "/verwaltung/personen": 5,
    "/verwaltung/personen?q=anna": 6,
    "/verwaltung/personen?q=anna+mue": 10,
    "/verwaltung/personen?rolle=trainer": 5,
    "/verwaltung/personen?zustand=gesperrt": 6,
    "/verwaltung/personen?kommune=05966024": 7,
    "/verwaltung/personen/1": 8,
    "/verwaltung/anfragen": 6,
    "/verwaltung/einladungen": 5,
    "/verwaltung/protokoll": 4,
    "/verwaltung/protokoll/auszug": 5,
    "/verwaltung/meldungen": 5,
    "/verwaltung/meldungen/2": 8,
    "/verwaltung/moderation": 4,
    "/verwaltung/moderation/1": 3,
    "/verwaltung/themen": 4,
    "/verwaltung/themen/klima": 4,
    "/verwaltung/unbeantwortet": 3,
}


@pytest.fixture
def filled(instance: Config) -> Iterator[Flask]:
    """An instance with a coordinator and a town."""
    app = create_app(instance)
    app.test_client_class = CheckingClient
    yield app
    app.extensions["learn.database"].current().dispose()


def add(db: Session, town: Municipality, numbers: range) -> None:
    """People, requests, entries of the log; questions with a reported and hidden Antwort; topics."""
    karla = make_reader(db, "coordinator", town=town)
    for number in numbers:
        question = make_question(db, karla)
        post = make_answer(db, karla, question)
        reporting.report(db, make_reader(db, town=town), post, "werbung", "Werbung.")
        moderating.hide_post(db, karla, post, "Werbung")
        db.add(Topic(slug=f"wunsch-{number}", name=f"Wunsch {number}", accepted=False))
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
    vocabulary.forget()
    client.get("/kommunen")  # and the vocabulary
    few = {path: counted(client, path) for path in BUDGETS}
    with database.writing() as session:
        add(session, town, range(3, 60))
    many = {path: counted(client, path) for path in BUDGETS}
    assert {path: count for path, count in many.items() if count > BUDGETS[path]} == {}
    assert {path: count for path, count in many.items() if count > few[path]} == {}
