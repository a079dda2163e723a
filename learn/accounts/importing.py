"""The import of people from a list: first all is checked, then written some at a time.

Nothing is written while a line has a fault. People who are known, by their address, are skipped and never
changed, so that a run that was killed is finished by another. Each transaction writes one entry of the
audit log, which names the new accounts by their numbers; a run of a million people leaves a thousand.
New people have no password: they choose one when they accept the invitation.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts import joining, queries, words
from learn.accounts.models import Person, PersonRole
from learn.accounts.roster import Fault, Roster, Row
from learn.core import audit, clock
from learn.core.access import Refused
from learn.core.db import Database
from learn.network import policy
from learn.network.models import Municipality

AT_ONCE = 1000  # people of one transaction: others wait for the write lock no longer than that takes
PAUSE = 0.03  # seconds between two transactions on SQLite, in which whoever waits gets the lock
SHOWN = 100  # faults that a report names; more are counted
CACHE_KB = 16 * 1024
CHANGED = "Die Datei hat sich während des Einlesens geändert. Prüfen Sie sie noch einmal."
Advance = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Report:
    """What a list would do, or what is wrong with it: the first faults, and how many there are."""

    charset: str
    delimiter: str
    new: int
    known: int
    faults: tuple[Fault, ...]
    fault_count: int


@dataclass(frozen=True, slots=True)
class Towns:
    """Numbers of the towns by AGS, and those that may have contacts."""

    ids: dict[str, int]
    pioneers: frozenset[str]


def check(database: Database, found: Roster, advance: Advance = lambda _step: None) -> Report:
    """Read the whole list and compare it with the accounts there are; writes nothing."""
    towns = _towns(database)
    faults: list[Fault] = []
    new = known = count = 0
    with closing(Seen()) as seen:
        for some in _batches(found.rows(), AT_ONCE):
            rows, wrong = _judged(some, towns, seen)
            count += len(wrong)
            faults += wrong[: max(SHOWN - len(faults), 0)]
            there = _known(database, [row.email for row in rows])
            known += len(there)
            new += len(rows) - len(there)
            advance(len(some))
    if new + known + count == 0:
        faults, count = [Fault(1, "Die Datei enthält keine Person.")], 1
    return Report(found.charset, found.delimiter, new, known, tuple(faults), count)


def run(
    database: Database,
    found: Roster,
    *,
    by: str,
    invite: bool,
    advance: Advance = lambda _step: None,
) -> int:
    """Write the people of a list that `check` found faultless; gives the number of new ones.

    With `invite` each new one is sent an invitation. Raises Refused when the file is another one meanwhile.
    """
    towns = _towns(database)
    done = 0
    for some in _batches(found.rows(), AT_ONCE):
        rows = [row for row in some if isinstance(row, Row)]
        if len(rows) < len(some) or any(_faults(row, towns) for row in rows):
            raise Refused(CHANGED)
        there = _known(database, [row.email for row in rows])
        fresh = {queries.email_key(row.email): row for row in reversed(rows)}
        fresh = {key: row for key, row in fresh.items() if key not in there}
        if fresh:
            with database.writing() as session:
                done += _write(session, fresh, towns, by=by, invite=invite)
            time.sleep(PAUSE if database.sqlite else 0)
        advance(len(some))
    return done


class Seen:
    """The addresses of a list so far, in a file of the system that goes with it: memory stays the same."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KB}"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def close(self) -> None:
        self._database.close()

    def earlier(self, rows: Sequence[Row]) -> dict[int, int]:
        """Remember these rows; gives the lines whose address stands in an earlier line, with that line."""
        keys = {
            row.line: blake2b(queries.email_key(row.email).encode(), digest_size=16).digest() for row in rows
        }
        before = self._database.total_changes
        statement = "INSERT OR IGNORE INTO seen VALUES (?, ?)"
        self._database.executemany(statement, [(key, line) for line, key in keys.items()])
        if self._database.total_changes - before == len(keys):
            return {}
        first = "SELECT line FROM seen WHERE key = ?"
        lines = {line: self._database.execute(first, (key,)).fetchone()[0] for line, key in keys.items()}
        return {line: earlier for line, earlier in lines.items() if earlier != line}


def _judged(some: Sequence[Row | Fault], towns: Towns, seen: Seen) -> tuple[list[Row], list[Fault]]:
    """The rows without fault, and the faults by line."""
    faults = [each for each in some if isinstance(each, Fault)]
    readable = [each for each in some if isinstance(each, Row)]
    doubled = seen.earlier(readable)
    rows = []
    for row in readable:
        problems = _faults(row, towns)
        if row.line in doubled:
            problems.append(f"Die Adresse steht schon in Zeile {doubled[row.line]}.")
        faults += [Fault(row.line, " ".join(problems))] if problems else []
        rows += [row] if not problems else []
    return rows, sorted(faults, key=lambda fault: fault.line)


def _faults(row: Row, towns: Towns) -> list[str]:
    if row.ags and row.ags not in towns.ids:
        return [f"Eine Kommune mit dem Schlüssel {row.ags} gibt es hier nicht."]
    if "expert" in row.roles and row.ags not in towns.pioneers:
        return ["Kontakte gibt es nur in Pionierkommunen."]
    return []


def _towns(database: Database) -> Towns:
    with database.reading() as session:
        found = session.scalars(select(Municipality)).all()
        pioneers = frozenset(town.ags for town in found if policy.may_have_experts(town))
        return Towns({town.ags: town.id for town in found}, pioneers)


def _known(database: Database, emails: Collection[str]) -> set[str]:
    """Which of these addresses have an account, as keys; a short transaction that holds up nobody."""
    keys = [queries.email_key(email) for email in emails]
    with database.reading() as session:
        return set(session.scalars(select(Person.email_key).where(Person.email_key.in_(keys))))


def _write(session: Session, rows: dict[str, Row], towns: Towns, *, by: str, invite: bool) -> int:
    """Add people by the key of their address; one who has come meanwhile is left as she is."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Person.__table__).on_conflict_do_nothing(index_elements=[Person.email_key])
    values = [_values(key, row, towns) for key, row in rows.items()]
    added = session.execute(statement.returning(Person.id, Person.email_key), values).all()
    if not added:
        return 0
    words.store(session, [(one.id, rows[one.email_key].name, rows[one.email_key].email) for one in added])
    roles = [{"person_id": one.id, "role": role} for one in added for role in rows[one.email_key].roles]
    if roles:
        session.execute(insert(PersonRole), roles)
    first, last = min(one.id for one in added), max(one.id for one in added)
    audit.record(session, by, "personen.eingelesen", audit.people(first, last), f"{len(added)} neue Konten")
    if invite:
        joining.invite_imported(session, by=by, after=first - 1, up_to=last)
    return len(added)


def _values(key: str, row: Row, towns: Towns) -> dict[str, Any]:
    return {
        "email": row.email,
        "email_key": key,
        "name": row.name,
        "office": row.office,
        "municipality_id": towns.ids[row.ags] if row.ags else None,
        "password_hash": None,
        "active": True,
        "created_on": clock.today(),
        "listed": False,
        "name_public": False,
    }


def _batches(rows: Iterator[Row | Fault], size: int) -> Iterator[list[Row | Fault]]:
    while some := list(islice(rows, size)):
        yield some
