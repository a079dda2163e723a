"""Rows of any table as JSON lines and back, the same for both databases.

Tables are reflected, not taken from the models: a backup may be older than this program.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.types import Boolean, Date

BATCH = 1000
VERSIONS = "alembic_version"
DERIVED = ("search_", "takeaway_")  # tables computed from others and built anew instead of copied


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables in an order in which rows can be inserted, and the columns to set afterwards, by table."""

    tables: tuple[Table, ...]
    late: dict[str, tuple[str, ...]]


def schema(connection: Connection) -> Schema:
    """Read the tables as the database has them. Where they refer in a circle, a nullable column waits."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _metadata: not name.startswith(DERIVED))
    waiting = [metadata.tables[name] for name in sorted(metadata.tables) if name != VERSIONS]
    placed: list[Table] = []
    late: dict[str, tuple[str, ...]] = {}
    while waiting:
        ready = _ready(waiting, placed, only_required=False) or _ready(waiting, placed, only_required=True)
        table = ready[0]
        waiting.remove(table)
        late[table.name] = tuple(
            column.name for column in table.columns if not _targets(column) <= set(placed)
        )
        placed.append(table)
    return Schema(tuple(placed), late)


def _ready(waiting: list[Table], placed: list[Table], *, only_required: bool) -> list[Table]:
    return [
        table
        for table in waiting
        if all(
            _targets(column) <= {*placed, table}
            for column in table.columns
            if not (only_required and column.nullable)
        )
    ]


def _targets(column: Column[Any]) -> set[Table]:
    return {key.column.table for key in column.foreign_keys}


def dump(connection: Connection, table: Table) -> Iterator[bytes]:
    """One JSON object per row, by primary key; a NULL is left out, so that JSON's own null stays apart."""
    columns = [_readable(connection, column) for column in table.columns]
    query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    names = [column.name for column in table.columns]
    for row in connection.execute(query):
        written = {
            name: _written(column, value)
            for name, column, value in zip(names, table.columns, row, strict=True)
            if value is not None
        }
        yield json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load(connection: Connection, table: Table, lines: Iterable[bytes], late: Sequence[str] = ()) -> int:
    """Insert the rows but for the columns `late`; gives their number. Raises ValueError, DBAPIError."""
    statement = table.insert().values(
        {column.name: _bound(connection, column, column.name) for column in table.columns}
    )
    number = 0
    for batch in _batches(lines):
        rows = [_row(connection, table, line) for line in batch]
        connection.execute(statement, [{**row, **dict.fromkeys(late)} for row in rows])
        number += len(rows)
    return number


def set_late(connection: Connection, table: Table, lines: Iterable[bytes], late: Sequence[str]) -> None:
    """Set the columns `late` once the rows they refer to are there."""
    keys = [column.name for column in table.primary_key.columns]
    statement = table.update().values({name: bindparam(f"new_{name}") for name in late})
    for key in keys:
        statement = statement.where(table.columns[key] == bindparam(f"old_{key}"))
    for batch in _batches(lines):
        rows = [_row(connection, table, line) for line in batch]
        values = [
            {f"new_{name}": row[name] for name in late} | {f"old_{key}": row[key] for key in keys}
            for row in rows
        ]
        connection.execute(statement, values)


def reset_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL count on from the largest number of each table."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            sequence = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": f'"{table.name}"', "column": column.name},
            )
            largest = connection.scalar(select(func.max(column))) if sequence else None
            if largest is not None:
                connection.scalar(select(func.setval(sequence, largest)))


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _readable(connection: Connection, column: Column[Any]) -> Any:
    """JSON is read as the text it is stored as."""
    if not isinstance(column.type, JSON):
        return column
    return type_coerce(column, Text) if connection.dialect.name == "sqlite" else cast(column, Text)


def _written(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, JSON):
        return json.loads(value)
    if isinstance(kind, LargeBinary):
        return base64.b64encode(value).decode()
    if isinstance(kind, DateTime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _row(connection: Connection, table: Table, line: bytes) -> dict[str, Any]:
    written = json.loads(line)
    unknown = written.keys() - table.columns.keys()
    if unknown:
        raise ValueError(f"{table.name}: {min(unknown)}")
    return {column.name: _stored(connection, column, written) for column in table.columns}


def _stored(connection: Connection, column: Column[Any], written: Mapping[str, Any]) -> Any:
    if column.name not in written:
        return None
    value, kind = written[column.name], column.type
    if isinstance(kind, JSON):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, DateTime):
        instant = datetime.fromisoformat(value).astimezone(UTC)
        return instant.replace(tzinfo=None) if connection.dialect.name == "sqlite" else instant
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(kind, Boolean) else value


def _bound(connection: Connection, column: Column[Any], name: str) -> Any:
    if not isinstance(column.type, JSON):
        return bindparam(name)
    plain = bindparam(name, type_=Text)
    return plain if connection.dialect.name == "sqlite" else cast(plain, column.type)
