"""The questions that everybody may read, as addresses for the site map."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import VISITOR
from learn.forum import audience
from learn.forum.models import Question


def number(session: Session) -> int:
    """How many there are: one statement."""
    public = audience.visible(audience.reader(session, VISITOR))
    return session.scalar(select(func.count()).select_from(Question).where(public)) or 0


def public(session: Session, start: int, count: int) -> Sequence[tuple[str, date]]:
    """Their paths, each with the day of its newest Beitrag: one statement."""
    rows = (
        select(Question.id, Question.slug, Question.latest_at)
        .where(audience.visible(audience.reader(session, VISITOR)))
        .order_by(Question.id)
        .offset(start)
        .limit(count)
    )
    return [
        (f"/forum/fragen/{number}-{slug}", clock.local(latest).date())
        for number, slug, latest in session.execute(rows)
    ]
