"""Statements that are written down once and asked often: writing one down costs several times its answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, false, or_
from sqlalchemy.orm import InstrumentedAttribute, Session


def ask(
    session: Session, statement: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement of columns; looking for entities among them would double the cost."""
    session.flush()
    return session.connection().execute(statement, values or {})


def one_of(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`in_` for a few fixed values: its list would be written into the statement anew with each asking."""
    return or_(false(), *(column == value for value in values))
