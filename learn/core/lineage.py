"""What restoring an older backup must not forget: who was erased since, and which numbers were given.

It is kept beside the database from before anything is replaced until all is done, so that a restore that
was killed and started again still knows it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, inspect, select
from sqlalchemy.orm import Session

from learn.core import audit, numbering, storage
from learn.core.models import AuditEntry, Erasure

FILE = "wiederherstellung.json"
BACKED_UP = "instanz.gesichert"
TABLE = Erasure.__tablename__


@dataclass(frozen=True, slots=True)
class Lineage:
    """`backups`: instants at which backups were taken here; `erased`: when, by number; `numbers` given."""

    backups: frozenset[str] = frozenset()
    erased: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __or__(self, other: Self) -> "Lineage":
        numbers = {
            name: max(self.numbers.get(name, 0), other.numbers.get(name, 0))
            for name in self.numbers.keys() | other.numbers.keys()
        }
        return Lineage(self.backups | other.backups, {**self.erased, **other.erased}, numbers)


def of(connection: Connection) -> Lineage:
    """What the database knows, as far as it has the tables."""
    found = set(inspect(connection).get_table_names())
    with Session(connection) as session:
        return Lineage(
            frozenset(_backups(session)) if AuditEntry.__tablename__ in found else frozenset(),
            {row.person_id: _text(row.at) for row in session.scalars(select(Erasure))}
            if TABLE in found
            else {},
            numbering.numbers(connection),
        )


def remembered(instance: Path) -> Lineage:
    """What a restore that did not end has left."""
    path = instance / FILE
    if not path.is_file():
        return Lineage()
    kept = json.loads(path.read_text(encoding="utf-8"))
    erased = {int(number): at for number, at in kept["erased"].items()}
    return Lineage(frozenset(kept["backups"]), erased, kept["numbers"])


def remember(instance: Path, known: Lineage) -> None:
    """Keep it until `forget`; holds numbers and instants only."""
    kept = {"backups": sorted(known.backups), "erased": known.erased, "numbers": known.numbers}
    storage.write(instance / FILE, json.dumps(kept).encode())


def forget(instance: Path) -> None:
    (instance / FILE).unlink(missing_ok=True)


def carry_over(session: Session, known: Lineage) -> None:
    """Write the erasures into a database that was just restored, if its backup was taken in this lineage.

    In another instance the same numbers are other people. The log then names the backups taken since too,
    so that one of them may come next.
    """
    present = frozenset(_backups(session))
    if max(present, default="") not in known.backups:
        return
    for number, at in known.erased.items():
        session.merge(Erasure(person_id=number, at=datetime.fromisoformat(at)))
    for at in sorted(known.backups - present):
        entry = AuditEntry(at=datetime.fromisoformat(at), actor=audit.COMMAND_LINE, action=BACKED_UP)
        entry.subject, entry.reason = audit.INSTANCE, ""
        session.add(entry)
    session.flush()
    numbering.continue_after(session.connection(), known.numbers)


def _backups(session: Session) -> Iterable[str]:
    statement = select(AuditEntry.at).where(AuditEntry.action == BACKED_UP)
    return map(_text, session.scalars(statement))


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
