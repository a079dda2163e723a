"""The whole instance in one file, taken while it runs, and back; one format for both databases.

A tar of `tables/<name>.jsonl` read in one snapshot, `files/<key>` that the rows name, `secret`, `seiten/`
and last `manifest.json` with the checksum of each. Mode 0600: it holds everything.
"""

import json
import os
import secrets
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock, lineage, migrate, numbering, rows, schema, storage
from learn.core.access import Refused
from learn.core.archive import Archive, Writer, opened
from learn.core.db import Database
from learn.core.lineage import Lineage

FORMAT = 1
PAGES = "seiten"
SEEDED = ("topic_synonym", "topic")  # migrations fill them; referring tables first
# May hold rows in an instance that is still empty.
FLEETING = frozenset({"job", "throttle", rows.VERSIONS, *SEEDED})

Keys = Callable[[Connection], Iterable[str]]
Erase = Callable[[Session], int]  # erases whom the database says to be erased; gives their number


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds."""

    rows: int
    files: int
    erased: int = 0  # people who were in the backup and had been erased since


def dump(config: Config, database: Database, target: Path, keys: Keys) -> Summary:
    """Write the backup beside its place, then move it there; `keys` lists the files that rows name.

    Raises Refused when a file is missing or the tables are not those of this program.
    """
    fresh = target.parent / f".{target.name}-{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                summary = _write(config, database, Writer(tar), keys)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    storage.sync(target.parent)
    return summary


def restore(
    config: Config, database: Database, source: Path, *, erase: Erase, replace: bool = False
) -> Summary:
    """Fill an empty instance, or replace what is there: the tables of the backup's revision, then upgrade.

    Whoever was erased since the backup was taken is erased again. Raises Refused for a file that is none, is
    newer than this program, or an instance that is not empty.
    """
    with opened(source) as archive:
        manifest = _manifest(archive)
        if replace:
            _rehearse(archive, manifest)
        known = _make_room(config, database, replace=replace)
        store = storage.Storage(config.storage)
        files = 0
        for key in archive.below("files/"):
            store.save(key, archive.read(f"files/{key}"))
            files += 1
        migrate.upgrade(database, manifest["revision"])
        with database.writing() as session:
            number = _load(session.connection(), archive, manifest)
        migrate.upgrade(database)
        _own_files(config.instance, archive)
    with database.writing() as session:
        lineage.carry_over(session, known)
        erased = erase(session)
    lineage.forget(config.instance)
    return Summary(number, files, erased)


def _rehearse(archive: Archive, manifest: dict[str, Any]) -> None:
    """Load all rows into a database that is thrown away, before anything is replaced. Raises Refused."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Database(f"sqlite:///{folder}/trial.sqlite3")
        try:
            migrate.upgrade(trial, manifest["revision"])
            with trial.writing() as session:
                _load(session.connection(), archive, manifest)
        except (ValueError, TypeError, LookupError, SQLAlchemyError) as problem:
            raise Refused("Diese Sicherung lässt sich nicht laden. Es wurde nichts geändert.") from problem
        finally:
            trial.dispose()


def _write(config: Config, database: Database, writer: Writer, keys: Keys) -> Summary:
    with _snapshot(database) as connection:
        revision = schema.current(connection)
        if schema.state(connection) != "current":
            raise Refused("Die Tabellen passen nicht zum Programm. Starten Sie „learn db upgrade“.")
        tables = rows.schema(connection).tables
        number = sum(
            writer.add(f"tables/{table.name}.jsonl", rows.dump(connection, table)) for table in tables
        )
        files = _add_files(config, writer, keys(connection))
        given = numbering.numbers(connection)
    for path in (config.instance / "secret", *sorted((config.instance / PAGES).glob("*"))):
        if path.is_file():
            writer.add(path.relative_to(config.instance).as_posix(), [path.read_bytes()])
    _finish(writer, revision, [table.name for table in tables], given)
    return Summary(number, files)


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """One read transaction that sees one state; SQLite's write-ahead log gives that to any."""
    engine = database.reader
    if not database.sqlite:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


