"""„Mir ist hier etwas unklar“: one mark of a person at an edition of a lesson, hers to take back."""

from collections.abc import Callable

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.courses.library import CourseRelease
from learn.learning import log, service
from learn.learning.models import UnclearMark

Press = Callable[[Session, Actor, CourseRelease, str, int], None]


def mark(session: Session, actor: Actor, release: CourseRelease, lesson_id: str, edition: int) -> None:
    """Note that this edition is unclear to her; a second click changes nothing. Raises Refused (422)."""
    service.check_edition(session, release.manifest, lesson_id, edition)
    own = {"person_id": actor.owner, "lesson_id": lesson_id, "edition": edition}
    log.insert_new(session, UnclearMark, {**own, "course_id": release.course_id})


def withdraw(session: Session, actor: Actor, release: CourseRelease, lesson_id: str, edition: int) -> None:
    """Take the mark back; without one nothing changes. Raises Refused (422)."""
    service.check_edition(session, release.manifest, lesson_id, edition)
    own = (UnclearMark.person_id == actor.owner, UnclearMark.lesson_id == lesson_id)
    session.execute(delete(UnclearMark).where(*own, UnclearMark.edition == edition))
