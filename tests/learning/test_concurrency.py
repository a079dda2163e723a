"""Races on real databases: double clicks, the last two lessons at once, opposite wishes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import Actor
from learn.core.db import Database
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import service
from learn.learning.models import Enrolment, ProgressEntry, SavedPlan
from learn.learning.service import Conflict, Request
from tests.learning.factories import make_actor, manifest_of, publish

LESSONS = [LessonEntry(f"les_{name}", name, name, 1, 1, 5, required=True) for name in "ab"]
CLICKS = 10


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


@pytest.fixture
def world(database: Database) -> tuple[Actor, CourseRelease]:
    with database.writing() as session:
        return make_actor(session), publish(session, manifest_of(LESSONS))


def at_once(database: Database, *tasks: Callable[[Session], object]) -> list[object]:
    """Run each in a thread and a transaction of its own, all let go together."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[Session], object]) -> object:
        barrier.wait(timeout=90)
        try:
            with database.writing() as session:
                return task(session)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def events(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        rows = session.scalars(select(ProgressEntry)).all()
    return sorted((row.object_id, row.event, row.pass_) for row in rows)


def test_ten_double_clicks_begin_a_course_once(
    database: Database, world: tuple[Actor, CourseRelease]
) -> None:
    actor, release = world
    at_once(database, *[lambda session: service.enrol(session, actor, release)] * CLICKS)
    with database.reading() as session:
        assert len(session.scalars(select(Enrolment)).all()) == 1


def test_ten_double_clicks_complete_once_and_all_see_it(
    database: Database, world: tuple[Actor, CourseRelease]
) -> None:
    actor, release = world
    with database.writing() as session:
        service.enrol(session, actor, release)
    same = [lambda session: service.complete(session, actor, release, "les_a", Request("r1", 1, 0))] * CLICKS
    found = at_once(database, *same)
    assert all(state == found[0] for state in found)
    assert events(database) == [("les_a", "done", 0)]


def test_ten_tabs_complete_once(database: Database, world: tuple[Actor, CourseRelease]) -> None:
    actor, release = world
    with database.writing() as session:
        service.enrol(session, actor, release)

    def tab(number: int) -> Callable[[Session], object]:
        return lambda session: service.complete(
            session, actor, release, "les_a", Request(f"tab{number}", 1, 0)
        )

    at_once(database, *map(tab, range(CLICKS)))
    assert events(database) == [("les_a", "done", 0)]


def test_the_last_two_lessons_at_once_complete_the_course(
    database: Database, world: tuple[Actor, CourseRelease]
) -> None:
    actor, release = world
    with database.writing() as session:
        service.enrol(session, actor, release)
    both = Barrier(2)

    def slowly(lesson_id: str) -> Callable[[Session], object]:
        def run(session: Session) -> None:
            service.complete(session, actor, release, lesson_id, Request(lesson_id, 1, 0))
            with suppress(BrokenBarrierError):  # as intended: the other one waits for our commit
                both.wait(timeout=0.2)

        return run

    at_once(database, slowly("les_a"), slowly("les_b"))
    assert ("kur_1", "done", 0) in events(database)


def test_completing_and_reopening_at_once_leaves_a_valid_log(
    database: Database, world: tuple[Actor, CourseRelease]
) -> None:
    actor, release = world
    with database.writing() as session:
        service.enrol(session, actor, release)
        service.complete(session, actor, release, "les_a", Request("r0", 1, 0))
    at_once(
        database,
        lambda session: service.reopen(session, actor, release, "les_a", Request("r1", 1, 0)),
        lambda session: service.reopen(session, actor, release, "les_a", Request("r2", 1, 0)),
        lambda session: service.complete(session, actor, release, "les_a", Request("r3", 1, 0)),
    )
    assert events(database) == [("les_a", "done", 0), ("les_a", "reopened", 0)]


def test_of_two_different_plans_one_wins_and_the_other_is_told(
    database: Database, world: tuple[Actor, CourseRelease]
) -> None:
    actor, _release = world
    found = at_once(
        database,
        lambda session: service.save_plan(session, actor, "les_a", "plan", {"Anlass": "Heizen"}, 0),
        lambda session: service.save_plan(session, actor, "les_a", "plan", {"Anlass": "Lüften"}, 0),
    )
    assert sorted(isinstance(each, Conflict) for each in found) == [False, True]
    with database.reading() as session:
        assert session.scalars(select(SavedPlan.revision)).all() == [1]
