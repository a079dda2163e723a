"""A person's Mitteilungen and what becomes of them: handed out, erased, ended after their time."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.cleaning import retains
from learn.core.owndata import Found, Owner, erases_by, exports, nothing
from learn.notices.models import AddressState, Delivery, DigestMark, Event, Notice

EVENTS_STAY = timedelta(days=90)
NOTICES_STAY = timedelta(days=365)

erases_by(Notice.person_id, Delivery.person_id, DigestMark.person_id, AddressState.person_id)
nothing("Ereignisse im Forum", Event)


@exports(
    Notice,
    "benachrichtigungen",
    "Mitteilungen",
    ("Worum es geht", "Art", "Grund", "Tag", "Ereignis", "Erledigt"),
)
def notices(session: Session, owner: Owner) -> Found:
    columns = (Notice.subject, Notice.kind, Notice.reason, Notice.happened_on, Notice.event_id, Notice.done)
    return session.execute(select(*columns).where(Notice.person_id == owner.person_id).order_by(Notice.id))


@exports(Delivery, "zustellungen", "Mitteilungen per E-Mail", ("Ereignis", "Weg", "Grund", "Zustand"))
def deliveries(session: Session, owner: Owner) -> Found:
    columns = (Delivery.event_id, Delivery.channel, Delivery.reason, Delivery.state)
    mine = select(*columns).where(Delivery.person_id == owner.person_id)
    return session.execute(mine.order_by(Delivery.id))


@exports(DigestMark, "wochenuebersicht", "Wöchentliche Übersicht", ("Letztes gemeldetes Ereignis",))
def marks(session: Session, owner: Owner) -> Found:
    return session.execute(select(DigestMark.event_id).where(DigestMark.person_id == owner.person_id))


@exports(
    AddressState,
    "zustellbarkeit",
    "Zustand der E-Mail-Adresse",
    ("Zustand", "Fehler in Folge", "Seit", "Adresse"),
)
def states(session: Session, owner: Owner) -> Found:
    columns = (AddressState.state, AddressState.failures, AddressState.since, AddressState.email_key)
    return session.execute(select(*columns).where(AddressState.person_id == owner.person_id))


@retains(Event)
def old_events() -> ColumnElement[bool]:
    return Event.at < clock.now() - EVENTS_STAY


@retains(Delivery)
def old_deliveries() -> ColumnElement[bool]:
    return Delivery.event_id.in_(select(Event.id).where(old_events()))


@retains(Notice)
def old_notices() -> ColumnElement[bool]:
    return Notice.happened_on < clock.today() - NOTICES_STAY
