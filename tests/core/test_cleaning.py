"""Chores: what has expired goes, nothing else; the write-ahead log is put away."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from learn.config import Config
from learn.core import cleaning, clock, jobs
from learn.core.db import Base, Database
from learn.core.models import AuditEntry, Erasure, Job, RescuedForm, SignIn, Spent, Throttle
from tests.factories import make_person

DAY = timedelta(days=1)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    yield made
    made.dispose()


def rows() -> dict[type[Base], tuple[Callable[[], Base], timedelta]]:
    """How a row of each table comes about today, and how long it may stay."""
    now, today = clock.now(), clock.today()
    return {
        SignIn: (
            lambda: SignIn(token_hash="t", person_id=1, first_day=today, last_day=today + 30 * DAY),
            30 * DAY,
        ),
        RescuedForm: (lambda: RescuedForm(key_hash="k", sealed="", until=now + DAY), DAY),
        Throttle: (lambda: Throttle(key="k", tries=1, until=now + DAY), DAY),
        Spent: (lambda: Spent(key="k", until=now + DAY), DAY),
        Job: (lambda: Job(name="x", arguments={}, state="dead", run_at=now), 30 * DAY),
        Erasure: (lambda: Erasure(person_id=9, at=now), 365 * DAY),
        AuditEntry: (lambda: AuditEntry(at=now, actor="a", action="b", subject="c"), 366 * DAY),
    }


def test_the_machinerys_tables_are_all_tried_here() -> None:
    ours = {table for table in cleaning.CONDITIONS if table.__module__ == "learn.core.models"}
    assert ours == set(rows())


@pytest.mark.parametrize("table", rows(), ids=lambda table: table.__name__)
def test_rows_stay_for_their_time_and_go_after_it(
    instance: Config, database: Database, table: type[Base]
) -> None:
    """The audit log asks the database's own clock too, so its rows are written long ago, not read later."""
    with time_machine.travel(clock.now() - 400 * DAY, tick=False) as traveller:
        made, period = rows()[table]
        with database.writing() as session:
            make_person(session)
            session.add(made())
        traveller.shift(period - timedelta(minutes=2))
        cleaning.clean_up(jobs.Work(instance, database))
        assert number_of(database, table) == 1
        traveller.shift(DAY)
        cleaning.clean_up(jobs.Work(instance, database))
    assert number_of(database, table) == 0


def number_of(database: Database, table: type[Base]) -> int | None:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_jobs_that_still_run_stay_however_old(instance: Config, database: Database) -> None:
    with database.writing() as session:
        session.add(Job(name="x", arguments={}, run_at=clock.now() - 400 * DAY))
    cleaning.clean_up(jobs.Work(instance, database))
    assert number_of(database, Job) == 1


def test_many_rows_go_in_small_transactions(
    instance: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "AT_ONCE", 10)
    ended = clock.now() - DAY
    with database.writing() as session:
        session.add_all(Throttle(key=str(number), tries=1, until=ended) for number in range(35))
    removed = [cleaning.remove_some(database, Throttle, cleaning.ended_windows()) for _ in range(5)]
    assert removed == [10, 10, 10, 5, 0]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_checkpoint_empties_the_log_into_the_database(instance: Config, database: Database) -> None:
    with database.writing() as session:
        session.add_all(Throttle(key=str(number), tries=1, until=clock.now()) for number in range(500))
    assert database.path is not None
    before = database.path.stat().st_size
    cleaning.checkpoint(jobs.Work(instance, database))
    assert database.path.stat().st_size > before
