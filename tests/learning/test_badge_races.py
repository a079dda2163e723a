"""First badges and new keys at the same moment: there is one key in use, whoever was first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.db import Database
from learn.learning.badges import jose, keys

AT_ONCE, SECRET = 6, "0" * 64


@pytest.fixture
def kind() -> str:
    """SQLite has one writer anyway."""
    return "postgres"


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


@pytest.mark.postgres
def test_keys_are_made_one_after_the_other(database: Database) -> None:
    barrier = Barrier(AT_ONCE)
    fresh = [jose.generate("ES256") for _ in range(2 * AT_ONCE)]

    def first(session: Session, number: int) -> str:
        return keys.to_sign(session, SECRET, "ES256", make=lambda _name: fresh[number]).kid

    def renew(session: Session, number: int) -> str:
        keys.rotate(session, fresh[AT_ONCE + number], SECRET, by="kommandozeile")
        return fresh[AT_ONCE + number].kid

    def at_once(act: str) -> list[str]:
        def run(number: int) -> str:
            barrier.wait(timeout=90)
            with database.writing() as session:
                return {"first": first, "renew": renew}[act](session, number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(run, range(AT_ONCE)))

    assert len(set(at_once("first"))) == 1
    made = at_once("renew")
    with database.reading() as session:
        rows = keys.all_keys(session)
        assert len(rows) == 1 + AT_ONCE
        assert [row.kid in made for row in rows if row.retired_on is None] == [True]
