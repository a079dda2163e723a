"""Long lists: 25 rows and an opaque, signed cursor that names the last row shown; no page numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

ROWS = 25
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Some rows of a list, and the cursor `nach` of the next ones; empty at the end."""

    rows: Sequence[Row]
    after: str


def slice_of(
    session: Session,
    statement: Select[Any],
    keys: Sequence[InstrumentedAttribute[Any]],
    after: str | None,
    *,
    descending: bool = False,
) -> Slice[Any]:
    """The next rows of a statement that selects one entity, ordered by `keys`, whose last is unique.

    A cursor that is not ours leads to the first rows.
    """
    position = read(after, len(keys))
    columns = tuple_(*keys)
    if position is not None:
        statement = statement.where(columns < position if descending else columns > position)
    order = [key.desc() if descending else key.asc() for key in keys]
    found = session.scalars(statement.order_by(*order).limit(ROWS + 1)).all()
    rows = found[:ROWS]
    more = len(found) > ROWS
    return Slice(rows, write([getattr(rows[-1], key.key) for key in keys]) if more else "")


def write(values: Sequence[Any]) -> str:
    """A cursor that names a row by its keys."""
    signed = _signer().dumps(values)
    return signed if isinstance(signed, str) else signed.decode()


def read(cursor: str | None, length: int) -> tuple[Any, ...] | None:
    """The keys in a cursor; None for one that is not ours."""
    try:
        found = _signer().loads(cursor or "")
    except BadData:
        return None
    return tuple(found) if isinstance(found, list) and len(found) == length else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="nach")
