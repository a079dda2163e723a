"""A person's own learning, read for her alone: the owner always comes from the actor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from learn.core.access import Actor
from learn.core.prepared import ask
from learn.courses.models import Course, LessonVersion
from learn.learning.models import Enrolment, ProgressEntry, SavedPlan
from learn.learning.progress import Row, newest_completion

# Built once: they run on every page, and building a statement costs as much as running it.
WITH_LOG = (
    select(
        Enrolment.id,
        Enrolment.course_id,
        Enrolment.release_id,
        Enrolment.day,
        Course.release_id,
        ProgressEntry.object_id,
        ProgressEntry.edition,
        ProgressEntry.event,
        ProgressEntry.pass_,
        ProgressEntry.day,
        ProgressEntry.release_id,
        ProgressEntry.request_id,
        ProgressEntry.id,
    )
    .join(Course, Course.id == Enrolment.course_id)
    .outerjoin(ProgressEntry, ProgressEntry.enrolment_id == Enrolment.id)
    .where(Enrolment.person_id == bindparam("owner"))
)
ONE_WITH_LOG = WITH_LOG.where(Enrolment.course_id == bindparam("course"))
ALL_WITH_LOG = WITH_LOG.order_by(Enrolment.id.desc())
NEWER = aliased(LessonVersion)
NEWEST = select(func.max(NEWER.id)).where(NEWER.lesson_id == SavedPlan.lesson_id).correlate(SavedPlan)
SAVED_PLANS = (
    select(
        SavedPlan.lesson_id,
        SavedPlan.plan,
        SavedPlan.day,
        Course.title,
        LessonVersion.sheet["title"].as_string(),
        Course.release_id,
    )
    .select_from(SavedPlan)
    .join(LessonVersion, LessonVersion.id == NEWEST.scalar_subquery())
    .join(Course, Course.id == LessonVersion.course_id)
    .where(SavedPlan.person_id == bindparam("owner"))
    .order_by(SavedPlan.day.desc(), SavedPlan.id.desc())
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment with its log. `started`, `current` and `finished` are release ids: at the beginning,
    today (None once withdrawn), and at the newest completion of the course (None before it), whose row is
    `completion`.
    """

    id: int
    course_id: str
    started: int
    day: date
    current: int | None
    rows: tuple[Row, ...]
    completion: Row | None

    @property
    def finished(self) -> int | None:
        return self.completion.release_id if self.completion else None


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved Fahrplan: texts by label."""

    fields: dict[str, str]
    revision: int
    day: date


@dataclass(frozen=True, slots=True)
class SavedAt:
    """A saved Fahrplan in a list; titles as last published, `release` the course's current one or None."""

    lesson_id: str
    plan: str
    day: date
    course: str
    lesson: str
    release: int | None


def enrolled(session: Session, actor: Actor, course_id: str) -> Enrolled | None:
    """The actor's enrolment in a course with its log, in one statement; None for visitors."""
    if not actor.signed_in:
        return None
    values = {"owner": actor.owner, "course": course_id}
    found = _grouped(ask(session, ONE_WITH_LOG, values).all())
    return found[0] if found else None


def enrolments(session: Session, actor: Actor) -> list[Enrolled]:
    """All of the actor's enrolments with their logs, latest begun first, in one statement."""
    return _grouped(ask(session, ALL_WITH_LOG, {"owner": actor.owner}).all())


def plans(session: Session, actor: Actor, lesson_id: str) -> dict[str, Saved]:
    """The actor's saved Fahrpläne of a lesson by their id; empty for visitors."""
    if not actor.signed_in:
        return {}
    statement = select(SavedPlan.plan, SavedPlan.fields, SavedPlan.revision, SavedPlan.day).where(
        SavedPlan.person_id == actor.owner, SavedPlan.lesson_id == lesson_id
    )
    return {plan: Saved(fields, revision, day) for plan, fields, revision, day in session.execute(statement)}


def saved_plans(session: Session, actor: Actor) -> list[SavedAt]:
    """All Fahrpläne of the actor's, the latest saved first, in one statement."""
    return [SavedAt(*row) for row in ask(session, SAVED_PLANS, {"owner": actor.owner})]


def ever_published(session: Session, lesson_id: str, edition: int) -> bool:
    """Whether this edition of the lesson was ever published."""
    version = exists().where(LessonVersion.lesson_id == lesson_id, LessonVersion.edition == edition)
    return bool(session.scalar(select(version)))


def _grouped(found: Iterable[Sequence[Any]]) -> list[Enrolled]:
    heads: dict[int, Sequence[Any]] = {}
    rows: dict[int, list[Row]] = {}
    for line in found:
        number = line[0]
        if number not in heads:
            heads[number] = line
            rows[number] = []
        if line[5] is not None:
            rows[number].append(Row(*line[5:]))
    return [_enrolled(head, tuple(rows[number])) for number, head in heads.items()]


def _enrolled(head: Sequence[Any], rows: tuple[Row, ...]) -> Enrolled:
    number, course_id, started, day, current = head[:5]
    return Enrolled(number, course_id, started, day, current, rows, newest_completion(rows, course_id))
