"""The register of processing (GDPR article 30), made from what every table declares about itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from learn.core.models import NOTHING_PERSONAL
from learn.core.owndata import REGISTRY, Table, tables

GROUPS = {
    "accounts": "Konten und Anmeldung",
    "learning": "Lernen",
    "forum": "Forum",
    "workshop": "Werkstatt",
    "notices": "Mitteilungen",
    "core": "Betrieb und Sicherheit",
    "network": "Kommunen und Klassen",
    "courses": "Kurse",
    "search": "Suche",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One processing: a table, or several that declare the same. `data` names what it holds.

    `personal` is false where no person can be found in it.
    """

    title: str
    tables: tuple[str, ...]
    personal: bool
    data: tuple[str, ...]
    purpose: str
    basis: str
    retention: str
    export: str
    erasure: str


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one part of the program; `name` is for addresses inside a page."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def entries() -> list[Group]:
    """All tables in groups, what is closest to people first."""
    return [
        Group(name, title, tuple(_entries(table for table in tables() if _package(table) == name)))
        for name, title in GROUPS.items()
    ]


def _package(table: Table) -> str:
    return table.__module__.split(".")[1]


def _entries(tables: Iterable[Table]) -> Iterable[Entry]:
    alike: dict[tuple[str, object], list[Table]] = {}
    for table in tables:
        alike.setdefault((REGISTRY.titles[table], table.declared), []).append(table)
    found = [_entry(title, some) for (title, _declared), some in alike.items()]
    return sorted(found, key=lambda entry: not entry.personal)


def _entry(title: str, alike: list[Table]) -> Entry:
    declared = alike[0].declared
    topic = REGISTRY.topics.get(alike[0])
    return Entry(
        title=title,
        tables=tuple(sorted(table.__tablename__ for table in alike)),
        personal=not declared.basis.startswith(NOTHING_PERSONAL),
        data=topic.columns if topic else REGISTRY.kept_back.get(alike[0], ()),
        purpose=declared.purpose,
        basis=declared.basis,
        retention=declared.retention,
        export=declared.export,
        erasure=declared.erasure,
    )
