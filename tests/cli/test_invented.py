"""The invented people of a demo come once; whoever was erased stays away, and nothing keeps her password."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from learn.accounts import erasure
from learn.accounts.models import Person
from learn.cli import invented, marked
from learn.config import Config
from learn.core import audit
from learn.core.db import Database


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    marked.import_towns(made)
    yield made
    made.dispose()


def names(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Person.email)))


def test_a_demo_person_who_was_erased_is_not_invented_anew(instance: Config, database: Database) -> None:
    first = invented.invent(database, instance.instance)
    assert set(first) == {person.role for person in invented.PEOPLE}
    learner = invented.PEOPLE[0]
    with database.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == learner.email)).one()
        erasure.erase(session, instance, person_id, by=audit.COMMAND_LINE)
    again = invented.invent(database, instance.instance)
    assert again == {role: password for role, password in first.items() if role != "learner"}
    assert learner.email not in names(database)
    kept = (instance.instance / invented.FILE).read_text(encoding="utf-8")
    assert first["learner"] not in kept
    assert learner.email not in kept
    assert invented.invent(database, instance.instance) == again


def test_a_first_start_that_was_interrupted_goes_on(instance: Config, database: Database) -> None:
    known = {person.role: f"Passwort {person.role}" for person in invented.PEOPLE}
    (instance.instance / invented.FILE).write_text(json.dumps(known), encoding="utf-8")
    assert invented.invent(database, instance.instance) == known
    assert names(database) == {person.email for person in invented.PEOPLE}
