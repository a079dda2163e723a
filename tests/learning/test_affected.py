"""The publishing report's figures."""

from sqlalchemy.orm import Session

from learn.courses.changes import Change
from learn.courses.manifest import LessonEntry
from learn.courses.report import Learners
from learn.learning import service
from learn.learning.affected import affected
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

LESSONS = [LessonEntry(f"les_{name}", name, name, 1, 1, 5, required=True) for name in "ab"]


def changes(**kinds: str) -> list[Change]:
    return [Change(name, kind, f"{name}.md", name, 1, 2) for name, kind in kinds.items()]


def test_those_who_finished_a_changed_lesson_notice(db: Session) -> None:
    release = publish(db, manifest_of(LESSONS))
    people = [make_actor(db, name) for name in ("Ada", "Ben", "Kim", "Lou")]
    for actor in people[:3]:
        service.enrol(db, actor, release)
    for actor in people[:2]:
        service.complete(db, actor, release, "les_a", Request("r1", 1))
    service.reopen(db, people[1], release, "les_a", Request("r2", 1))
    assert affected(db, "kur_1", changes(les_a="inhaltlich", les_b="redaktionell")) == Learners(3, 1, 0)
    assert affected(db, "kur_1", changes(les_a="erneut")) == Learners(3, 0, 1)
    assert affected(db, "kur_1", changes(les_b="erneut", les_a="verschoben")) == Learners(3, 0, 0)
    assert affected(db, "kur_1", changes(les_c="neu")) == Learners(3, 3, 0)
    assert affected(db, "kur_2", changes(les_a="erneut", les_c="neu")) == Learners(0, 0, 0)
