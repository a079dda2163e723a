"""Backups: every row, file and page comes back, on either database, from an older revision, under writers."""

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, null, select, text

from learn.config import Config
from learn.core import backup, migrate, rows, schema
from learn.core.access import Refused
from learn.core.db import Base, Busy, Database
from learn.core.models import Mark, Throttle
from learn.core.storage import Storage
from learn.courses import models as course_models
from learn.courses import upkeep
from learn.courses.models import Asset, LessonVersion
from learn.learning import models as learning_models
from learn.network.models import Municipality
from tests.conftest import make_config
from tests.core.samples import INSTANT, fill
from tests.postgres import Cluster

restore = partial(backup.restore, erase=lambda _session: 0)
WITH_TABLES = (course_models, learning_models)
SHA = "a" * 64
DRILLS, RESTORED = 15, 5
PAUSE = 0.002  # seconds between two writes of the same writer
START = 21  # rows that a migration brings along: topics and their synonyms


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """An instance of its own with one row in every table, a picture and a page."""
    made = Database.of(instance)
    with made.writing() as session:
        fill(session.connection(), Base.metadata)
        session.add(Asset(sha=SHA, ext="svg", width=1, height=1, size=6, backend="file"))
    for key in ("1.1", f"{SHA}.svg"):
        Storage(instance.storage).save(key, b"<svg/>")
    (instance.instance / "secret").write_text("geheim")
    (instance.instance / "seiten" / "impressum.md").write_text("# Impressum")
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Config]:
    """Settings of an instance that does not exist yet, on either database."""
    folder = tmp_path / "target"
    if request.param == "sqlite":
        yield make_config(folder)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"learn_{worker}_target"
    yield make_config(folder, cluster.empty(name))
    cluster.drop(name)


def content(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, the same for both databases."""
    with database.reading() as session:
        connection = session.connection()
        return {
            table.name: [json.loads(line) for line in rows.dump(connection, table)]
            for table in rows.schema(connection).tables
        }


def dump(config: Config, database: Database, name: str = "a.tar") -> Path:
    file = config.instance.parent / name
    backup.dump(config, database, file, upkeep.picture_keys)
    return file


def test_everything_comes_back_on_either_database(
    instance: Config, database: Database, target: Config
) -> None:
    file = dump(instance, database)
    assert file.stat().st_mode & 0o777 == 0o600
    other = Database.of(target)
    done = restore(target, other, file)
    copied = [name for name in Base.metadata.tables if not name.startswith(rows.DERIVED)]
    assert done == backup.Summary(rows=len(copied) + 1 + START, files=2)
    assert content(other) == content(database)
    assert Storage(target.storage).path(f"{SHA}.svg").read_bytes() == b"<svg/>"
    assert (target.instance / "secret").read_text() == "geheim"
    assert (target.instance / "secret").stat().st_mode & 0o777 == 0o600
    assert (target.instance / "seiten" / "impressum.md").read_text() == "# Impressum"
    with other.writing() as session:  # numbers go on after the largest one
        session.add(Municipality(ags="99000002", name="Neu", population=None, population_day=None))
        session.flush()
        assert session.scalar(select(func.max(Municipality.id))) == 2
    other.dispose()


def test_a_null_and_jsons_own_null_stay_apart(instance: Config, database: Database, target: Config) -> None:
    with database.writing() as session:
        first = session.get(LessonVersion, 1)
        assert first is not None
        columns = {name: getattr(first, name) for name in LessonVersion.__table__.columns.keys()}  # noqa: SIM118
        for number, value in ((5, null()), (6, None)):
            columns |= {"id": number, "source_hash": str(number), "plain": value}
            session.add(LessonVersion(**columns))
    other = Database.of(target)
    restore(target, other, dump(instance, database))
    with other.reading() as session:
        found = session.execute(text("SELECT id FROM lesson_version WHERE plain IS NULL")).scalars().all()
    assert found == [5]
    assert content(other) == content(database)
    other.dispose()


def test_an_older_backup_is_upgraded(instance: Config, database: Database, target: Config) -> None:
    migrate.downgrade(database, "0003")
    before = content(database)
    file = instance.instance.parent / "old.tar"
    as_if_head(database, instance, file, "0003")
    other = Database.of(target)
    restore(target, other, file)
    with other.reading() as session:
        assert schema.state(session.connection()) == "current"
    after = content(other)
    for name, old in before.items():  # newer columns have come to the old ones
        assert [{key: new[key] for key in row} for row, new in zip(old, after[name], strict=True)] == old
    other.dispose()


def as_if_head(database: Database, config: Config, file: Path, revision: str) -> None:
    """Write a backup as the program of that revision would have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "head", lambda: revision)
        backup.dump(config, database, file, lambda _connection: [])


