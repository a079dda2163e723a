"""Publishing a working copy: the way folders take, and in the same transaction what its course keeps of it.

What learners read switches together with the step, the audit entry and the end of the review: a kill leaves
all of it or nothing. That the copy forgets what the release now holds follows; until then it reads so anyhow.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import audit
from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.courses import publish as releases
from learn.courses.models import Course, Release
from learn.courses.report import Report
from learn.courses.storing import Storage
from learn.learning.affected import affected
from learn.notices import events, lines
from learn.workshop import copies, four_eyes, saving, steps
from learn.workshop.copies import Copy
from learn.workshop.holding import EVERY_RELEASE
from learn.workshop.models import WorkCourse

LIVE = "kurs_live"  # the kind of event
AUTOMATIC = "automatisch"  # who acts in the audit log once the person is gone
MANY = 40  # changed texts that a request publishes; more is handed to the worker
NOTHING = "Es gibt nichts zu veröffentlichen."
CHANGED = "Inzwischen hat jemand gespeichert oder veröffentlicht. Sehen Sie den neuen Stand an."
NOT_APPROVED = "Für diesen Stand fehlt die Freigabe durch eine zweite Person."
CANCELLED = "Der Termin gilt nicht mehr."


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published and for whom. `revision`: which state of the copy, as `Copy` names it.

    `at`: the planned time that must still hold; None where somebody publishes right now.
    """

    course_id: str
    person_id: int | None
    revision: int
    at: datetime | None = None


def check(database: Database, storage: Storage, course_id: str) -> Report:
    """What publishing the copy would do; writes nothing. Raises NotFound, Refused."""
    with database.reading() as session:
        draft = copies.draft(session, storage, course_id)
    return releases.publish_drafts(database, storage, [draft], affected=affected, dry_run=True)


def publish(
    database: Database, storage: Storage, actor: Actor, course_id: str, *, revision: int | None = None
) -> Report:
    """Publish a course's working copy as it stands; with `revision` only that state of it.

    The report says whether a release was written: not with errors, not where nothing differs.
    Raises NotFound; Refused: 409 when somebody was faster or an approval is missing, else what speaks
    against it.
    """
    if revision is None:
        with database.reading() as session:
            found = copies.copy(session, course_id)
        revision = found.revision if found else 0
    return carry_out(database, storage, Order(course_id, actor.owner, revision))


def carry_out(database: Database, storage: Storage, order: Order) -> Report:
    """Publish what an order names; raises as `publish` does."""
    with database.reading() as session:
        work = session.get(WorkCourse, order.course_id)
        _check(session, work, order)
        draft = copies.draft(session, storage, order.course_id)
    moment = partial(_moment, order=order)
    report = releases.publish_drafts(database, storage, [draft], affected=affected, moment=moment)
    if report.ok:
        with database.writing() as session:
            saving.published(session, order.course_id, _number(session, order.course_id))
    return report


def is_big(copy: Copy) -> bool:
    """Whether publishing takes longer than somebody waits for a page."""
    return changed_texts(copy) > MANY


def changed_texts(copy: Copy) -> int:
    """How many texts differ from the release."""
    lessons = (lesson for module in copy.modules for lesson in (module.entry, *module.lessons))
    return sum(bool(entry.state) for entry in (copy.kurs, *copy.others, *lessons))


def revision_of(session: Session, work: WorkCourse) -> int:
    """Which state of the copy its row stands for now."""
    return _number(session, work.id) * EVERY_RELEASE + work.revision


def approved(session: Session, work: WorkCourse, revision: int) -> bool:
    """Whether this state may be published: without „Vier Augen“ any, else what somebody has approved."""
    return not four_eyes.wanted(session) or (work.state == "bereit" and work.approved == revision)


@contextmanager
def _moment(session: Session, order: Order) -> Iterator[None]:
    """Around the switch: the copy is still what was ordered, and its course knows what happened."""
    work = session.get(WorkCourse, order.course_id, with_for_update=True, populate_existing=True)
    _check(session, work, order)
    assert work is not None
    yield
    work.state, work.approved = "entwurf", -1
    work.planned, work.publish_at = -1, None
    number = _number(session, order.course_id)
    step = steps.take(session, order.course_id, steps.PUBLISHED, order.person_id, release=number)
    who = audit.person(order.person_id) if order.person_id else AUTOMATIC
    audit.record(
        session, who, "kurs.veroeffentlicht", f"kurs:{order.course_id}", f"Veröffentlichung {number}"
    )
    lines.settle(session, f"kurs:{order.course_id}")  # whatever was asked before is answered
    by = order.person_id if order.at is None else None  # she planned it hours ago and wants to know, too
    events.record(session, LIVE, f"kurs:{order.course_id}", step=step.id, by=by)


def _check(session: Session, work: WorkCourse | None, order: Order) -> None:
    """Raises Refused (409) unless the copy is what the order is about."""
    if work is None:
        raise Refused(NOTHING, status=409)
    if order.at is not None and work.publish_at != order.at:
        raise Refused(CANCELLED, status=409)
    if revision_of(session, work) != order.revision:
        raise Refused(CHANGED, status=409)
    if not approved(session, work, order.revision):
        raise Refused(NOT_APPROVED, status=409)


def _number(session: Session, course_id: str) -> int:
    """The number of the current release, 0 before the first."""
    statement = select(Release.number).join(Course, Course.release_id == Release.id)
    return session.scalar(statement.where(Course.id == course_id)) or 0
