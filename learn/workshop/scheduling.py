"""What the worker does for a course: publishing at the planned time, or why not; checking large ones."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock, jobs
from learn.core.access import NotFound, Refused
from learn.core.storage import Storage
from learn.courses.findings import Finding
from learn.courses.report import Report
from learn.notices import events
from learn.workshop import kept_report, publishing, review, steps
from learn.workshop.models import WorkCourse
from learn.workshop.publishing import Order
from learn.workshop.review import PUBLISH_PLANNED

CHECK = "check_course"  # the job
GONE = "Wer das geplant hat, schreibt keine Kurse mehr. Planen Sie neu oder veröffentlichen Sie selbst."
FAULTS = "Der Kurs hat Fehler, die eine Veröffentlichung verhindern. Der erste: {sentence}"


@jobs.job(PUBLISH_PLANNED)
def publish_planned(work: jobs.Work, *, course_id: str, at: str, person_id: int) -> None:
    """Publish what was planned for this time. Called off, planned anew or done already: nothing to do.

    Whoever planned it still has to write courses, unless somebody has approved this very state.
    """
    when = datetime.fromisoformat(at)
    with work.database.reading() as session:
        row = session.get(WorkCourse, course_id)
        if row is None or row.publish_at != when:
            return
        planner = person_id if session.get(Person, person_id) else None
        order = Order(course_id, planner, row.planned, when)
        stands = row.approved == row.planned or person_id in review.authors(session)
    if not stands:
        give_up(work, order, GONE)
        return
    try:
        report = publishing.carry_out(work.database, Storage(work.config.storage), order)
    except Refused as refused:
        give_up(work, order, refused.message)
    except NotFound:
        give_up(work, order, publishing.NOTHING)
    else:
        if not report.published:
            give_up(work, order, _why(report))


def give_up(work: jobs.Work, order: Order, why: str) -> None:
    """Nothing was published: the plan ends, its step says why, the authors hear of it."""
    with work.database.writing() as session:
        row = session.get(WorkCourse, order.course_id, with_for_update=True)
        if row is None or row.publish_at != order.at:
            return
        row.publish_at, row.planned = None, -1
        step = steps.take(session, order.course_id, steps.FAILED, order.person_id, note=why)
        events.record(session, review.FAILED, f"kurs:{order.course_id}", step=step.id)


def _why(report: Report) -> str:
    if report.ok:
        return publishing.NOTHING
    first = next(found for found in report.findings if found.severity == "error")
    return FAULTS.format(sentence=f"{first.file}, Zeile {first.line}: {first.message}")


def local_time(day: str, time: str) -> datetime:
    """The instant of a day `2026-06-09` and a time `08:00` as Europe/Berlin shows them.

    Raises Refused for what is neither, and for an hour that the day skips in spring.
    """
    try:
        wanted = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=clock.BERLIN)
    except ValueError:
        raise Refused("Wählen Sie Tag und Uhrzeit, zum Beispiel 08:00.", field="day") from None
    instant = wanted.astimezone(UTC)
    if clock.local(instant).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        raise Refused("Diese Uhrzeit gibt es an dem Tag nicht, weil die Uhr vorgestellt wird.", field="time")
    return instant


@jobs.job(CHECK)
def check_course(work: jobs.Work, *, course_id: str, revision: int) -> None:
    """Check a course with many changes, and keep what was found for its page."""
    with work.database.reading() as session:
        row = session.get(WorkCourse, course_id)
        if row is None or row.checked != revision or publishing.revision_of(session, row) != revision:
            return
    try:
        report = publishing.check(work.database, Storage(work.config.storage), course_id)
    except Refused as refused:
        found = Finding("kurs.md", 1, "", "error", refused.message)
        report = Report((), (found,))
    with work.database.writing() as session:
        row = session.get(WorkCourse, course_id, with_for_update=True)
        if row is not None and row.checked == revision:
            row.report = kept_report.dumped(report)


def ask_for_check(session: Session, course_id: str, *, revision: int) -> None:
    """Have the worker check this state of a copy. Raises Refused when it is another by now."""
    row = session.get(WorkCourse, course_id, with_for_update=True)
    if row is None or publishing.revision_of(session, row) != revision:
        raise Refused(publishing.CHANGED, status=409)
    row.checked, row.report = revision, None
    jobs.enqueue(
        session, CHECK, dedupe=f"{CHECK}:{course_id}:{revision}", course_id=course_id, revision=revision
    )
