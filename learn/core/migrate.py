"""Migrations: the way up and down, under one lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from learn.core import numbering, schema
from learn.core.db import Database
from learn.core.schema import UnknownRevisionError

ADVISORY_LOCK = 5_920_959  # any number; all programs that migrate this database use the same


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate upwards; of two at once one waits and finds nothing left to do.

    Raises UnknownRevisionError.
    """
    _run(database, revision, command.upgrade)


def downgrade(database: Database, revision: str) -> None:
    """Migrate downwards to a revision, `base` for an empty database. Raises UnknownRevisionError."""
    _run(database, revision, command.downgrade)


def _run(database: Database, revision: str, direction: Any) -> None:
    if revision not in {"head", "base", *schema.revisions()}:
        raise UnknownRevisionError(f"Eine Migration „{revision}“ gibt es nicht.")
    config = AlembicConfig()
    config.set_main_option("script_location", str(schema.bundled("migrations")).replace("%", "%%"))
    with _alone(database), _connection(database) as connection:
        _refuse_newer(connection)
        if _would_move(connection, revision, direction):
            given = _given(connection)
            config.attributes["connection"] = connection
            direction(config, revision)
            with connection.begin():  # a table that was built anew counts from its largest number
                numbering.continue_after(connection, given)
    if database.sqlite:
        with database.locked():
            database.checkpoint("TRUNCATE")


def _refuse_newer(connection: Connection) -> None:
    newer = schema.state(connection) == "ahead"
    connection.rollback()
    if newer:
        raise UnknownRevisionError(
            "Die Datenbank ist neuer als dieses Programm. Installieren Sie dessen neue Fassung."
        )


def _would_move(connection: Connection, revision: str, direction: Any) -> bool:
    found = schema.current(connection) or ""
    connection.rollback()
    target = {"head": schema.head(), "base": ""}.get(revision, revision)
    return found < target if direction is command.upgrade else found > target


def _given(connection: Connection) -> dict[str, int]:
    with connection.begin():
        return numbering.numbers(connection)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Hold the file lock of SQLite for as long as it takes; other writers get 503 meanwhile."""
    if database.lock is None:
        yield
        return
    with database.lock.open("a") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    engine = _sqlite(database.url) if database.sqlite else create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            connection.execute(text("SET lock_timeout = '1s'"))
            connection.commit()
        yield connection
    engine.dispose()


def _sqlite(url: str) -> Engine:
    """An engine whose foreign keys are off: rebuilding a table must not delete its children."""
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "wal_autocheckpoint=0",
            "foreign_keys=OFF",
            "busy_timeout=5000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
