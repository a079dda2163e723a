"""Long lists page by page: an opaque cursor names the last row shown."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core.access import NotFound

SIZE = 25
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page and the cursor of the next one, empty on the last page."""

    rows: Sequence[Row]
    after: str


def page(
    session: Session,
    query: Select[Row],
    order: Sequence[InstrumentedAttribute[Any]],
    after: str = "",
    *,
    descending: bool = False,
    size: int = SIZE,
) -> Page[Row]:
    """Read one page of whole objects in the order of these columns, the last of them unique.

    Raises NotFound for a cursor that is none.
    """
    if after:
        query = query.where(_beyond(order, after, descending=descending))
    directed = [column.desc() if descending else column.asc() for column in order]
    found = session.scalars(query.order_by(*directed).limit(size + 1)).all()
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], cursor([getattr(last, column.key) for column in order]) if last else "")


def cursor(values: Sequence[Any]) -> str:
    """Pack the sort values of a row so that they may stand in an address."""
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    packed = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def values_of(text: str) -> list[Any]:
    """Unpack a cursor. Raises NotFound."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        values = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError) as problem:
        raise NotFound from problem
    if not isinstance(values, list):
        raise NotFound
    return values


def _beyond(
    order: Sequence[InstrumentedAttribute[Any]], after: str, *, descending: bool
) -> ColumnElement[bool]:
    values = values_of(after)
    if len(values) != len(order):
        raise NotFound
    bounds = tuple_(*(_typed(column, value) for column, value in zip(order, values, strict=True)))
    columns = tuple_(*order)
    return columns < bounds if descending else columns > bounds


def _typed(column: InstrumentedAttribute[Any], value: Any) -> Any:
    expected = column.type.python_type
    try:
        made = expected.fromisoformat(value) if issubclass(expected, date) else value
    except (TypeError, ValueError) as problem:
        raise NotFound from problem
    if type(made) is not expected or (isinstance(made, str) and "\0" in made):
        raise NotFound
    if isinstance(made, int) and not -(2**31) <= made < 2**31:
        raise NotFound
    return made
