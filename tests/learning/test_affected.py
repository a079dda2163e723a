"""The publishing report's figures."""

from sqlalchemy.orm import Session

from learn.courses.manifest import LessonEntry
from learn.learning import service
from learn.learning.affected import Affected, affected
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

LESSONS = [LessonEntry(f"les_{name}", name, name, 1, 1, 5, required=True) for name in "ab"]


def test_those_who_finished_a_changed_lesson_notice(db: Session) -> None:
    release = publish(db, manifest_of(LESSONS))
    people = [make_actor(db, name) for name in ("Ada", "Ben", "Kim", "Lou")]
    for actor in people[:3]:
        service.enrol(db, actor, release)
    for actor in people[:2]:
        service.complete(db, actor, release, "les_a", Request("r1", 1))
    service.reopen(db, people[1], release, "les_a", Request("r2", 1))
    assert affected(db, "kur_1", {"les_a": "inhaltlich", "les_b": "redaktionell"}) == Affected(3, 1, 0)
    assert affected(db, "kur_1", {"les_a": "erneut"}) == Affected(3, 0, 1)
    assert affected(db, "kur_1", {"les_b": "erneut", "les_a": "verschoben"}) == Affected(3, 0, 0)
    assert affected(db, "kur_1", {"les_c": "neu"}) == Affected(3, 3, 0)
    assert affected(db, "kur_2", {"les_a": "erneut", "les_c": "neu"}) == Affected(0, 0, 0)
