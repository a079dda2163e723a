"""Counting a course: as each person's own page says it, once a day, in steps of five people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor, Refused
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.models import Course
from learn.learning import figures, queries, service, unclear
from learn.learning.figures import COMPLETED, ENROLLED, NOBODY, Figure
from learn.learning.models import CourseFigures
from learn.learning.progress import progress
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

A, B, C = (LessonEntry(f"les_{name}", name, name, 1, 1, 5, required=name != "c") for name in "abc")
TREE = manifest_of([A, B, C])


def crowd(db: Session, release: CourseRelease, number: int) -> list[Actor]:
    found = [make_actor(db, f"Person {place}") for place in range(number)]
    for actor in found:
        service.enrol(db, actor, release)
    return found


def finish(db: Session, who: Iterable[Actor], release: CourseRelease, lesson: str, edition: int = 1) -> None:
    for actor in who:
        service.complete(db, actor, release, lesson, Request(f"{lesson}-{edition}", edition))


def mark(db: Session, who: Iterable[Actor], release: CourseRelease, edition: int = 1) -> None:
    for actor in who:
        unclear.mark(db, actor, release, "les_a", edition)


def counted(db: Session, tree: Manifest = TREE, **askers: int) -> dict[str, int]:
    db.flush()
    return figures.count(db, tree, askers)


def shown(db: Session, days: int = 0, tree: Manifest = TREE) -> figures.Shown:
    """The figures after a count so many days from now."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        figures.store(db, tree.course_id, counted(db, tree))
        db.flush()
    return figures.shown(db, tree.course_id)


def test_the_most_important_figures_come_first(db: Session) -> None:
    release = publish(db, TREE)
    people = crowd(db, release, 7)
    finish(db, people[:6], release, "les_a")
    finish(db, people[1:4], release, "les_b")
    mark(db, [*people[5:], make_actor(db, "Nur Gast")], release)
    assert list(counted(db, les_b=4).items()) == [
        *((ENROLLED, 7), (COMPLETED, 3), ("done:les_a", 6), ("done:les_b", 3), ("done:les_c", 0)),
        *(("unclear:les_a:1", 3), ("unclear:les_b:1", 0), ("unclear:les_c:1", 0)),
        *(("asked:les_a", 0), ("asked:les_b", 4), ("asked:les_c", 0)),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_what_people_see_of_themselves(db: Session, seed: int) -> None:
    """Random histories over three releases; the oracle adds up each person's own page."""
    chance = Random(seed)
    trees = [
        TREE,
        manifest_of([replace(A, edition=2), B, C]),
        manifest_of([replace(A, edition=3, redo_from=3), B]),
    ]
    people: list[Actor] = []
    for tree in trees:
        release = publish(db, tree)
        people += crowd(db, release, 3)
        for place in range(40):
            _act(db, chance, release, chance.choice(people), place)
        own = [queries.enrolled(db, actor, tree.course_id) for actor in people]
        logs = [found.rows for found in own if found]
        states = [progress(tree, rows, None, None) for rows in logs]
        lessons = Counter(name for state in states for name, one in state.lessons.items() if one.done)
        found = counted(db, tree)
        assert found[ENROLLED] == len(people)
        assert found[COMPLETED] == sum(each is not None and each.completion is not None for each in own)
        assert [found[f"done:{each.id}"] for each in tree.lessons()] == [
            lessons[e.id] for e in tree.lessons()
        ]


def _act(db: Session, chance: Random, release: CourseRelease, actor: Actor, place: int) -> None:
    entry = chance.choice(list(release.manifest.lessons()))
    act = chance.choice((service.complete, service.complete, service.reopen))
    try:
        act(db, actor, release, entry.id, Request(f"{release.id}-{place}", chance.randint(1, entry.edition)))
    except Refused:
        return


def test_figures_stand_still_until_five_people_have_come_or_gone(db: Session) -> None:
    release = publish(db, TREE)
    people = crowd(db, release, 12)
    finish(db, people[:9], release, "les_a")
    found = shown(db)
    assert (found.of(ENROLLED), found.of("done:les_a")) == (Figure(12), Figure(12, about=True))
    assert (found.of(COMPLETED), found.counted_on) == (NOBODY, clock.today())
    finish(db, people[9:], release, "les_a")
    people += crowd(db, release, 4)
    assert shown(db, 1).figures == found.figures
    crowd(db, release, 1)
    finish(db, people[12:], release, "les_a")
    after = shown(db, 2)
    assert (after.of(ENROLLED), after.of("done:les_a")) == (Figure(17), Figure(12, about=True))
    assert after.counted_on == clock.today() + timedelta(days=2)
    assert after.public == (12, 17)


def test_a_second_count_of_a_day_changes_nothing(db: Session) -> None:
    release = publish(db, TREE)
    crowd(db, release, 5)
    assert figures.waiting(db) == [TREE.course_id]
    before = shown(db)
    assert figures.waiting(db) == []
    crowd(db, release, 20)
    assert shown(db) == before
    assert shown(db, 1).of(ENROLLED) == Figure(25)


def test_erased_people_leave_by_the_same_rule(db: Session) -> None:
    release = publish(db, TREE)
    people = crowd(db, release, 8)
    mark(db, people, release)
    assert shown(db).of("unclear:les_a:1") == Figure(8, about=True)
    _erase(db, people[:4])
    assert counted(db)["unclear:les_a:1"] == 4
    assert shown(db, 1).of(ENROLLED) == Figure(8)
    _erase(db, people[4:])
    assert shown(db, 2).figures == {}


def _erase(db: Session, who: Iterable[Actor]) -> None:
    db.flush()
    db.execute(delete(Person).where(Person.id.in_([actor.owner for actor in who])))
    db.expire_all()


def test_marks_belong_to_their_edition_and_lessons_that_left_are_not_counted(db: Session) -> None:
    release = publish(db, TREE)
    people = crowd(db, release, 6)
    mark(db, people, release)
    finish(db, people, release, "les_b")
    assert shown(db).of("unclear:les_a:1").number == 6
    newer = manifest_of([replace(A, edition=2), C])
    mark(db, people[:2], publish(db, newer), edition=2)
    found = shown(db, 1, newer)
    assert found.of("unclear:les_a:2") == NOBODY
    assert not {"unclear:les_a:1", "done:les_b"} & found.figures.keys()
    assert found.public == (6,)
    unclear.withdraw(db, people[0], release, "les_a", 1)
    assert shown(db, 2).of("unclear:les_a:1") == Figure(6, about=True)


def test_a_course_published_no_more_leaves(db: Session) -> None:
    crowd(db, publish(db, TREE), 5)
    assert shown(db).of(ENROLLED) == Figure(5)
    figures.forget(db)
    assert len(db.scalars(select(CourseFigures)).all()) == 1
    db.get_one(Course, TREE.course_id).release_id = None
    db.flush()
    figures.forget(db)
    assert db.scalars(select(CourseFigures)).all() == []
    assert figures.shown(db, TREE.course_id) == figures.Shown()
