"""Review: a course is handed in, sent back or approved, planned and called off; each is a step."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.core.access import Actor, Refused
from learn.core.i18n import NBSP, day
from learn.notices import events
from learn.workshop import four_eyes, publishing, steps
from learn.workshop.models import CourseStep, WorkCourse, WorkRevision, WorkText

HANDED_IN, SENT_BACK, APPROVED = "kurs_eingereicht", "kurs_zurueck", "kurs_freigegeben"  # kinds of events
PUBLISH_PLANNED = "publish_planned"  # the job
DRAFT, WAITING, READY = "entwurf", "freigabe", "bereit"
MOST = 4000  # characters of a note
LATEST = timedelta(days=365)
SECOND_PAIR = "Jemand anderes gibt frei: Sie haben diesen Stand eingereicht oder daran geschrieben."


def hand_in(session: Session, actor: Actor, course_id: str, note: str, *, revision: int) -> None:
    """„Zur Freigabe geben“. Raises Refused."""
    work = _work(session, course_id, revision)
    if work.stand(revision) != DRAFT:
        raise Refused("Der Kurs ist schon in Freigabe.", status=409)
    work.state = WAITING
    _take(session, work, steps.SUBMITTED, actor, HANDED_IN, note)


def send_back(session: Session, actor: Actor, course_id: str, note: str, *, revision: int) -> None:
    """„Zurückgeben“, with what there is to do. Raises Refused."""
    work = _work(session, course_id, revision)
    if work.state == DRAFT:
        raise Refused("Der Kurs ist nicht in Freigabe.", status=409)
    if not note.strip():
        raise Refused("Schreiben Sie, was noch zu tun ist.", field="comment")
    work.state, work.approved = DRAFT, -1
    work.publish_at, work.planned = None, -1
    _take(session, work, steps.RETURNED, actor, SENT_BACK, note)


def approve(session: Session, actor: Actor, course_id: str, note: str, *, revision: int) -> None:
    """„Freigeben“. Raises Refused: with „Vier Augen“ to whoever handed in or wrote since."""
    work = _work(session, course_id, revision)
    if work.stand(revision) != WAITING:
        raise Refused("Der Kurs wartet nicht auf eine Freigabe.", status=409)
    if four_eyes.wanted(session) and actor.owner in involved(session, course_id):
        raise Refused(SECOND_PAIR, status=403)
    work.state, work.approved = READY, revision
    _take(session, work, steps.APPROVED, actor, APPROVED, note)


def plan(session: Session, actor: Actor, course_id: str, at: datetime, *, revision: int) -> None:
    """„Planen“: the worker publishes this very state at that time. Raises Refused."""
    work = _work(session, course_id, revision)
    if not publishing.approved(session, work, revision):
        raise Refused(publishing.NOT_APPROVED, status=409)
    if not clock.now() < at <= clock.now() + LATEST:
        raise Refused("Wählen Sie einen Zeitpunkt in der Zukunft, höchstens in einem Jahr.", field="day")
    _order(session, work, actor, at, revision)
    steps.take(session, course_id, steps.PLANNED, actor.owner, note=spoken(at))


def hand_over(session: Session, actor: Actor, course_id: str, *, revision: int) -> None:
    """Have the worker publish it now: so many texts take longer than a page may. Raises Refused."""
    work = _work(session, course_id, revision)
    if not publishing.approved(session, work, revision):
        raise Refused(publishing.NOT_APPROVED, status=409)
    _order(session, work, actor, clock.now(), revision)


def call_off(session: Session, actor: Actor, course_id: str, *, revision: int) -> None:
    """„Abbrechen“: the time that was planned, else waiting for approval. Raises Refused."""
    work = _work(session, course_id, revision)
    if work.publish_at is not None:
        work.publish_at, work.planned = None, -1
    elif work.state == WAITING:
        work.state = DRAFT
    else:
        raise Refused("Es gibt nichts abzubrechen.", status=409)
    steps.take(session, course_id, steps.CANCELLED, actor.owner)


def involved(session: Session, course_id: str) -> frozenset[int]:
    """Who handed the course in, and who saved a text of it since: they do not approve it."""
    handed_in = steps.last(session, course_id, {steps.SUBMITTED})
    writers = select(WorkText.saved_by).where(WorkText.course_id == course_id)
    if handed_in is None:
        return _people(session.scalars(writers))
    saved = select(WorkRevision.saved_by).where(WorkRevision.course_id == course_id)
    since = session.scalars(saved.where(WorkRevision.saved_at >= handed_in.taken_at)).all()
    now = session.scalars(writers.where(WorkText.saved_at >= handed_in.taken_at)).all()
    return _people([handed_in.person_id, *since, *now])


def spoken(at: datetime) -> str:
    """A time as people read it, „9. Juni 2026, 8:00 Uhr“."""
    local = clock.local(at)
    return f"{day(local.date())}, {local:%H:%M}{NBSP}Uhr"


def _people(ids: Iterable[int | None]) -> frozenset[int]:
    return frozenset(number for number in ids if number is not None)


def _work(session: Session, course_id: str, revision: int) -> WorkCourse:
    """The copy's row, locked. Raises Refused (409) when it is not the state that the page showed."""
    work = session.get(WorkCourse, course_id, with_for_update=True, populate_existing=True)
    if work is None:
        raise Refused(publishing.NOTHING, status=409)
    if publishing.revision_of(session, work) != revision:
        raise Refused(publishing.CHANGED, status=409)
    return work


def _take(session: Session, work: WorkCourse, step: str, actor: Actor, kind: str, note: str) -> CourseStep:
    made = steps.take(session, work.id, step, actor.owner, note=_note(note))
    events.record(session, kind, f"kurs:{work.id}", step=made.id, by=actor.owner)
    return made


def _note(words: str) -> str:
    cleaned = words.replace("\r\n", "\n").strip()
    if len(cleaned) > MOST:
        raise Refused(f"Kürzen Sie auf {MOST} Zeichen.", field="comment")
    return cleaned


def _order(session: Session, work: WorkCourse, actor: Actor, at: datetime, revision: int) -> None:
    """Note the time and ask the worker; an earlier plan is void, its job finds another time."""
    at = at.replace(microsecond=0)
    work.publish_at, work.planned = at, revision
    key = f"{PUBLISH_PLANNED}:{work.id}:{at.isoformat()}"
    arguments = {"course_id": work.id, "at": at.isoformat(), "person_id": actor.owner}
    jobs.enqueue(session, PUBLISH_PLANNED, dedupe=key, run_at=at, **arguments)
