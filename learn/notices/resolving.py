"""From an event to the people it concerns: one line of their Mitteilungen and one delivery each, once.

A transaction handles some people and notes how far it came, so that a killed worker's successor goes on
there: nobody is left out, nobody is told twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, jobs, workdays
from learn.network.models import Municipality
from learn.notices.kinds import CHOICE_OF, REASONS, RECIPIENTS, Batch, Recipient
from learn.notices.models import Delivery, Event, Notice

RESOLVE, RELEASE = "resolve_event", "release_deliveries"
FORGOTTEN = timedelta(minutes=30)  # an event this old without its people has lost its job
SHOWN = ("post", "moderation", "report")  # what a line needs of its event
AT_ONCE, WEEKLY = choices.AT_ONCE, choices.WEEKLY


@jobs.job(RESOLVE)
def resolve(work: jobs.Work, *, event_id: int) -> None:
    """Tell everyone whom an event concerns."""
    while some(work, event_id):
        pass


@jobs.job("resolve_forgotten", every=timedelta(minutes=15))
def resolve_forgotten(work: jobs.Work) -> None:
    """Ask again for events whose job is gone, as after an older backup."""
    with work.database.writing() as session:
        old = select(Event.id).where(~Event.resolved, Event.at < clock.now() - FORGOTTEN)
        for event_id in session.scalars(old.order_by(Event.id).limit(1000)):
            jobs.enqueue(session, RESOLVE, dedupe=f"{RESOLVE}:{event_id}", event_id=event_id)


def some(work: jobs.Work, event_id: int) -> bool:
    """Tell the next people in a transaction of its own; False when all are told."""
    with work.database.writing() as session:
        event = session.get(Event, event_id, with_for_update=True)
        if event is None or event.resolved:
            return False
        batch = RECIPIENTS[event.kind](session, work.config, event, event.told_to)
        put_lines(session, event, batch)
        put_deliveries(session, work.config, event, batch.recipients)
        event.resolved = batch.last is None
        event.told_to = batch.last or event.told_to
        return not event.resolved


def put_lines(session: Session, event: Event, batch: Batch) -> None:
    """One line for each subject and person; a newer event opens it again. A stronger open reason stays."""
    people = [recipient for recipient in batch.recipients if recipient.line]
    if not people:
        return
    open_now = _open_reasons(session, batch.subject, people)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Notice).values(
        [
            {
                "person_id": person.person_id,
                "subject": batch.subject,
                "question_id": batch.question_id,
                "kind": event.kind,
                "reason": min(
                    person.reason, open_now.get(person.person_id, person.reason), key=REASONS.index
                ),
                "data": {name: event.data[name] for name in SHOWN if name in event.data},
                "event_id": event.id,
                "happened_on": clock.local(event.at).date(),
                "done": False,
            }
            for person in people
        ]
    )
    changed = ("kind", "reason", "data", "event_id", "happened_on", "done")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Notice.person_id, Notice.subject],
            set_={name: statement.excluded[name] for name in changed},
            where=Notice.event_id < statement.excluded.event_id,
        )
    )


def _open_reasons(session: Session, subject: str, people: Sequence[Recipient]) -> dict[int, str]:
    ids = [person.person_id for person in people]
    mine = select(Notice.person_id, Notice.reason).where(Notice.person_id.in_(ids), ~Notice.done)
    return {row.person_id: row.reason for row in session.execute(mine.where(Notice.subject == subject))}


def put_deliveries(session: Session, config: Config, event: Event, people: Sequence[Recipient]) -> None:
    """Mails to those who want them, at the time they may leave."""
    ways = _ways(session, config, [person for person in people if person.mail])
    if not ways:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Delivery).values(
        [
            {
                "event_id": event.id,
                "person_id": person.person_id,
                "channel": channel,
                "reason": person.reason,
                "state": "offen",
                "run_at": run_at,
            }
            for person, channel, run_at in ways
        ]
    )
    unique = [Delivery.person_id, Delivery.event_id, Delivery.channel]
    session.execute(statement.on_conflict_do_nothing(index_elements=unique))
    for run_at in {run_at for _person, _channel, run_at in ways}:
        ask_for_release(session, run_at)


def ask_for_release(session: Session, run_at: datetime) -> None:
    """Have due deliveries sent; those of one minute share a job."""
    jobs.enqueue(session, RELEASE, dedupe=f"{RELEASE}:{run_at:%Y%m%d%H%M}", run_at=run_at)


def _ways(
    session: Session, config: Config, people: Sequence[Recipient]
) -> list[tuple[Recipient, str, datetime]]:
    """The channel of each and when it leaves, by what she chose and where her town lies."""
    if not people:
        return []
    ids = [person.person_id for person in people]
    chosen = choices.rhythms(session, ids)
    lands = lands_of(session, ids)
    now = clock.now()
    found = []
    for person in people:
        channel = chosen(person.person_id, CHOICE_OF[person.reason])
        land = lands.get(person.person_id, "")
        if channel in {AT_ONCE, WEEKLY}:
            when = workdays.leaves if channel == AT_ONCE else workdays.weekly
            found.append((person, channel, when(now, land, config.holidays)))
    return found


def lands_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The key of the Land in which people work; missing without a Kommune."""
    statement = select(Person.id, Municipality.ags).join(
        Municipality, Municipality.id == Person.municipality_id
    )
    return {row.id: row.ags[:2] for row in session.execute(statement.where(Person.id.in_(ids)))}
