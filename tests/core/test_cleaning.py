"""Chores: what has expired goes, nothing else; the write-ahead log is put away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from learn.config import Config
from learn.core import cleaning, clock, jobs
from learn.core.db import Database
from learn.core.models import AuditEntry, Job, RescuedForm, SignIn, Throttle
from tests.factories import make_person

DAY = timedelta(days=1)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    yield made
    made.dispose()


def test_expired_rows_go_and_others_stay(instance: Config, database: Database) -> None:
    now, today = clock.now(), clock.today()
    with database.writing() as session:
        person = make_person(session)
        for number, age in enumerate((-DAY, DAY)):
            day = today - age
            session.add_all(
                [
                    SignIn(token_hash=f"t{number}", person_id=person.id, first_day=day, last_day=day),
                    RescuedForm(key_hash=f"k{number}", sealed="", until=now - age),
                    Throttle(key=f"k{number}", tries=1, until=now - age),
                    Job(name="x", arguments={}, state="dead", run_at=now - cleaning.DEAD_JOBS_STAY - age),
                    AuditEntry(
                        at=now - timedelta(days=366.5) - age, actor="a", action="b", subject="c", reason=""
                    ),
                ]
            )
        session.add(AuditEntry(at=now, actor="a", action="b", subject="c", reason=""))
    cleaning.clean_up(jobs.Work(instance, database))
    with database.reading() as session:
        left = {
            table.__name__: session.scalar(select(func.count()).select_from(table))
            for table in (SignIn, RescuedForm, Throttle, Job, AuditEntry)
        }
    assert left == {"SignIn": 1, "RescuedForm": 1, "Throttle": 1, "Job": 1, "AuditEntry": 2}


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_checkpoint_empties_the_log_into_the_database(instance: Config, database: Database) -> None:
    with database.writing() as session:
        session.add_all(Throttle(key=str(number), tries=1, until=clock.now()) for number in range(500))
    assert database.path is not None
    before = database.path.stat().st_size
    cleaning.checkpoint(jobs.Work(instance, database))
    assert database.path.stat().st_size > before
