"""Tables' base, column types, engines, and the two ways to a session: `session()` and `writing()`.

Rules measured in practice stand behind this file: SQLite writers begin IMMEDIATE under one file lock,
sync fully and checkpoint by hand (automatic checkpoints can corrupt SQLite 3.7.0 to 3.51.2).
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, ClassVar, Self

from flask import current_app, g, has_request_context, request
from sqlalchemy import JSON, Connection, Dialect, Engine, MetaData, String, Text, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

from learn.config import Config
from learn.core import discreet

WAL_LIMIT = 4 * 1024 * 1024
LOCK_SECONDS = 5.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Busy(Exception):
    """The write lock was not free in time; the answer is 503."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What GDPR article 30 asks of a table; German, for the register of processing.

    `retention` says when rows go, `export` and `erasure` what happens on articles 15, 20 and 17.
    A table without personal data says so in `basis`.
    """

    purpose: str
    basis: str
    retention: str
    export: str
    erasure: str


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes; SQLite stores them naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables; every model sets `declared`."""

    declared: ClassVar[Declaration]
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


Json = JSON().with_variant(JSONB(), "postgresql")
Bytewise = String(200).with_variant(String(200, collation="C"), "postgresql")  # ranges find beginnings
Key = Annotated[int, mapped_column(primary_key=True)]
Identity = Annotated[str, mapped_column(String(12))]
Sha = Annotated[str, mapped_column(String(64))]
Short = Annotated[str, mapped_column(String(200))]
Long = Annotated[str, mapped_column(Text)]
Day = date


class Database:
    """Engines of one process; make it after a fork, never before."""

    def __init__(self, url: str, lock: Path | None = None) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        self.lock = lock
        self.path = Path(url.removeprefix("sqlite:///")) if self.sqlite else None
        self.outer: Connection | None = None
        if self.sqlite:
            self.writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", read_only=False)
            self.reader = _sqlite_engine(url, begin="BEGIN", read_only=True)
        else:
            self.writer = create_engine(
                url,
                pool_pre_ping=True,
                pool_size=8,
                max_overflow=8,
                pool_timeout=LOCK_SECONDS,
                hide_parameters=True,
                connect_args={"connect_timeout": int(LOCK_SECONDS)},
            )
            discreet.listen(self.writer)
            self.reader = self.writer.execution_options(postgresql_readonly=True)

    @classmethod
    def of(cls, config: Config) -> Self:
        """The database of the settings; writers to SQLite share the lock file of the instance."""
        return cls(config.database_url, config.instance / "learn.lock" if config.sqlite else None)

    def reading(self) -> Session:
        """A session on one plain read-only transaction."""
        return self._session(self.reader)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The one write transaction: commits at the end, rolls back on an exception. Raises Busy."""
        with self.locked(), self._session(self.writer) as session:
            with session.begin():
                yield session
            self._checkpoint_if_large()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the instance's write lock (SQLite only); opened anew, so that it also parts threads."""
        if self.lock is None or self.outer is not None:
            yield
            return
        with self.lock.open("a") as file:
            _flock(file.fileno())
            yield

    def checkpoint(self, mode: str = "PASSIVE") -> bool:
        """Move the write-ahead log into the database file; the caller holds the lock.

        False where readers kept a part of it from moving.
        """
        if not self.sqlite or self.outer is not None:
            return True
        raw = self.writer.raw_connection()
        try:
            busy, _pages, _moved = raw.cursor().execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        finally:
            raw.close()
        return not busy

    def dispose(self) -> None:
        self.writer.dispose()
        self.reader.dispose()

    def wal_size(self) -> int:
        """Bytes in the write-ahead log."""
        wal = Path(f"{self.path}-wal")
        return wal.stat().st_size if self.sqlite and wal.exists() else 0

    def _session(self, engine: Engine) -> Session:
        if self.outer is not None:  # tests: everything joins one transaction that is rolled back
            return Session(self.outer, join_transaction_mode="create_savepoint", expire_on_commit=False)
        return Session(engine, expire_on_commit=False)

    def _checkpoint_if_large(self) -> None:
        if self.wal_size() > WAL_LIMIT:
            self.checkpoint()


def _flock(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    pause = 0.001
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
        else:
            return


def _sqlite_engine(url: str, *, begin: str, read_only: bool) -> Engine:
    engine = create_engine(url, pool_size=8, max_overflow=32, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "wal_autocheckpoint=0",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "secure_delete=ON",
            f"query_only={int(read_only)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Databases:
    """Gives each process a database of its own, made at its first use: never shared over a fork."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = Lock()
        self._made: tuple[int, Database] | None = None

    def current(self) -> Database:
        """The database of this process."""
        pid = os.getpid()
        if self._made is None or self._made[0] != pid:
            with self._lock:
                if self._made is None or self._made[0] != pid:
                    self._made = (pid, Database.of(self._config))
        return self._made[1]

    def use(self, database: Database) -> None:
        """Take a database that is already open."""
        self._made = (os.getpid(), database)


def database() -> Database:
    """The database of the running application."""
    databases = current_app.extensions["learn.database"]
    assert isinstance(databases, Databases)
    return databases.current()


def session() -> Session:
    """The reading session of this application context: one plain read-only transaction."""
    if "reading" not in g:
        g.reading = database().reading()
    found: Session = g.reading
    return found


def end_reading(_problem: BaseException | None = None) -> None:
    """Close the reading session, if one is open."""
    reading = g.pop("reading", None)
    if reading is not None:
        reading.close()


@contextmanager
def writing() -> Iterator[Session]:
    """The one write transaction of a request, job or command; refuses on safe methods."""
    if has_request_context() and request.method in SAFE_METHODS and not g.get("may_write"):
        raise RuntimeError(f"{request.method} must not write")
    end_reading()
    with database().writing() as open_session:
        yield open_session