def test_only_an_empty_instance_is_filled_unless_told_to_replace(
    instance: Config, database: Database
) -> None:
    file = dump(instance, database)
    before = content(database)
    with database.writing() as session:
        session.add(Mark(name="later", value="x"))
    with pytest.raises(Refused, match="nicht leer"):
        restore(instance, database, file)
    restore(instance, database, file, replace=True)
    assert content(database) == before


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
def test_backups_under_writers_hold_one_state(instance: Config, database: Database, target: Config) -> None:
    """Writers keep two counters equal, one row written before the other: no backup may see them differ."""
    with database.writing() as session:
        session.add_all(Throttle(key=name, tries=0, until=INSTANT) for name in ("first", "second"))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with suppress(Busy), database.writing() as session:
                for name in ("first", "second"):
                    found = session.get(Throttle, name, with_for_update=True)
                    assert found is not None
                    found.tries += 1
                    session.flush()
            stop.wait(PAUSE)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    files = [dump(instance, database, f"{number}.tar") for number in range(DRILLS)]
    stop.set()
    for writer in writers:
        writer.join()
    held = [tries(archived(file, "throttle")) for file in files]
    assert [first for first, second in held if first != second] == []
    assert len(set(held)) > 1, "nobody wrote meanwhile"
    other = Database.of(target)
    for file, tried in list(zip(files, held, strict=True))[:: DRILLS // RESTORED]:
        restore(target, other, file, replace=True)
        assert tries(content(other)["throttle"]) == tried
    other.dispose()


def archived(file: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table in a backup."""
    with tarfile.open(file) as tar:
        member = tar.extractfile(f"tables/{table}.jsonl")
        assert member is not None
        return [json.loads(line) for line in member]


def tries(rows_of_throttle: list[dict[str, Any]]) -> tuple[int, int]:
    found = {row["key"]: row["tries"] for row in rows_of_throttle}
    return found["first"], found["second"]


def test_a_missing_picture_is_named_and_leaves_no_file(instance: Config, database: Database) -> None:
    Storage(instance.storage).delete(f"{SHA}.svg")
    with pytest.raises(Refused, match=f"{SHA}.svg fehlt"):
        dump(instance, database)
    assert not list(instance.instance.parent.glob("*.tar*"))
    assert not list(instance.instance.parent.glob(".a.tar*"))


def test_a_backup_of_tables_that_do_not_fit_is_refused(instance: Config, database: Database) -> None:
    migrate.downgrade(database, "0003")
    with pytest.raises(Refused, match="passen nicht"):
        dump(instance, database)


def flipped(data: bytes) -> bytes:
    place = data.index(b"<svg/>")
    return data[:place] + b"<svg>" + data[place + 5 :]


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no tar": (lambda _data: b"Guten Tag" * 1000, "keine vollständige Sicherung"),
    "empty": (lambda _data: b"", "keine vollständige Sicherung|fehlt manifest"),
    "truncated": (lambda data: data[: len(data) // 2], "fehlt manifest|keine vollständige"),
    "flipped byte": (flipped, "andere Prüfsumme"),
}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_backup_changes_nothing(instance: Config, database: Database, name: str) -> None:
    spoil, words = BROKEN[name]
    file = dump(instance, database)
    file.write_bytes(spoil(file.read_bytes()))
    before = content(database)
    with pytest.raises(Refused, match=words):
        restore(instance, database, file, replace=True)
    assert content(database) == before


@pytest.mark.parametrize("kind", ["sqlite"])
def test_rows_that_do_not_load_replace_nothing(instance: Config, database: Database) -> None:
    file = dump(instance, database)
    spoiled = instance.instance.parent / "spoiled.tar"
    name = "tables/mark.jsonl"
    with tarfile.open(file) as old, tarfile.open(spoiled, "w") as new:
        members = {info.name: (old.extractfile(info) or io.BytesIO()).read() for info in old.getmembers()}
        members[name] += b"nope\n"
        manifest = json.loads(members["manifest.json"])
        manifest["sha256"][name] = hashlib.sha256(members[name]).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
        for key, data in members.items():
            new.addfile(member(key, size=len(data)), io.BytesIO(data))
    before = content(database)
    with pytest.raises(Refused, match="lässt sich nicht laden"):
        restore(instance, database, spoiled, replace=True)
    assert content(database) == before


def member(name: str, **values: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in values.items():
        setattr(made, key, value)
    return made


HOSTILE = {
    "climbs": [member("../outside")],
    "absolute": [member("/tmp/outside")],  # noqa: S108 - a name inside the archive
    "symlink": [member("files/a", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
    "hard link": [member("files/a", type=tarfile.LNKTYPE, linkname="secret")],
    "device": [member("files/a", type=tarfile.CHRTYPE)],
    "twice": [member("files/a"), member("files/a")],
    "case": [member("files/a"), member("files/A")],
    "unicode": [member("files/ä"), member("files/a\u0308")],
    "backslash": [member("files\\a")],
    "newline": [member("files/a\nb")],
}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_members_are_refused_before_anything_is_touched(
    instance: Config, database: Database, name: str
) -> None:
    file = instance.instance.parent / "hostile.tar"
    with tarfile.open(file, "w") as tar:
        for made in HOSTILE[name]:
            tar.addfile(made, io.BytesIO(b""))
    before = content(database)
    with pytest.raises(Refused, match=r"etwas anderes|zweimal"):
        restore(instance, database, file, replace=True)
    assert content(database) == before


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_backup_of_a_newer_program_is_refused(instance: Config, database: Database) -> None:
    file = instance.instance.parent / "newer.tar"
    manifest = json.dumps({"format": 1, "revision": "9999", "tables": [], "sha256": {}}).encode()
    with tarfile.open(file, "w") as tar:
        tar.addfile(member("manifest.json", size=len(manifest)), io.BytesIO(manifest))
    with pytest.raises(Refused, match="neueren Fassung"):
        restore(instance, database, file, replace=True)
