"""Several workers at once, on both databases: each person is reminded once in a week, and by one key."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import jobs
from learn.core.db import Database
from learn.core.models import Job
from learn.learning import mail, reminders
from learn.learning.models import Reminder
from tests.learning.factories import make_actor
from tests.learning.test_concurrency import at_once

WORKERS, WEEKS = 4, 3


@pytest.fixture
def work(instance: Config) -> Iterator[jobs.Work]:
    """An instance of its own, on a Wednesday."""
    database = Database.of(instance)
    with time_machine.travel("2026-03-04 10:00:00+01:00", tick=False):
        yield jobs.Work(instance, database)
    database.dispose()


def test_workers_at_once_ask_for_one_letter_each_week(work: jobs.Work) -> None:
    with work.database.writing() as session:
        people = [make_actor(session) for _each in range(3)]
        for actor in people:
            reminders.choose(session, actor, 2, mail=True, calendar=False)
    for week in range(WEEKS):
        with time_machine.travel("2026-03-04 10:00:00+01:00", tick=False) as time:
            time.shift(timedelta(weeks=week))
            assert reminded(work) == [actor.owner for actor in people]
            assert asked(work) == [actor.owner for actor in people]


def reminded(work: jobs.Work) -> list[int]:
    """Whom workers that begin together have reminded."""
    barrier = Barrier(WORKERS)

    def worker(_number: int) -> Sequence[int]:
        barrier.wait(timeout=60)
        return mail.remind_some(work)

    with ThreadPoolExecutor(WORKERS) as pool:
        return sorted(number for batch in pool.map(worker, range(WORKERS)) for number in batch)


def asked(work: jobs.Work) -> list[int]:
    """For whom a letter was asked since the last look."""
    with work.database.writing() as session:
        found = session.scalars(select(Job.arguments).where(Job.name == mail.SEND)).all()
        session.execute(delete(Job))
    return sorted(each["person_id"] for each in found)


def test_forms_sent_at_once_make_one_reminder_with_one_key(work: jobs.Work) -> None:
    with work.database.writing() as session:
        actor = make_actor(session)

    def choose(session: Session) -> str:
        return reminders.choose(session, actor, 2, mail=False, calendar=True)

    keys = [key for key in at_once(work.database, *[choose] * WORKERS) if key]
    assert len(keys) == 1
    with work.database.reading() as session:
        assert len(session.scalars(select(Reminder)).all()) == 1
        assert reminders.behind(session, str(keys[0])) is not None
