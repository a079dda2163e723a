"""The append-only progress log: what a request means for it, and the one way a row gets in."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from learn.core import clock
from learn.core.access import Refused
from learn.learning.models import ProgressEntry
from learn.learning.progress import DONE, REOPENED, Row

_COLUMNS = (
    ProgressEntry.object_id,
    ProgressEntry.edition,
    ProgressEntry.event,
    ProgressEntry.pass_,
    ProgressEntry.day,
    ProgressEntry.release_id,
    ProgressEntry.request_id,
    ProgressEntry.id,
)


class Wish(NamedTuple):
    """What a form asks for; without `pass_` the present one counts."""

    object_id: str
    edition: int
    event: str
    pass_: int | None
    request_id: str


def load(session: Session, enrolment_id: int) -> list[Row]:
    """All rows of an enrolment, in one statement."""
    statement = select(*_COLUMNS).where(ProgressEntry.enrolment_id == enrolment_id)
    return [Row(*found) for found in session.execute(statement)]


def decide(rows: Iterable[Row], wish: Wish, *, done: bool) -> int | None:
    """The pass to store the wish under, or None when the log already says it.

    `done`: whether the object counts as done at present, by `progress`. Raises Refused (422) for a
    request_id used for something else and for a pass that has not begun.
    """
    own = [row for row in rows if row.object_id == wish.object_id]
    present = sum(row.event == REOPENED for row in own)
    if any(row.request_id == wish.request_id for row in rows):
        _refuse_other_use(rows, wish)
        return None
    if wish.pass_ is not None and wish.pass_ > present:
        raise Refused("Laden Sie die Seite neu. Dieser Durchgang hat noch nicht begonnen.")
    if wish.pass_ is not None and wish.pass_ < present:
        return None  # an old page: what it asks for has been done and undone since
    if wish.event == REOPENED:
        return present if done else None
    repeated = any(row.event == DONE and row.pass_ == present and row.edition >= wish.edition for row in own)
    return None if repeated else present


def _refuse_other_use(rows: Iterable[Row], wish: Wish) -> None:
    """The same request once more is fine; its id with other content is not."""
    for row in rows:
        same = (row.object_id, row.edition, row.event) == (wish.object_id, wish.edition, wish.event)
        if row.request_id == wish.request_id and not (same and wish.pass_ in {None, row.pass_}):
            raise Refused("Laden Sie die Seite neu. Diese Anfrage wurde schon für etwas anderes benutzt.")


def append(session: Session, enrolment_id: int, release_id: int, wish: Wish, pass_: int) -> Row | None:
    """Store one row; None when another request was first, which the database decides."""
    today = clock.today()
    values: dict[str, object] = {
        "enrolment_id": enrolment_id,
        "object_id": wish.object_id,
        "edition": wish.edition,
        "event": wish.event,
        "pass": pass_,
        "release_id": release_id,
        "request_id": wish.request_id,
        "day": today,
    }
    number = insert_new(session, ProgressEntry, values)
    if number is None:
        return None
    return Row(wish.object_id, wish.edition, wish.event, pass_, today, release_id, wish.request_id, number)


def insert_new(session: Session, table: type[DeclarativeBase], values: dict[str, object]) -> int | None:
    """Insert a row and return its id; None where a unique constraint says that it exists."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table).values(values).on_conflict_do_nothing()
    found: int | None = session.execute(statement.returning(inspect(table).primary_key[0])).scalar()
    return found
