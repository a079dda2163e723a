"""From a delivery to a mail: released in small batches at its time, written and handed over by its own job.

Jobs hold numbers only. Each mail is written when it leaves, so what was hidden, muted or erased meanwhile is
in none, and a repeat after a crash bears the same Message-ID.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person
from learn.core import clock, copies, jobs, mail, workdays
from learn.core.mail import Message
from learn.notices.kinds import BATCH, CHOICE_OF, WEEKLY, WRITERS, Item
from learn.notices.models import Delivery, DigestMark, Event
from learn.notices.resolving import RELEASE, ask_for_release, lands_of

SEND, SEND_WEEKLY = "send_notice", "send_weekly"
OPEN, SENT, DROPPED = "offen", "fertig", "entfallen"
LEASE = timedelta(days=4)  # longer than a mail is tried
TOO_LATE = timedelta(days=21)  # then nobody needs it by mail any more


@jobs.job(RELEASE)
def release(work: jobs.Work) -> None:
    """Give the next due deliveries a job each, then come back for more behind what else waits."""
    with work.database.writing() as session:
        if len(release_some(session)) == BATCH:
            ask_for_release(session, clock.now())


@jobs.job("release_forgotten", every=timedelta(minutes=15))
def release_forgotten(work: jobs.Work) -> None:
    """The same on its own, so that no delivery depends on a single job."""
    release(work)


def release_some(session: Session) -> Sequence[Delivery]:
    """Lease some due deliveries to jobs that send them, in the caller's transaction."""
    now = clock.now()
    due = _open().where(Delivery.run_at <= now, _free(now)).order_by(Delivery.run_at, Delivery.id)
    found = session.scalars(due.limit(BATCH).with_for_update(skip_locked=True)).all()
    for delivery in found:
        if delivery.channel == choices.AT_ONCE:
            delivery.lease_until = now + LEASE
            jobs.enqueue(session, SEND, delivery_id=delivery.id)
    for person_id in sorted({each.person_id for each in found if each.channel == choices.WEEKLY}):
        _release_weekly(session, person_id, now)
    session.flush()
    return found


def _release_weekly(session: Session, person_id: int, now: datetime) -> None:
    """Everything due for one person becomes one mail; her mark moves with it."""
    own = (Delivery.person_id == person_id, Delivery.channel == choices.WEEKLY)
    due = (*own, Delivery.state == OPEN, Delivery.run_at <= now)
    lease = update(Delivery).where(*due).values(lease_until=now + LEASE)
    session.execute(lease.execution_options(synchronize_session=False))
    last, event_id = session.execute(
        select(func.max(Delivery.id), func.max(Delivery.event_id)).where(*due)
    ).one()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    mark = insert(DigestMark).values(person_id=person_id, event_id=event_id)
    session.execute(
        mark.on_conflict_do_update(
            index_elements=[DigestMark.person_id],
            set_={"event_id": mark.excluded.event_id},
            where=DigestMark.event_id < mark.excluded.event_id,
        )
    )
    jobs.enqueue(session, SEND_WEEKLY, person_id=person_id, up_to=last)


@jobs.job(SEND, attempts=mail.ATTEMPTS)
def send(work: jobs.Work, *, delivery_id: int) -> None:
    """Write and send the mail about one event."""
    if later(work, SEND, _open().where(Delivery.id == delivery_id), delivery_id=delivery_id):
        return
    with work.database.reading() as session:
        found = session.execute(_with_events(Delivery.id == delivery_id)).one_or_none()
        if found is None:
            return
        delivery, event, person = found
        message = None
        if _wanted(session, person, [Item(event, delivery.reason)]):
            message = WRITERS[event.kind](session, work.config, person, Item(event, delivery.reason))
    number = mail.recurring(work.config, event.at, event.id, person.id)
    hand_over(work, message, number, delivery.run_at, [delivery.id])


@jobs.job(SEND_WEEKLY, attempts=mail.ATTEMPTS)
def send_weekly(work: jobs.Work, *, person_id: int, up_to: int) -> None:
    """Write and send the overview of a person's deliveries up to one; nothing left means no mail."""
    own = (Delivery.person_id == person_id, Delivery.channel == choices.WEEKLY, Delivery.id <= up_to)
    if later(work, SEND_WEEKLY, _open().where(*own), person_id=person_id, up_to=up_to):
        return
    with work.database.reading() as session:
        found = session.execute(_with_events(*own, Delivery.lease_until.is_not(None))).all()
        if not found:
            return
        person = found[0][2]
        items = [Item(event, delivery.reason) for delivery, event, _ in found]
        items = _wanted(session, person, items)
        message = WEEKLY[0](session, work.config, person, items) if items and WEEKLY else None
    latest = found[-1][0]
    number = mail.recurring(work.config, latest.run_at, "weekly", person_id, up_to)
    hand_over(work, message, number, latest.run_at, [delivery.id for delivery, _event, _person in found])


def later(work: jobs.Work, name: str, which: Select[Delivery], **arguments: int) -> bool:
    """Whether mail may not leave now where the person works; then the same job comes when it may."""
    now = clock.now()
    with work.database.reading() as session:
        delivery = session.scalar(which.limit(1))
        if delivery is None:
            return True
        land = lands_of(session, [delivery.person_id]).get(delivery.person_id, "")
    when = workdays.leaves(now, land, work.config.holidays)
    if when <= now:
        return False
    with work.database.writing() as session:
        lease = which.with_only_columns(Delivery.id)
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(lease), Delivery.state == OPEN)
            .values(lease_until=when + LEASE)
            .execution_options(synchronize_session=False)
        )
        jobs.enqueue(session, name, run_at=when, dedupe=f"{name}:{arguments}", **arguments)
    return True


def hand_over(
    work: jobs.Work, message: Message | None, number: str, date: datetime, deliveries: Sequence[int]
) -> None:
    """Send a mail, if there is one, and close its deliveries; raises what the transport raises."""
    try:
        sent = message is not None and mail.hand_over(work, message, number, date)
    except jobs.Hopeless:
        close(work, deliveries, DROPPED)
        raise
    left = close(work, deliveries, SENT if sent else DROPPED)
    if sent and message is not None and not left:  # erased while the mail was on its way
        with work.database.writing() as session:
            copies.forget_later(session, work.config, message.to)


def close(work: jobs.Work, deliveries: Sequence[int], state: str) -> int:
    """Deliveries are done with; gives how many of them there still were."""
    with work.database.writing() as session:
        closing = update(Delivery).where(Delivery.id.in_(deliveries)).values(state=state, lease_until=None)
        closed = session.execute(closing.returning(Delivery.id).execution_options(synchronize_session=False))
        return len(closed.all())


def _open() -> Select[Delivery]:
    return select(Delivery).where(Delivery.state == OPEN)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Delivery.lease_until.is_(None), Delivery.lease_until < now)


def _with_events(*which: ColumnElement[bool]) -> Select[Delivery, Event, Person]:
    joined = select(Delivery, Event, Person).join(Event, Event.id == Delivery.event_id)
    joined = joined.join(Person, Person.id == Delivery.person_id)
    return joined.where(Delivery.state == OPEN, *which).order_by(Delivery.id)


def _wanted(session: Session, person: Person, items: Sequence[Item]) -> list[Item]:
    """What she still wants to hear of: her account is open, it is not too late, its kind not ended."""
    if not person.active:
        return []
    chosen = choices.rhythms(session, [person.id])
    oldest = clock.now() - TOO_LATE
    return [
        item
        for item in items
        if item.event.at > oldest and chosen(person.id, CHOICE_OF[item.reason]) != choices.NEVER
    ]
