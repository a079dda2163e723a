"""The two ways to a session, the lock writers share, and databases of their own for each process."""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import db as core_db
from learn.core.db import Busy, Database, Databases
from learn.core.models import AuditEntry, Mark
from tests.client import CheckingClient
from tests.core import pages

ROUNDS = 15


def add(session: Session, name: str, value: str = "1") -> None:
    session.add(Mark(name=name, value=value))


@pytest.fixture
def own(instance: Config) -> Database:
    """A database on files of its own."""
    return Database.of(instance)


def test_a_block_commits_or_rolls_back(own: Database) -> None:
    with own.writing() as session:
        add(session, "bleibt")
    with pytest.raises(ZeroDivisionError):
        add_and_fail(own)
    with own.reading() as session:
        assert list(session.scalars(select(Mark.name))) == ["bleibt"]
    own.dispose()


def add_and_fail(database: Database) -> None:
    with database.writing() as session:
        add(session, "geht")
        session.flush()
        raise ZeroDivisionError


def test_reading_cannot_write(own: Database) -> None:
    with own.reading() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM mark"))
    own.dispose()


def test_no_update_is_lost_between_threads(own: Database) -> None:
    with own.writing() as session:
        add(session, "zahl", "0")

    def raise_it(_number: int) -> None:
        with own.writing() as session:
            mark = session.scalars(select(Mark).where(Mark.name == "zahl").with_for_update()).one()
            mark.value = str(int(mark.value) + 1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(raise_it, range(8 * ROUNDS)))
    with own.reading() as session:
        assert session.scalars(select(Mark.value)).one() == str(8 * ROUNDS)
    own.dispose()


def test_each_process_has_a_database_of_its_own(instance: Config) -> None:
    databases = Databases(instance)
    first = databases.current()
    assert databases.current() is first
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"same" if databases.current() is first else b"another")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"another"
    os.close(reading)
    os.close(writing)
    first.dispose()


class TestSqlite:
    """What holds for files only."""

    @pytest.fixture
    def kind(self) -> str:
        return "sqlite"

    def test_a_held_lock_makes_writers_wait_and_give_up(
        self, instance: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(core_db, "LOCK_SECONDS", 0.1)
        app = pages.make_app(instance)
        client: CheckingClient = pages.browser(app)
        client.failing = True
        assert client.get("/hilfe").status_code == 200
        with held(instance.instance / "learn.lock"):
            with pytest.raises(Busy), Database.of(instance).writing():
                pass
            answer = client.submit("/anmelden", {"email": "a@example.org", "password": "x"})
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert client.get("/hilfe").status_code == 200
        assert client.submit("/anmelden", {"email": "a@example.org", "password": "x"}).status_code == 422
        pages.close(app)

    def test_pragmas(self, own: Database) -> None:
        wanted = {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 0, "foreign_keys": 1}
        with own.writer.connect() as connection:
            for name, value in wanted.items():
                assert connection.execute(text(f"PRAGMA {name}")).scalar() == value
        own.dispose()

    def test_a_large_log_is_put_away_after_a_commit(
        self, own: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(core_db, "WAL_LIMIT", 200_000)
        with own.writing() as session:
            for number in range(60):
                add(session, f"m{number}", "x" * 8000)
        grown = own.wal_size()
        with own.writing() as session:
            add(session, "noch eins")
        assert own.wal_size() <= grown
        assert Path(f"{own.path}").stat().st_size > 400_000
        own.dispose()


class held:  # noqa: N801 - reads as a verb in `with`
    """Hold a lock file as another process would."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a")

    def __enter__(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_problem: object) -> None:
        self.file.close()


def test_instants_are_aware_and_utc(db: Session) -> None:
    summer = datetime(2026, 6, 9, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    db.add(AuditEntry(at=summer, actor="test", action="test", subject="instanz"))
    db.commit()
    db.expire_all()
    found = db.scalars(select(AuditEntry.at)).one()
    assert found == summer
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)
    naive = datetime(2026, 6, 9)  # noqa: DTZ001 - what must be refused
    db.add(AuditEntry(at=naive, actor="test", action="test", subject="instanz"))
    with pytest.raises(StatementError):
        db.flush()
    db.rollback()