def _finish(writer: Writer, revision: str | None, tables: list[str], given: Mapping[str, int]) -> None:
    manifest = {
        "format": FORMAT,
        "revision": revision,
        "taken": clock.now().isoformat(),
        "tables": tables,
        "numbers": given,
        "sha256": writer.sums,
    }
    writer.add("manifest.json", [json.dumps(manifest, indent=2).encode()])


def _add_files(config: Config, writer: Writer, keys: Iterable[str]) -> int:
    store = storage.Storage(config.storage)
    wanted = sorted(set(keys))
    for key in wanted:
        try:
            data = store.path(key).read_bytes()
        except FileNotFoundError as missing:
            raise Refused(
                f"Die Datei {key} fehlt in der Ablage. Veröffentlichen Sie den Kurs neu."
            ) from missing
        writer.add(f"files/{key}", [data])
    return len(wanted)


def _manifest(archive: Archive) -> dict[str, Any]:
    """Read the manifest and compare every checksum, before anything of the instance is touched."""
    try:
        manifest = json.loads(archive.read("manifest.json"))
        found, revision, sums = manifest["format"], manifest["revision"], dict(manifest["sha256"])
        tables = [str(name) for name in manifest["tables"]]
        given = {str(name): int(number) for name, number in manifest.get("numbers", {}).items()}
    except (ValueError, KeyError, TypeError) as problem:
        raise Refused("Die Sicherung hat kein lesbares Verzeichnis.") from problem
    if found != FORMAT or revision not in schema.revisions():
        raise Refused("Die Sicherung stammt von einer neueren Fassung des Programms.")
    expected = {*sums, *(f"tables/{name}.jsonl" for name in tables)}
    for name in sorted(expected | archive.members.keys() - {"manifest.json"}):
        if archive.checksum(name) != sums.get(name):
            raise Refused(f"Die Sicherung ist beschädigt: {name} hat eine andere Prüfsumme.")
    return {"revision": revision, "tables": tables, "numbers": given}


def _make_room(config: Config, database: Database, *, replace: bool) -> Lineage:
    """Empty the database; gives what must outlast that, and what an interrupted restore left of it."""
    with database.reading() as session:
        connection = session.connection()
        known = lineage.remembered(config.instance) | lineage.of(connection)
        empty = not any(
            connection.scalar(select(exists(select(1).select_from(table))))
            for table in rows.schema(connection).tables
            if table.name not in FLEETING
        )
    if not empty and not replace:
        raise Refused("Diese Instanz ist nicht leer. Mit --replace wird ersetzt, was sie enthält.")
    lineage.remember(config.instance, known)
    migrate.downgrade(database, "base")
    return known


def _load(connection: Connection, archive: Archive, manifest: dict[str, Any]) -> int:
    found = rows.schema(connection)
    differing = {table.name for table in found.tables} ^ set(manifest["tables"])
    if differing:
        raise Refused(f"Die Sicherung passt nicht zu ihrem Stand: {', '.join(sorted(differing))}.")
    number = 0
    for table in sorted((each for each in found.tables if each.name in SEEDED), key=_seeding):
        connection.execute(table.delete())
    for table in found.tables:
        with archive.open(f"tables/{table.name}.jsonl") as lines:
            number += rows.load(connection, table, lines, found.late[table.name])
    for table in found.tables:
        if found.late[table.name]:
            with archive.open(f"tables/{table.name}.jsonl") as lines:
                rows.set_late(connection, table, lines, found.late[table.name])
    rows.reset_sequences(connection, found.tables)
    numbering.continue_after(connection, manifest["numbers"])
    return number


def _seeding(table: Table) -> int:
    return SEEDED.index(table.name)


def _own_files(instance: Path, archive: Archive) -> None:
    if "secret" in archive.members:
        storage.write(instance / "secret", archive.read("secret"))
    for name in archive.below(f"{PAGES}/"):
        if "/" not in name:
            storage.make_folder(instance / PAGES)
            storage.write(instance / PAGES / name, archive.read(f"{PAGES}/{name}"))
