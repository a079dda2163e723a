"""Numbers that tables have given, also to rows that are gone: none is ever given again."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, inspect, select, text

OWNED = text(
    "SELECT c.relname, pg_get_serial_sequence(format('%I', c.relname), a.attname)"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)"
    " WHERE i.indisprimary AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
)


def numbers(connection: Connection) -> dict[str, int]:
    """The last number given by each table that remembers it: on SQLite by those with AUTOINCREMENT."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return {}
        return {
            row.name: row.seq for row in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        }
    found = {}
    for table, sequence in _sequences(connection):
        last = text(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608 - the database's own name
        number = connection.scalar(last)
        if number is not None:
            found[table] = number
    return found


def continue_after(connection: Connection, given: Mapping[str, int]) -> None:
    """Let tables count on from these numbers where theirs are lower."""
    present = numbers(connection)
    higher = {name: number for name, number in given.items() if number > present.get(name, 0)}
    if connection.dialect.name == "sqlite":
        for name in _remembering(connection) & higher.keys():
            values = {"name": name, "seq": higher[name]}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), values)
        return
    for name, sequence in _sequences(connection):
        if name in higher:
            connection.scalar(select(func.setval(sequence, higher[name])))


def _remembering(connection: Connection) -> set[str]:
    made = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    return set(connection.scalars(made))


def _sequences(connection: Connection) -> list[tuple[str, str]]:
    """PostgreSQL's tables with the sequence of their key, quoted as statements need it."""
    return [(table, sequence) for table, sequence in connection.execute(OWNED) if sequence]
