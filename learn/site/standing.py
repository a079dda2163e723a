"""Where the signed-in person stands in her courses: enrolment, current release and Lernstand together."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import queries
from learn.learning.progress import Lernstand, progress
from learn.learning.queries import Enrolled


@dataclass(frozen=True, slots=True)
class Standing:
    """One course of one person; `release` is what people read today."""

    release: CourseRelease
    enrolled: Enrolled
    state: Lernstand

    @property
    def finished(self) -> bool:
        """Completed once, and nothing that counts for her has come open again."""
        return self.enrolled.completion is not None and self.following is None

    @property
    def following(self) -> LessonEntry | None:
        """The lesson to continue with."""
        return self.release.manifest.lesson(self.state.following) if self.state.following else None

    @property
    def latest(self) -> int:
        """Sorts courses: the one in which she completed something last comes first."""
        return max((row.number for row in self.enrolled.rows), default=0)


def in_course(session: Session, actor: Actor, release: CourseRelease) -> Standing | None:
    """The actor's standing in one course: one statement; None for visitors and before she begins."""
    enrolled = queries.enrolled(session, actor, release.course_id)
    if enrolled is None:
        return None
    known = {release.id: release}
    known.update(shelf.releases(session, _named(enrolled) - {release.id}))
    return _standing(enrolled, release, known)


def in_all(session: Session, actor: Actor) -> list[Standing]:
    """All courses of the actor, the latest first: one statement while releases are cached, else two."""
    if not actor.signed_in:
        return []
    enrolments = queries.enrolments(session, actor)
    known = shelf.releases(session, {key for each in enrolments for key in _named(each)})
    found = [_standing(each, known[each.current], known) for each in enrolments if each.current in known]
    return sorted(found, key=lambda each: (each.latest, each.enrolled.id), reverse=True)


def _named(enrolled: Enrolled) -> set[int]:
    """Ids of the releases that a standing is made from."""
    return {key for key in (enrolled.started, enrolled.current, enrolled.finished) if key is not None}


def _standing(enrolled: Enrolled, release: CourseRelease, known: Mapping[int, CourseRelease]) -> Standing:
    started = known.get(enrolled.started)
    finished = known.get(enrolled.finished) if enrolled.finished else None
    state = progress(
        release.manifest,
        enrolled.rows,
        started.manifest if started else None,
        finished.manifest if finished else None,
    )
    return Standing(release, enrolled, state)
