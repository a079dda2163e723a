"""One person's data: each table says how it is handed out and erased (GDPR articles 15, 17 and 20).

`learn/<package>/owndata.py` (here: `holdings.py`) registers the handlers; a house test compares them with
the declarations.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core import clock
from learn.core.db import Base, Declaration
from learn.core.folding import fold

Table = type[Base]
Row = dict[str, Any]  # JSON values by key


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose data. `person_id` is 0 for somebody without an account, known by her address alone."""

    person_id: int
    email_key: str
    email: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What a person loses with her account beyond her rows, said before; `href` leads to a choice."""

    text: str
    href: str
    link: str


Found = Iterable[Sequence[Any]]
Teller = Callable[[Session, Owner], Loss | None]
Reader = Callable[[Session, Owner], Found]
Eraser = Callable[[Session, Owner], None]
Writer = Callable[[Session, Owner], Iterable[str]]
AnyReader = TypeVar("AnyReader", bound=Reader)
AnyEraser = TypeVar("AnyEraser", bound=Eraser)
AnyWriter = TypeVar("AnyWriter", bound=Writer)
AnyTeller = TypeVar("AnyTeller", bound=Teller)


@dataclass(frozen=True, slots=True)
class Topic:
    """One file of the export: `columns` are German words, `read` gives a value for each, row by row.

    `nested`: values may be lists and mappings, so that there is no table to make of them.
    """

    table: Table
    name: str
    title: str
    columns: tuple[str, ...]
    read: Reader
    nested: bool = False

    @property
    def declared(self) -> Declaration:
        return self.table.declared

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns as names for programs: `Erster Tag` is `erster_tag`."""
        return tuple(fold(column).replace(" ", "_").replace("-", "_") for column in self.columns)


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the export for people to read, as Markdown; `write` gives its pieces, nothing when empty."""

    name: str
    title: str
    write: Writer


@dataclass(slots=True)
class Registry:
    """What is known of each table: its German name, and how it is handed out and erased."""

    titles: dict[Table, str] = field(default_factory=dict)
    topics: dict[Table, Topic] = field(default_factory=dict)
    erasers: dict[Table, Eraser] = field(default_factory=dict)
    impersonal: set[Table] = field(default_factory=set)
    kept_back: dict[Table, tuple[str, ...]] = field(default_factory=dict)
    expiring: set[Table] = field(default_factory=set)
    documents: list[Document] = field(default_factory=list)
    losses: list[Teller] = field(default_factory=list)


REGISTRY = Registry()


def exports(
    table: Table, name: str, title: str, columns: Sequence[str], *, nested: bool = False
) -> Callable[[AnyReader], AnyReader]:
    """Register what gives a person's rows of a table, in the order of `columns`; no others leave it."""

    def register(read: AnyReader) -> AnyReader:
        REGISTRY.titles[table] = title
        REGISTRY.topics[table] = Topic(table, name, title, tuple(columns), read, nested)
        return read

    return register


def erases(table: Table) -> Callable[[AnyEraser], AnyEraser]:
    """Register what removes a person's rows of a table; doing it twice is doing it once."""

    def register(erase: AnyEraser) -> AnyEraser:
        REGISTRY.erasers[table] = erase
        return erase

    return register


def erases_by(*columns: InstrumentedAttribute[int]) -> None:
    """The same for tables whose rows name their person in this column."""
    for column in columns:
        table: Table = column.parent.class_
        erases(table)(_deleting(table, column))


def writes(name: str, title: str) -> Callable[[AnyWriter], AnyWriter]:
    """Register a text for people to read; name and title become its file and its heading."""

    def register(write: AnyWriter) -> AnyWriter:
        REGISTRY.documents.append(Document(name, title, write))
        return write

    return register


def warns(tell: AnyTeller) -> AnyTeller:
    """Register what says before an account is closed what she loses with it; None: nothing."""
    REGISTRY.losses.append(tell)
    return tell


def losses(session: Session, owner: Owner) -> list[Loss]:
    """What she loses beyond her rows."""
    told = (tell(session, owner) for tell in REGISTRY.losses)
    return [loss for loss in told if loss is not None]


def nothing(title: str, *tables: Table) -> None:
    """These tables hold no personal data."""
    REGISTRY.titles.update(dict.fromkeys(tables, title))
    REGISTRY.impersonal.update(tables)


def keeps_back(title: str, table: Table, *data: str) -> None:
    """A table that is not handed out; its declaration says why. `data`: what it holds, in German words."""
    REGISTRY.titles[table] = title
    REGISTRY.kept_back[table] = data


def expires(*tables: Table) -> None:
    """Erasing leaves these rows, which name nobody or nobody can read, until their period ends."""
    REGISTRY.expiring.update(tables)


def tables() -> list[Table]:
    """All mapped tables, in the order in which their modules declare them."""
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return [models[name] for name in Base.metadata.tables if name in models]


def topics() -> list[Topic]:
    """All files of the export, in the order of their registration."""
    return list(REGISTRY.topics.values())


def rows(session: Session, owner: Owner, topic: Topic) -> Generator[Row]:
    """The person's rows of one topic."""
    for found in topic.read(session, owner):
        yield dict(zip(topic.keys, map(plain, found), strict=True))


def held(session: Session, owner: Owner) -> list[Topic]:
    """The topics of which there is at least one row."""
    return [topic for topic in topics() if _has_rows(session, owner, topic)]


def _has_rows(session: Session, owner: Owner, topic: Topic) -> bool:
    with closing(rows(session, owner, topic)) as found:
        return next(found, None) is not None


def erase(session: Session, owner: Owner) -> None:
    """Remove all the person's rows, referring tables first, in the caller's transaction."""
    models = {table.__tablename__: table for table in tables()}
    for table in reversed(Base.metadata.sorted_tables):
        eraser = REGISTRY.erasers.get(models[table.name])
        if eraser is not None:
            eraser(session, owner)
    session.flush()


def remove(session: Session, table: Table, which: ColumnElement[bool]) -> None:
    """Delete rows in the database alone, however many they are."""
    session.execute(delete(table).where(which).execution_options(synchronize_session=False))


def plain(value: Any) -> Any:
    """A value as JSON has it: days as `2026-06-09`, instants as Europe/Berlin shows them."""
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _deleting(table: Table, column: InstrumentedAttribute[int]) -> Eraser:
    def erase(session: Session, owner: Owner) -> None:
        remove(session, table, column == owner.person_id)

    return erase
