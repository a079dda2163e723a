"""Planned publishing: the worker carries it out at its time, or says in words why it did not."""

from datetime import UTC, datetime

from learn.core import clock, jobs
from learn.core.access import NotFound, Refused
from learn.core.storage import Storage
from learn.courses.report import Report
from learn.notices import events
from learn.workshop import publishing, steps
from learn.workshop.models import WorkCourse
from learn.workshop.publishing import Order
from learn.workshop.review import PUBLISH_PLANNED

FAILED = "kurs_gescheitert"  # the kind of event
FAULTS = "Der Kurs hat Fehler, die eine Veröffentlichung verhindern. Der erste: {sentence}"


@jobs.job(PUBLISH_PLANNED)
def publish_planned(work: jobs.Work, *, course_id: str, at: str, person_id: int) -> None:
    """Publish what was planned for this time. Called off, planned anew or done already: nothing to do."""
    when = datetime.fromisoformat(at)
    with work.database.reading() as session:
        row = session.get(WorkCourse, course_id)
        if row is None or row.publish_at != when:
            return
        order = Order(course_id, person_id, row.planned, when)
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
        events.record(session, FAILED, f"kurs:{order.course_id}", step=step.id)


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
