"""Whom a step of a course or a comment concerns, and the words for it."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.courses.models import Course
from learn.notices import kinds
from learn.notices.kinds import Batch, Recipient, concerns, in_a_sentence
from learn.notices.models import Event
from learn.workshop import comments, four_eyes, review, steps
from learn.workshop.comments import WRITTEN
from learn.workshop.models import CourseStep, ReviewComment, WorkCourse
from learn.workshop.publishing import LIVE
from learn.workshop.releases import ROLLED_BACK
from learn.workshop.review import APPROVED, FAILED, HANDED_IN, SENT_BACK

TOLD = {
    HANDED_IN: "„{title}“ wartet auf Freigabe.",
    SENT_BACK: "„{title}“ ist mit einer Bemerkung zurückgegeben.",
    APPROVED: "„{title}“ ist freigegeben.",
    LIVE: "„{title}“ ist veröffentlicht.",
    ROLLED_BACK: "„{title}“ zeigt wieder eine andere Veröffentlichung.",
    FAILED: "„{title}“ konnte nicht wie geplant veröffentlicht werden.",
    WRITTEN: "„{title}“ hat eine neue Anmerkung.",
}
KINDS = tuple(TOLD)
COURSE, TEXT = "kurs:", "anmerkung:"  # what subjects begin with
COORDINATORS = frozenset({"coordinator"})


@concerns(HANDED_IN)
def approvers(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Everybody who may approve: all authors but who handed it in; with „Vier Augen“ but who wrote it.

    Nobody once it waits no more.
    """
    session.get(WorkCourse, event.subject.removeprefix(COURSE), with_for_update=True)  # nobody answers now
    if not _awaited(session, event):
        return Batch()
    found = review.authors(session)
    if four_eyes.wanted(session):
        found = found - review.involved(session, event.subject.removeprefix(COURSE)) or found
    return _told(session, event, found)


@concerns(SENT_BACK, APPROVED, LIVE)
def submitter(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Who handed the course in before that step, and who planned it."""
    step = session.get(CourseStep, event.data.get("step", 0))
    if step is None:
        return Batch()
    handed_in = _before(session, step, steps.SUBMITTED)
    people = {handed_in.person_id} if handed_in else set()
    return _told(session, event, people | ({step.person_id} if event.kind == LIVE else set()))


@concerns(ROLLED_BACK)
def publisher(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Who published what is not shown any more."""
    made = steps.of_releases(session, event.subject.removeprefix(COURSE), [event.data.get("was", 0)])
    return _told(session, event, [step.by_id for step in made.values()])


@concerns(FAILED)
def planners(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Who planned it, handed it in, wrote it; the Koordination where none of them writes courses any more."""
    step = session.get(CourseStep, event.data.get("step", 0))
    if step is None:
        return Batch()
    handed_in = _before(session, step, steps.SUBMITTED)
    wrote = review.writers(session, step.course_id)
    people = {step.person_id, handed_in.person_id if handed_in else None, *wrote}
    return _told(session, event, people & review.authors(session) or review.authors(session, COORDINATORS))


@concerns(WRITTEN)
def writer(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Who has worked on the text since it was published, and who else has commented on it."""
    key = event.subject.removeprefix(TEXT)
    if not _unsettled(session, event):
        return Batch()
    course_id = session.scalar(select(ReviewComment.course_id).where(ReviewComment.key == key).limit(1))
    others = session.scalars(select(ReviewComment.author_id).where(ReviewComment.key == key))
    return _told(session, event, {*review.writers(session, course_id or "", key), *others})


@in_a_sentence(*KINDS)
def sentence(session: Session, event: Event) -> str:
    """What happened, with the course's title; empty once the course is gone, or nobody waits any more."""
    if _over(session, event):
        return ""
    return worded(event.kind, titles(session, [event.subject]).get(event.subject, ""))


def worded(kind: str, title: str) -> str:
    """The same for a title that is known already; empty without one."""
    return TOLD[kind].format(title=title) if title else ""


def titles(session: Session, subjects: Collection[str]) -> dict[str, str]:
    """Titles of the courses that events are about, by subject: two statements at most."""
    keys = {subject: subject.removeprefix(TEXT) for subject in subjects if subject.startswith(TEXT)}
    courses = {subject: subject.removeprefix(COURSE) for subject in subjects if subject.startswith(COURSE)}
    if keys:
        rows = select(ReviewComment.key, ReviewComment.course_id).where(ReviewComment.key.in_(keys.values()))
        owners = {row.key: row.course_id for row in session.execute(rows)}
        courses |= {subject: owners[key] for subject, key in keys.items() if key in owners}
    if not courses:
        return {}
    ids = set(courses.values())
    drafts = select(WorkCourse.id, WorkCourse.title).where(WorkCourse.id.in_(ids))
    shown = select(Course.id, Course.title).where(Course.id.in_(ids))
    known = {row.id: row.title for row in session.execute(drafts.union_all(shown)) if row.title}
    return {subject: known[course_id] for subject, course_id in courses.items() if course_id in known}


def _awaited(session: Session, event: Event) -> bool:
    return review.awaited(session, event.subject.removeprefix(COURSE), event.data.get("step", 0))


def _over(session: Session, event: Event) -> bool:
    """Whether what it asked for has been done."""
    asks = {HANDED_IN: _awaited, WRITTEN: _unsettled}.get(event.kind)
    return asks is not None and not asks(session, event)


def _unsettled(session: Session, event: Event) -> bool:
    return comments.waits(session, event.subject.removeprefix(TEXT))


def _before(session: Session, step: CourseStep, kind: str) -> CourseStep | None:
    """The last step of a kind before this one, as long as nothing was published between them."""
    earlier = select(CourseStep).where(CourseStep.course_id == step.course_id, CourseStep.id < step.id)
    wanted = earlier.where(CourseStep.step.in_({kind, steps.PUBLISHED})).order_by(CourseStep.id.desc())
    found = session.scalars(wanted.limit(1)).first()
    return found if found is not None and found.step == kind else None


def _told(session: Session, event: Event, ids: Iterable[int | None]) -> Batch:
    """A few people, all at once: those who still write courses, not who did it herself."""
    by = event.data.get("by")
    wanted = {number for number in ids if number is not None and number != by} & review.authors(session)
    return Batch([Recipient(number, kinds.COURSE) for number in sorted(wanted)], None, event.subject)
