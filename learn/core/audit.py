"""The audit log: who of the staff touched whose data, when and why; the database refuses changes to it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.models import AuditEntry

RETENTION = timedelta(days=365)
COMMAND_LINE = "kommandozeile"
INSTANCE = "instanz"


def person(person_id: int) -> str:
    """Name a person by id only, so that erasing her leaves no name."""
    return f"person:{person_id}"


def people(first_id: int, last_id: int) -> str:
    """Name the people whom one transaction made, by the first and the last number."""
    return f"personen:{first_id}-{last_id}"


def covers(subject: str, person_id: int) -> bool:
    """Whether people named so include this one."""
    kind, _, numbers = subject.partition(":")
    first, _, last = numbers.partition("-")
    return kind == "personen" and int(first) <= person_id <= int(last)


def record(session: Session, actor: str, action: str, subject: str, reason: str = "") -> None:
    """Write one entry in the transaction of the action itself.

    `actor` and `subject` are `person(id)`, `people(…)`, COMMAND_LINE or INSTANCE; `action` reads like
    `konto.angelegt`.
    """
    session.add(AuditEntry(at=clock.now(), actor=actor, action=action, subject=subject, reason=reason[:200]))
    session.flush()
