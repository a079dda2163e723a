"""How many learners will notice a new release, for the publishing report; numbers only, never persons."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.courses.changes import Change
from learn.courses.report import Learners
from learn.learning.models import Enrolment, ProgressEntry
from learn.learning.progress import DONE, REOPENED

NEW, SUBSTANTIAL, REDO = "neu", "inhaltlich", "erneut"


def affected(session: Session, course_id: str, changes: Iterable[Change]) -> Learners:
    """Count who notices the changes: exact figures, which the report masks where they are small.

    Notified are those who see a mark („neu gefasst“, „Neu im Kurs“), `repeat` those for whom a finished
    lesson opens again.
    """
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for change in changes:
        kinds[change.kind].add(change.id)
    enrolled = select(func.count()).select_from(Enrolment).where(Enrolment.course_id == course_id)
    total = session.scalar(enrolled) or 0
    notified = total if kinds[NEW] else len(_who_finished(session, course_id, kinds[SUBSTANTIAL]))
    return Learners(total, notified, len(_who_finished(session, course_id, kinds[REDO])))


def _who_finished(session: Session, course_id: str, lessons: set[str]) -> set[int]:
    """Enrolments in which one of the lessons is done, in its present pass."""
    if not lessons:
        return set()
    columns = (
        ProgressEntry.enrolment_id,
        ProgressEntry.object_id,
        ProgressEntry.event,
        ProgressEntry.pass_,
    )
    statement = (
        select(*columns)
        .join(Enrolment, Enrolment.id == ProgressEntry.enrolment_id)
        .where(Enrolment.course_id == course_id, ProgressEntry.object_id.in_(lessons))
    )
    rows = session.execute(statement).all()
    passes: dict[tuple[int, str], int] = defaultdict(int)
    for enrolment_id, object_id, event, _pass in rows:
        passes[enrolment_id, object_id] += event == REOPENED
    return {
        enrolment_id
        for enrolment_id, object_id, event, pass_ in rows
        if event == DONE and pass_ == passes[enrolment_id, object_id]
    }
