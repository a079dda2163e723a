"""One row for every table, whatever its columns: enough to see whether a migration or backup keeps rows."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)

from learn.core import rows

INSTANT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


def fill(connection: Connection, metadata: MetaData) -> None:
    """Insert one row into each empty table that belongs to `metadata`; references point to each other."""
    found = rows.schema(connection)
    for table in found.tables:
        if table.name in metadata.tables:
            connection.execute(table.insert().values(_row(connection, table, found.late[table.name])))
    rows.reset_sequences(connection, found.tables)


def _row(connection: Connection, table: Table, late: tuple[str, ...]) -> dict[str, Any]:
    return {
        column.name: None if column.name in late else _value(connection, column) for column in table.columns
    }


def _value(connection: Connection, column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, DateTime):
        return INSTANT.replace(tzinfo=None) if connection.dialect.name == "sqlite" else INSTANT
    plain: tuple[tuple[type, Any], ...] = (
        (JSON, {"ä": [1, None, "ß"]}),
        (LargeBinary, b"\x00\xff"),
        (Date, date(2026, 2, 3)),
        (Boolean, True),
        (Integer, 1),
    )
    return next((value for type_, value in plain if isinstance(kind, type_)), "1")
