"""The import of towns: what a list would change, and the change itself, all or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.core import audit
from learn.network import indexing, service
from learn.network.models import MailDomain, Municipality, TownTopic
from learn.network.parse import COLUMNS, BadTownsError, TownFault, TownRow

BATCH = 500
LISTS = ("topics", "domains")
ACCESS = ("rolle", "domains")  # columns that decide what people may do
NAMES = {column: name for name, (column, _convert, _expected) in COLUMNS.items()}
EMPTY: dict[str, Any] = {"population": None, "population_day": None}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many towns an import added, changed and left as they were."""

    added: int
    changed: int
    same: int

    def __str__(self) -> str:
        return f"{self.added} neu, {self.changed} geändert, {self.same} unverändert"


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does with one row; `columns` are those that differ, as the file names them."""

    row: TownRow
    town: Municipality | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """Topics and domains of all towns, by the id of the town."""

    topics: Mapping[int, set[str]]
    domains: Mapping[int, set[str]]

    def of(self, name: str, town: Municipality) -> tuple[str, ...]:
        """One of the lists as rows state it."""
        found: Mapping[int, set[str]] = getattr(self, name)
        return tuple(sorted(found.get(town.id, ())))


def import_towns(
    session: Session,
    rows: Sequence[TownRow],
    *,
    by: str = "",
    advance: Callable[[int], object] = lambda _step: None,
) -> Imported:
    """Add unknown towns and update known ones, by AGS; towns that the list lacks stay.

    `by` is the actor for the audit log; the towns of a demo come without one. `advance` is told how many
    more rows are done. Raises BadTownsError.
    """
    known = lists(session)
    for domain in moved_domains(session, rows):
        session.execute(delete(MailDomain).where(MailDomain.domain == domain))
    added = changed = 0
    for some in changes(session, rows, known):
        apply(session, [change for change in some if change.columns])
        for change in some if by else ():
            record_access(session, change, by)
        new = sum(1 for change in some if change.town is None)
        added, changed = added + new, changed + sum(1 for change in some if change.columns) - new
        advance(len(some))
    done = Imported(added, changed, len(rows) - added - changed)
    if by and added + changed:
        audit.record(session, by, "kommunen.eingelesen", audit.INSTANCE, str(done))
    return done


def record_access(session: Session, change: Change, by: str) -> None:
    """An entry for each known town whose people may now do something else."""
    opened = [name for name in change.columns if name in ACCESS]
    if change.town is not None and opened:
        audit.record(session, by, "kommune.geaendert", service.subject(change.town), ", ".join(opened))


def compared(session: Session, rows: Sequence[TownRow]) -> list[Change]:
    """What an import would add or change; writes nothing. Raises BadTownsError."""
    moved_domains(session, rows)
    found = (change for some in changes(session, rows, lists(session)) for change in some)
    return [change for change in found if change.columns]


def changes(session: Session, rows: Sequence[TownRow], known: Lists) -> Iterator[list[Change]]:
    """Rows beside the towns as they are, some at a time."""
    waiting = iter(rows)
    while some := list(islice(waiting, BATCH)):
        statement = select(Municipality).where(Municipality.ags.in_([row.ags for row in some]))
        towns = {town.ags: town for town in session.scalars(statement)}
        yield [change(row, towns.get(row.ags), known) for row in some]


def change(row: TownRow, town: Municipality | None, known: Lists) -> Change:
    """The columns in which row and town differ; all for a town that is new."""
    differing = [
        NAMES[name]
        for name, value in row.values.items()
        if town is None or value != (known.of(name, town) if name in LISTS else getattr(town, name))
    ]
    return Change(row, town, tuple(differing))


def apply(session: Session, some: Sequence[Change]) -> None:
    """Write towns first, then what refers to them."""
    done: list[tuple[TownRow, Municipality]] = []
    renamed: list[Municipality] = []
    for each in some:
        plain = {name: value for name, value in each.row.values.items() if name not in LISTS}
        town = each.town
        if town is None:
            town = Municipality(**{**EMPTY, **plain}, ags=each.row.ags)
            session.add(town)
        else:
            for name, value in plain.items():
                setattr(town, name, value)
        if "name" in each.columns:
            renamed.append(town)
        done.append((each.row, town))
    session.flush()
    service.index_names(session, renamed)
    for row, town in done:
        if "topics" in row.values:
            service.set_topics(session, town, row.values["topics"])
        if "domains" in row.values:
            service.set_domains(session, town, row.values["domains"])
    indexing.reindex_towns(session, [town.id for _row, town in done])


def moved_domains(session: Session, rows: Sequence[TownRow]) -> list[str]:
    """Domains that pass from one town of the file to another.

    Raises BadTownsError for those of towns that the file does not name.
    """
    stated = {domain: row for row in rows for domain in row.values.get("domains", ())}
    named = {row.ags for row in rows}
    moved: list[str] = []
    faults: list[TownFault] = []
    for domain, name, ags in session.execute(
        select(MailDomain.domain, Municipality.name, Municipality.ags).join(
            Municipality, Municipality.id == MailDomain.municipality_id
        )
    ):
        row = stated.get(domain)
        if row is None or row.ags == ags:
            continue
        moved.append(domain)
        if ags not in named:
            faults.append(TownFault(row.line, service.taken(domain, name)))
    if faults:
        raise BadTownsError(sorted(faults, key=lambda fault: fault.line))
    return moved


def lists(session: Session) -> Lists:
    """Topics and domains of all towns."""
    topics: dict[int, set[str]] = {}
    domains: dict[int, set[str]] = {}
    for found, owner, value in (
        (topics, TownTopic.municipality_id, TownTopic.topic),
        (domains, MailDomain.municipality_id, MailDomain.domain),
    ):
        for town_id, entry in session.execute(select(owner, value)):
            found.setdefault(town_id, set()).add(entry)
    return Lists(topics, domains)
