"""A person's Mitteilungen leave with her, hers alone, and old ones end."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.accounts.owndata import owner_of
from learn.core import cleaning, clock, owndata
from learn.core.db import Database
from learn.notices.models import AddressState, Delivery, DigestMark, Event, Notice
from tests.factories import make_person

TABLES = (Notice, Delivery, DigestMark, AddressState)


def make_rows(session: Session, person: Person) -> None:
    """A row of each table."""
    event = Event(kind="antwort", subject="frage:7", data={"post": 1}, at=clock.now())
    session.add(event)
    session.flush()
    session.add_all(
        [
            Notice(
                person_id=person.id,
                subject="frage:7",
                kind="antwort",
                reason="antwort",
                data={},
                event_id=event.id,
                happened_on=clock.today(),
            ),
            Delivery(
                event_id=event.id, person_id=person.id, channel="sofort", reason="antwort", run_at=clock.now()
            ),
            DigestMark(person_id=person.id, event_id=event.id),
            AddressState(person_id=person.id, state="gesperrt", email_key=person.email_key),
        ]
    )
    session.flush()


def numbers(session: Session, person: Person) -> list[int]:
    """How many rows of each table are hers."""
    return [session.scalar(select(func.count()).where(table.person_id == person.id)) or 0 for table in TABLES]


def test_everything_is_handed_out_and_erased_for_one_person_alone(db: Session) -> None:
    jana, petra = make_person(db), make_person(db)
    for person in (jana, petra):
        make_rows(db, person)
    owner = owner_of(jana)
    handed_out = {
        topic.name: list(owndata.rows(db, owner, topic))
        for topic in owndata.topics()
        if topic.table in TABLES
    }
    assert {name: len(rows) for name, rows in handed_out.items()} == dict.fromkeys(
        ("benachrichtigungen", "zustellungen", "wochenuebersicht", "zustellbarkeit"), 1
    )
    assert handed_out["zustellbarkeit"][0]["adresse"] == jana.email_key
    owndata.erase(db, owner)
    assert numbers(db, jana) == [0, 0, 0, 0]
    assert numbers(db, petra) == [1, 1, 1, 1]


def test_events_and_deliveries_end_after_90_days_and_lines_after_a_year(
    db: Session, database: Database
) -> None:
    person = make_person(db)
    make_rows(db, person)
    start = clock.now()
    for days, left in ((89, [1, 1, 1, 1]), (91, [1, 0, 1, 1]), (366, [0, 0, 1, 1])):
        with time_machine.travel(start + timedelta(days=days), tick=False):
            for table in (Delivery, Event, Notice):
                cleaning.remove_some(database, table, cleaning.CONDITIONS[table]())
        assert numbers(db, person) == left
