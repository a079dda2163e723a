"""Review: a course is handed in, sent back or approved, planned and called off; each is a step."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, true, union
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole
from learn.core import clock, jobs
from learn.core.access import Actor, Refused
from learn.core.i18n import NBSP, day
from learn.notices import events, lines
from learn.workshop import clashing, four_eyes, publishing, steps
from learn.workshop.models import CourseStep, WorkCourse, WorkPicture, WorkRevision, WorkText
from learn.workshop.policy import AUTHORS

HANDED_IN, SENT_BACK, APPROVED = "kurs_eingereicht", "kurs_zurueck", "kurs_freigegeben"  # kinds of events
FAILED = "kurs_gescheitert"
PUBLISH_PLANNED = "publish_planned"  # the job
DRAFT, WAITING, READY = "entwurf", "freigabe", "bereit"
MOST = 4000  # characters of a note
LATEST = timedelta(days=365)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
SECOND_PAIR = "Jemand anderes gibt frei: Sie haben diesen Stand eingereicht oder daran geschrieben."


def hand_in(session: Session, actor: Actor, course_id: str, note: str, *, revision: int) -> None:
    """„Zur Freigabe geben“. Raises Refused."""
    work = _work(session, course_id, revision)
    if work.stand(revision) != DRAFT:
        raise Refused("Der Kurs ist schon in Freigabe.", status=409)
    clashing.check(clashing.clashes(session, course_id))
    work.state = WAITING
    _settle(session, course_id, SENT_BACK, FAILED)
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
    _settle(session, course_id, HANDED_IN, APPROVED)
    _take(session, work, steps.RETURNED, actor, SENT_BACK, note)


def approve(session: Session, actor: Actor, course_id: str, note: str, *, revision: int) -> None:
    """„Freigeben“. Raises Refused: with „Vier Augen“ to whoever handed in or wrote."""
    work = _work(session, course_id, revision)
    if work.stand(revision) != WAITING:
        raise Refused("Der Kurs wartet nicht auf eine Freigabe.", status=409)
    if four_eyes.wanted(session) and actor.owner in involved(session, course_id):
        raise Refused(SECOND_PAIR, status=403)
    clashing.check(clashing.clashes(session, course_id))
    work.state, work.approved = READY, revision
    _settle(session, course_id, HANDED_IN)
    _take(session, work, steps.APPROVED, actor, APPROVED, note)


def plan(session: Session, actor: Actor, course_id: str, at: datetime, *, revision: int) -> None:
    """„Planen“: the worker publishes this very state at that time. Raises Refused."""
    work = _work(session, course_id, revision)
    if not publishing.approved(session, work, revision):
        raise Refused(publishing.NOT_APPROVED, status=409)
    if not clock.now() < at <= clock.now() + LATEST:
        raise Refused("Wählen Sie einen Zeitpunkt in der Zukunft, höchstens in einem Jahr.", field="day")
    clashing.check(clashing.clashes(session, course_id))
    _order(session, work, actor, at, revision)
    _settle(session, course_id, FAILED)
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
        _settle(session, course_id, HANDED_IN)
    else:
        raise Refused("Es gibt nichts abzubrechen.", status=409)
    steps.take(session, course_id, steps.CANCELLED, actor.owner)


def awaited(session: Session, course_id: str, step: int) -> bool:
    """Whether the course still waits for what this step asked: nobody has answered, nothing came between."""
    work = session.get(WorkCourse, course_id)
    asked = steps.last(session, course_id, {steps.SUBMITTED})
    return work is not None and work.state == WAITING and asked is not None and asked.id == step


def involved(session: Session, course_id: str) -> frozenset[int]:
    """Who handed in what waits, and who wrote any of it: with „Vier Augen“ they do not approve it."""
    handed_in = steps.last(session, course_id, {steps.SUBMITTED, steps.PUBLISHED})
    waits = handed_in is not None and handed_in.step == steps.SUBMITTED
    return writers(session, course_id) | _people([handed_in.person_id] if waits and handed_in else [])


def writers(session: Session, course_id: str, key: str = "") -> frozenset[int]:
    """Who has worked on the copy since it was published last; with `key` on that text alone.

    A text that is as released again has nobody: what counts is what would be published.
    """
    published = steps.last(session, course_id, {steps.PUBLISHED})
    since = published.taken_at if published else BEGINNING
    here = WorkText.course_id == course_id
    texts = select(WorkText.key).where(here, WorkText.key == key if key else true())
    saved = select(WorkText.saved_by.label("person_id")).where(WorkText.key.in_(texts))
    before = select(WorkRevision.saved_by).where(
        WorkRevision.key.in_(texts), WorkRevision.course_id == course_id, WorkRevision.saved_at >= since
    )
    if key:
        return _people(session.scalars(union(saved, before)))
    added = (WorkPicture.course_id == course_id, WorkPicture.added_at >= since)
    pictures = select(WorkPicture.added_by).where(*added)
    course = (WorkCourse.id == course_id, WorkCourse.changed_at >= since)
    return _people(
        session.scalars(union(saved, before, pictures, select(WorkCourse.changed_by).where(*course)))
    )


def somebody_left(session: Session, course_id: str) -> bool:
    """Whether, with „Vier Augen“, there is anybody who may approve the course."""
    return bool(authors(session) - involved(session, course_id))


def authors(session: Session, roles: Collection[str] = AUTHORS) -> frozenset[int]:
    """Everybody with one of these roles whose account is open; without some, all who may write courses."""
    bearers = select(PersonRole.person_id).where(PersonRole.role.in_(sorted(roles)))
    return frozenset(session.scalars(select(Person.id).where(Person.id.in_(bearers), Person.active)))


def spoken(at: datetime) -> str:
    """A time as people read it, „9. Juni 2026, 08:00 Uhr“."""
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


def _settle(session: Session, course_id: str, *kinds: str) -> None:
    """What these lines of the Mitteilungen tell is over, for everybody."""
    lines.settle(session, f"kurs:{course_id}", kinds)


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
    jobs.withdraw(session, key)  # called off and planned by somebody else for the same time
    arguments = {"course_id": work.id, "at": at.isoformat(), "person_id": actor.owner}
    jobs.enqueue(session, PUBLISH_PLANNED, dedupe=key, run_at=at, **arguments)
