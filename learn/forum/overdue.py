"""Questions that nobody has answered for five working days: the Koordination hears of each once."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Select, String, cast, exists, literal, select
from sqlalchemy.orm import Session

from learn.core import cleaning, clock, jobs, workdays
from learn.forum import counting
from learn.forum.models import Question
from learn.forum.notifying import WAITING
from learn.network.models import Municipality
from learn.notices import events
from learn.notices.models import Event

WORKDAYS = 5
LOOK_BACK = timedelta(days=60)  # less than events are kept, which say what was told
HEAD_START = counting.PER_TOWN * counting.TOWNS + counting.NOBODY_COMPETENT  # of the order in „Offen“


@jobs.job("find_overdue", every=cleaning.DAY)
def find(work: jobs.Work) -> None:
    """Tell the Koordination of each question whose day has come."""
    with work.database.writing() as session:
        tell(session, work.config.holidays)


def tell(session: Session, closed: Collection[date]) -> int:
    """The same in the caller's transaction; gives how many there were."""
    due = [
        row.id
        for row in session.execute(_unanswered())
        if _overdue(clock.local(row.asked_at).date(), row.ags or "", closed)
    ]
    for question_id in due:
        events.record(session, WAITING, f"{WAITING}:{question_id}", question=question_id)
    return len(due)


def _overdue(asked: date, ags: str, closed: Collection[date]) -> bool:
    """Whether five working days of the asking town are over, the day of asking not counted."""
    return workdays.after(asked, WORKDAYS, ags, closed) < clock.today()


def _unanswered() -> Select[int, datetime, str]:
    """Open questions without an Antwort that nobody was told of, along the list „Offen“."""
    since = clock.now() - LOOK_BACK
    told = exists().where(Event.subject == literal(f"{WAITING}:") + cast(Question.id, String))
    return (
        select(Question.id, Question.asked_at, Municipality.ags)
        .outerjoin(Municipality, Municipality.id == Question.municipality_id)
        .where(Question.state == counting.OPEN, Question.waits_since > since - HEAD_START)
        .where(
            Question.asked_at > since, Question.answers == 0, Question.listed != "", ~Question.locked, ~told
        )
        .order_by(Question.id)
    )
