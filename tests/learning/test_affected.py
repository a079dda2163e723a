"""The publishing report's figures."""

from dataclasses import replace

from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.courses.report import Learners
from learn.learning import service
from learn.learning.affected import affected
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

A, B = (LessonEntry(f"les_{name}", name, name, 1, 1, 5, required=True) for name in "ab")
BEFORE = manifest_of([A, B])


def people(db: Session, release: CourseRelease, number: int) -> list[Actor]:
    found = [make_actor(db, f"Person {place}") for place in range(number)]
    for actor in found:
        service.enrol(db, actor, release)
    return found


def finish(db: Session, who: list[Actor], release: CourseRelease, lesson: str, edition: int) -> None:
    for actor in who:
        service.complete(db, actor, release, lesson, Request(f"{lesson}-{edition}", edition))


def test_those_who_finished_a_changed_lesson_notice(db: Session) -> None:
    release = publish(db, BEFORE)
    ada, ben, _kim = people(db, release, 3)
    finish(db, [ada, ben], release, "les_a", 1)
    service.reopen(db, ben, release, "les_a", Request("r2", 1))
    assert affected(db, BEFORE, BEFORE) == Learners(3, 0, 0)
    assert affected(db, BEFORE, manifest_of([replace(A, edition=2), B])) == Learners(3, 1, 0)
    assert affected(db, BEFORE, manifest_of([replace(A, edition=2, redo_from=2), B])) == Learners(3, 0, 1)
    assert affected(db, BEFORE, manifest_of([B, A])) == Learners(3, 0, 0)
    assert affected(db, BEFORE, manifest_of([A, B, replace(A, id="les_c", slug="c")])) == Learners(3, 3, 0)
    nobodys = replace(BEFORE, course_id="kur_2")
    assert affected(db, nobodys, nobodys) == Learners(0, 0, 0)


def test_only_who_has_not_done_the_new_edition_repeats(db: Session) -> None:
    first = publish(db, BEFORE)
    everyone = people(db, first, 12)
    finish(db, everyone[:7], first, "les_a", 1)
    newer = manifest_of([replace(A, edition=2), B])
    finish(db, everyone[:6], publish(db, newer), "les_a", 2)
    assert affected(db, newer, manifest_of([replace(A, edition=2, redo_from=2), B])) == Learners(12, 0, 1)


def test_a_replaced_lesson_is_news_to_who_has_not_done_the_old_one(db: Session) -> None:
    release = publish(db, BEFORE)
    everyone = people(db, release, 12)
    finish(db, everyone[:7], release, "les_a", 1)
    merged = replace(A, id="les_c", slug="c", replaces=("les_a",))
    assert affected(db, BEFORE, manifest_of([merged, B], retired=[A])) == Learners(12, 5, 0)
