"""Once a month the authors hear that texts wait for being reviewed: one line, which names nobody."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole
from learn.config import Config
from learn.core import cleaning, clock, jobs
from learn.notices import events, kinds
from learn.notices.kinds import Batch, Recipient, concerns
from learn.notices.models import Event
from learn.workshop import due
from learn.workshop.policy import AUTHORS

REVIEW = "pruefen"  # kind of event, and the one subject of its line


@jobs.job("remind_to_review", every=cleaning.DAY)
def remind(work: jobs.Work) -> None:
    """Looks daily, speaks once a month, and only while something is due."""
    with work.database.reading() as session:
        ready = not told(session) and waits(session)
    if ready:
        with work.database.writing() as session:
            if not told(session):
                events.record(session, REVIEW, REVIEW)


def told(session: Session) -> bool:
    """Whether this month's reminder is out."""
    first = datetime.combine(clock.today().replace(day=1), time(), clock.BERLIN)
    this_month = select(Event.id).where(Event.kind == REVIEW, Event.at >= first)
    return session.scalar(this_month.limit(1)) is not None


def waits(session: Session) -> bool:
    """Whether something is due."""
    ids = [course_id for course_id, _title in due.courses(session)]
    return any(row.due for row in due.rows(session, clock.today(), ids))


@concerns(REVIEW)
def authors(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Who may write courses; by a line of the Mitteilungen, no mail."""
    writes = select(PersonRole.person_id).where(PersonRole.role.in_(sorted(AUTHORS)))
    people = session.scalars(
        select(Person.id).where(Person.id.in_(writes), Person.active).order_by(Person.id)
    )
    return Batch([Recipient(number, kinds.COURSE, mail=False) for number in people], None, event.subject)
