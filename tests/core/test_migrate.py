"""Migrations: up and down with data on both databases, models match, one waits, a kill leaves old or new."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, delete, func, inspect, select, text
from sqlalchemy.orm import Session

from learn.accounts import models as account_models
from learn.config import Config
from learn.core import audit, cleaning, clock, migrate, schema
from learn.core.db import Base, Database
from learn.core.models import AuditEntry
from learn.courses import models as course_models
from learn.forum import models as forum_models
from learn.learning import models as learning_models
from learn.network import models as network_models
from learn.notices import models as notice_models
from learn.search import models as search_models
from tests.core.samples import fill
from tests.faults.killer import killer
from tests.postgres import Cluster

KILLS = 40
SETTING_UP = """
from pathlib import Path
from learn.core import migrate
from learn.core.db import Database
"""
UP_AND_DOWN = """
database = Database(sys.argv[1], Path(sys.argv[2]) if sys.argv[2] else None)
while True:
    migrate.upgrade(database)
    migrate.downgrade(database, "base")
"""
WITH_TABLES = (
    account_models,
    course_models,
    forum_models,
    learning_models,
    network_models,
    notice_models,
    search_models,
)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """An instance of its own with all tables."""
    made = Database.of(instance)
    yield made
    made.dispose()


@pytest.fixture
def copies(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, worker: str
) -> Iterator[Callable[[Database], Database]]:
    """Gives a copy of a database, in place of the copy before."""
    name = f"learn_{worker}_copy"

    def copy(database: Database) -> Database:
        if kind == "postgres":
            database.dispose()  # nobody else may be connected to a template
            cluster: Cluster = request.getfixturevalue("cluster")
            return Database(cluster.create(name, f"learn_{worker}_own"))
        target = tmp_path / "copy.sqlite3"
        for path in (target, *tmp_path.glob(f"{target.name}-*")):
            path.unlink(missing_ok=True)
        assert database.path is not None
        with sqlite3.connect(database.path) as old, sqlite3.connect(target) as new:
            old.backup(new)
        return Database(f"sqlite:///{target}", tmp_path / "copy.lock")

    yield copy
    if kind == "postgres":
        request.getfixturevalue("cluster").drop(name)


def test_models_and_migrations_describe_the_same_tables(database: Database) -> None:
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_head_and_its_number_is_the_newest_file() -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(schema.bundled("migrations")))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.head()]


def test_each_migration_goes_down_and_up_again_with_data(database: Database) -> None:
    with database.writing() as session:
        fill(session.connection(), Base.metadata)
    for revision in reversed(["base", *schema.revisions()[:-1]]):
        before = counts(database)
        migrate.downgrade(database, revision)
        remaining = counts(database)
        assert remaining == {name: before[name] for name in remaining}, revision
        assert len(remaining) <= len(before)  # some only add indexes
    for revision in schema.revisions():
        migrate.upgrade(database, revision)
    assert state(database) == "current"
    assert set(counts(database)) == set(Base.metadata.tables)


def test_an_upgrade_from_each_revision_keeps_the_rows(
    copies: Callable[[Database], Database], database: Database
) -> None:
    migrate.downgrade(database, "base")
    for revision in schema.revisions()[:-1]:
        migrate.upgrade(database, revision)
        other = copies(database)
        with other.writing() as session:
            fill(session.connection(), reflected(other))
        before = counts(other)
        migrate.upgrade(other)
        assert counts(other).items() >= before.items(), revision
        other.dispose()


def test_states_of_a_database_are_told_apart(database: Database) -> None:
    assert state(database) == "current"
    migrate.downgrade(database, "0002")
    assert state(database) == "behind"
    migrate.downgrade(database, "base")
    assert state(database) == "empty"
    migrate.upgrade(database)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert state(database) == "ahead"
    with pytest.raises(schema.UnknownRevisionError, match="neuer als dieses Programm"):
        migrate.upgrade(database)
    with pytest.raises(schema.UnknownRevisionError, match="gibt es nicht"):
        migrate.downgrade(database, "0815")


def test_of_two_at_once_one_waits(database: Database, instance: Config) -> None:
    migrate.downgrade(database, "base")
    problems: list[BaseException] = []

    def up() -> None:
        other = Database.of(instance)
        try:
            migrate.upgrade(other)
        except BaseException as problem:  # noqa: BLE001 - handed to the test
            problems.append(problem)
        other.dispose()

    threads = [threading.Thread(target=up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert problems == []
    assert state(database) == "current"


def test_a_broken_reference_rolls_the_migration_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path / "learn.lock")
    migrate.upgrade(database, "0002")
    with database.writer.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("INSERT INTO person_role (person_id, role) VALUES (7, 'trainer')")
        connection.commit()
    with pytest.raises(Exception, match="person_role refers to a missing row"):
        migrate.upgrade(database)
    with database.reading() as session:
        assert schema.current(session.connection()) == "0002"
    database.dispose()


def test_kill_9_during_a_migration_leaves_the_old_schema_or_the_new(
    database: Database, instance: Config
) -> None:
    seen = set()
    with killer(SETTING_UP, UP_AND_DOWN, instance.database_url, str(database.lock or "")) as victim:
        for number in range(6 * KILLS):
            victim.kill_after(0.02 + 0.004 * number)  # later and later, for a busy machine
            seen.add(whole_revision(database))
            if number >= KILLS and len(seen) > 1:
                break
    assert len(seen) > 1, "all kills hit the same state"
    migrate.upgrade(database)
    assert state(database) == "current"


def test_the_audit_log_refuses_changes_until_its_retention_ends(database: Database) -> None:
    with database.writing() as session:
        audit.record(session, audit.COMMAND_LINE, "konto.angelegt", audit.person(1))
    for statement in ("UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"):
        with pytest.raises(Exception, match="append-only"), database.writing() as session:
            session.execute(text(statement))
    with database.writing() as session:
        old = clock.now() - audit.RETENTION * 1.1
        session.add(AuditEntry(at=old, actor="a", action="b", subject="c", reason=""))
    with database.writing() as session:
        session.execute(delete(AuditEntry).where(cleaning.old_entries()))
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def state(database: Database) -> str:
    with database.reading() as session:
        return schema.state(session.connection())


def reflected(database: Database) -> MetaData:
    metadata = MetaData()
    with database.reading() as session:
        metadata.reflect(session.connection())
    metadata.remove(metadata.tables["alembic_version"])
    return metadata


def tables(session: Session) -> set[str]:
    return set(inspect(session.connection()).get_table_names()) - {"alembic_version"}


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608 - our own
            for name in tables(session)
        }


def whole_revision(database: Database) -> str | None:
    """The revision after a crash, once it is shown that exactly its tables are there."""
    with database.reading() as session:
        found = schema.current(session.connection())
        if database.sqlite:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        present = tables(session) if found else set()
    known = schema.revisions()
    expected = TABLES_BY_REVISION[: known.index(found) + 1] if found else ()
    assert present == {name for names in expected for name in names}
    return found


TABLES_BY_REVISION: tuple[set[str], ...] = (
    {"municipality"},
    {"person", "person_role"},
    {"job", "sign_in", "rescued_form", "throttle", "audit_entry", "mark"},
    {
        "course",
        "course_topic",
        "release",
        "lesson_version",
        "blob",
        "release_file",
        "asset",
        "course_slug",
        "lesson_slug",
        "published_id",
        "term",
        "term_use",
    },
    {"enrolment", "progress_entry", "saved_plan"},
    {"attempt"},
    {"mail_domain", "town_topic", "cohort", "cohort_town", "cohort_course"},
    {"person_topic", "trainer_cohort", "person_word", "ticket", "join_request", "mail_choice"},
    {"totp_secret", "recovery_code", "passkey", "provider", "identity", "spent", "erasure"},
    set(),
    {"town_word"},
    {"topic", "topic_synonym"},
    {
        "question",
        "question_topic",
        "question_link",
        "post",
        "post_author",
        "post_revision",
        "post_quote",
        "post_mention",
        "question_reader",
        "topic_follow",
        "town_follow",
        "me_too",
        "helped",
        "forum_draft",
        "feed_key",
    },
    {
        "forum_picture",
        "post_picture",
        "similar_help",
        "report",
        "moderation",
        "event",
        "notice",
        "delivery",
        "digest_mark",
        "address_state",
    },
    {
        "search_document",
        "search_posting",
        "search_word",
        "search_gram",
        "search_synonym",
        "search_state",
    },
    set(),
    set(),
    {
        "work_course",
        "work_text",
        "work_revision",
        "work_autosave",
        "work_picture",
        "network_choice",
        "outside_link",
        "course_step",
        "review_comment",
        "local_value",
        "supplement",
    },
    {
        "certificate_status",
        "signing_key",
        "course_figures",
        "bookmark",
        "certificate",
        "note",
        "reminder",
        "takeaway_file",
        "unclear_mark",
    },
)
