"""SQL statements per page, signed in, the one for session and person included; little data and much."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from learn import create_app
from learn.accounts.models import Person
from learn.cli.bench import invent, publish
from learn.cli.marked import import_towns
from learn.config import Config
from learn.core.db import Database
from learn.courses import library
from tests.client import CheckingClient, sign_in

COURSE = "/kurse/messkurs-00000"
TOWN = "/kommunen/05958004"
BUDGETS = {
    "lesson": 9,
    "/kurse": 5,
    COURSE: 8,
    f"{COURSE}/mitnehmen": 5,
    "/lernen": 8,
    "/lernen/nachweise": 5,
    "/kommunen": 3,
    TOWN: 10,
    "/klassen": 4,
}
WORDS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


@contextmanager
def statements() -> Iterator[list[str]]:
    """What any database is asked meanwhile; BEGIN, COMMIT and pragmas do not count."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() in WORDS:
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def counted(client: CheckingClient, path: str) -> int:
    with statements() as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.fixture
def filled(instance: Config) -> Iterator[Flask]:
    """An instance with two generated courses and twenty people, and room for more."""
    app = create_app(instance)
    app.test_client_class = CheckingClient
    database = app.extensions["learn.database"].current()
    import_towns(database)
    fill(instance, database, courses=2, people=20)
    yield app
    database.dispose()
    library.CACHE.clear()


def fill(config: Config, database: Database, *, courses: int, people: int) -> None:
    publish(config, database, courses)
    invent(database, people)
    library.CACHE.clear()


def reader(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    with app.extensions["learn.database"].current().reading() as session:
        person = session.query(Person).order_by(Person.id).first()
    assert person is not None
    sign_in(client, person)
    client.get("/impressum")  # the process has found its tables
    return client


def test_pages_stay_within_their_statements(filled: Flask) -> None:
    client = reader(filled)
    lesson = next_lesson(client)
    paths = {path if path != "lesson" else lesson: limit for path, limit in BUDGETS.items()}
    for path in paths:
        client.get(path)
    few = {path: counted(client, path) for path in paths}
    database = filled.extensions["learn.database"].current()
    fill(filled.extensions["learn.config"], database, courses=40, people=400)
    for path in paths:
        client.get(path)
    many = {path: counted(client, path) for path in paths}
    assert many == few
    assert {path: count for path, count in few.items() if count > paths[path]} == {}
    library.CACHE.clear()
    assert counted(client, lesson) <= BUDGETS["lesson"]


def next_lesson(client: CheckingClient) -> str:
    """Where the course goes on."""
    answer = client.submit(f"{COURSE}/beginnen")
    assert answer.status_code == 303
    return answer.headers["Location"]
