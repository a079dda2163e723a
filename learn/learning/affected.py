"""How many learners will notice a new release, for the publishing report; numbers only, never persons."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.learning.models import Enrolment, ProgressEntry
from learn.learning.progress import DONE, REOPENED

NEW, SUBSTANTIAL, REDO = "neu", "inhaltlich", "erneut"


@dataclass(frozen=True, slots=True)
class Affected:
    """Exact counts; whoever shows them masks 1 to 4.

    `notified` see a mark („neu gefasst“, „Neu im Kurs“), `repeat` have a finished lesson opened again.
    """

    enrolled: int
    notified: int
    repeat: int


def affected(session: Session, course_id: str, changes: Mapping[str, str]) -> Affected:
    """Count who notices `changes`: lesson id -> class of its change (content.md section 3)."""
    enrolled = select(func.count()).select_from(Enrolment).where(Enrolment.course_id == course_id)
    total = session.scalar(enrolled) or 0
    substantial = _who_finished(session, course_id, changes, SUBSTANTIAL)
    notified = total if NEW in changes.values() else len(substantial)
    return Affected(total, notified, len(_who_finished(session, course_id, changes, REDO)))


def _who_finished(session: Session, course_id: str, changes: Mapping[str, str], kind: str) -> set[int]:
    """Enrolments in which a lesson with this class of change is done, in its present pass."""
    lessons = [lesson_id for lesson_id, found in changes.items() if found == kind]
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
