"""Reads the audit log; changes nothing. Names are looked up when a page is made and stored nowhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from learn.accounts import joining, reasons
from learn.accounts.models import Person
from learn.core import audit, audit_words, clock
from learn.core.models import AuditEntry
from learn.core.paging import Slice, slice_of

AT_ONCE = 500
audit_words.REASONS.update({**reasons.REASONS, **joining.REASONS})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: days from and until, one action, one account as actor or subject."""

    since: date | None = None
    until: date | None = None
    action: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in words, `at` in Europe/Berlin; accounts have their number, and a name while they exist."""

    number: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    subject_name: str
    reason: str


def entries(session: Session, asked: Asked, after: str | None) -> Slice[Entry]:
    """The latest 25 entries, or those that follow."""
    found = slice_of(session, _statement(asked), [AuditEntry.id], after, descending=True)
    return Slice(told(session, found.rows), found.after)


def extract(session: Session, asked: Asked, limit: int | None = None) -> Iterator[Entry]:
    """All entries from the oldest on, some at a time; `limit` ends them early."""
    last, left = 0, limit
    while left is None or left > 0:
        count = AT_ONCE if left is None else min(AT_ONCE, left)
        statement = _statement(asked).where(AuditEntry.id > last).order_by(AuditEntry.id).limit(count)
        rows = session.scalars(statement).all()
        yield from told(session, rows)
        if len(rows) < count:
            return
        last, left = rows[-1].id, None if left is None else left - count


def of_person(session: Session, person_id: int) -> Sequence[Entry]:
    """What staff did with somebody's account, from the oldest on; the import that made it counts, too."""
    made_on = session.scalar(select(Person.created_on).where(Person.id == person_id))
    own = session.scalars(select(AuditEntry).where(AuditEntry.subject == audit.person(person_id))).all()
    imports = _statement(Asked(made_on, made_on, "personen.eingelesen")) if made_on else None
    made = session.scalars(imports).all() if imports is not None else []
    mine = [*own, *(entry for entry in made if audit.covers(entry.subject, person_id))]
    return told(session, sorted(mine, key=lambda entry: entry.id))


def told(session: Session, rows: Sequence[AuditEntry]) -> list[Entry]:
    """Entries in words."""
    names = _names(session, (name for row in rows for name in (row.actor, row.subject)))
    return [
        Entry(
            number=row.id,
            at=clock.local(row.at),
            actor=audit_words.who(row.actor),
            actor_name=names.get(row.actor, ""),
            action=audit_words.action(row.action),
            subject=audit_words.who(row.subject),
            subject_name=names.get(row.subject, ""),
            reason=audit_words.reason(row.reason),
        )
        for row in rows
    ]


def _names(session: Session, named: Iterable[str]) -> dict[str, str]:
    """Names of the accounts that still exist."""
    ids = {number for number in map(audit_words.account, named) if number is not None}
    if not ids:
        return {}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {audit.person(row.id): row.name for row in found}


def _statement(asked: Asked) -> Select[AuditEntry]:
    statement = select(AuditEntry)
    if asked.since is not None:
        statement = statement.where(AuditEntry.at >= _midnight(asked.since))
    if asked.until is not None:
        statement = statement.where(AuditEntry.at < _midnight(asked.until + timedelta(days=1)))
    if asked.action:
        statement = statement.where(AuditEntry.action == asked.action)
    if asked.person_id is not None:
        account = audit.person(asked.person_id)
        statement = statement.where(or_(AuditEntry.actor == account, AuditEntry.subject == account))
    return statement


def _midnight(day: date) -> datetime:
    """When a day begins in Europe/Berlin."""
    return datetime.combine(day, time(), clock.BERLIN).astimezone(UTC)
