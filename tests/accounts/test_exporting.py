"""What is handed out is complete: whatever changes about a person changes her export, a few secrets aside."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Column, String, Table, select, update

from learn.config import Config
from learn.core import export, owndata
from learn.core.db import Database
from learn.courses.library import CACHE
from learn.workshop.history import packed
from tests.core.two_people import HER, OTHER, fill

SECRETS = {  # hashes and sealed values: of no use to her, of use to a thief
    "feed_key": {"key_hash"},
    "join_request": {"password_hash"},
    "passkey": {"credential_hash", "credential_id", "public_key"},
    "person": {"password_hash"},
    "recovery_code": {"code_hash"},
    "reminder": {"feed_hash"},
    "sign_in": {"token_hash"},
    "ticket": {"token_hash"},
    "totp_secret": {"sealed"},
}
NOT_HERS = {  # what the program makes of it, how it keeps it, and what others do
    "certificate": {"position"},
    "delivery": {"run_at", "lease_until"},
    "forum_draft": {"sequence"},
    "forum_picture": {"question_id", "key", "sha", "width", "height"},
    "moderation": {"data", "objection_state"},
    "notice": {"question_id", "data"},
    "post": {
        "question_id",
        "number",
        "parts",
        "renderer",
        "excerpt",
        "by_name",
        "helped",
        "moved_to",
        "key",
        "origin",
    },
    "post_mention": {"municipality_id"},
    "post_revision": {"post_id", "redacted"},
    "question": {
        *("slug", "tried_parts", "circle", "listed", "merged_into", "state", "answers", "solutions"),
        *("me_too", "last_number", "top_number", "quiet_number", "latest_at", "waits_since", "origin"),
    },
    "review_comment": {"excerpt"},
    "supplement": {"slug", "html", "renderer", "place", "revision"},
    "work_autosave": {"window", "sequence", "base_revision"},
    "work_course": {
        *("slug", "base", "revision", "state", "approved", "planned", "publish_at", "checked", "report"),
    },
    "work_picture": {"sha", "ext", "width", "height", "size", "removed"},
    "work_text": {"base_path", "base_sha", "revision"},
}
HERS = ("person_id", "changed_by", "saved_by", "added_by", "author_id", "written_by")  # lead to her
SAME = {"email_key"}  # the address once more, to compare
SHAPES: dict[tuple[str, str], Any] = {
    ("attempt", "questions"): ["anders"],
    ("attempt", "answers"): {f"answer-{HER.name}": ["anders"]},
    ("progress_entry", "event"): "done",
    ("saved_plan", "fields"): {"anders": "anders"},
    ("work_revision", "packed"): packed("anders"),
}


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    CACHE.clear()
    made = Database.of(instance)
    with made.writing() as session:
        fill(session.connection(), HER, OTHER)
    yield made
    made.dispose()


def exported(database: Database, config: Config) -> bytes:
    file = io.BytesIO()
    with database.reading() as session:
        export.write(session, config, HER.owner, file)
    return file.getvalue()


def told(table: Table) -> list[Column[Any]]:
    """Columns that say something about her: no keys but those that lead to names, no secrets."""
    hidden = SECRETS.get(table.name, set()) | NOT_HERS.get(table.name, set())
    hidden |= SAME | {"id", "enrolment_id", *HERS}
    return [column for column in table.columns if column.name not in hidden]


def other(table: Table, column: Column[Any], value: Any) -> Any:
    """Another value that the column takes."""
    if (table.name, column.name) in SHAPES:
        return SHAPES[table.name, column.name]
    if column.foreign_keys:
        return OTHER.number if isinstance(value, int) else str(OTHER.number)
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(column.type, String):
        return str(value)[:8] + "9"
    return {"anders": "anders"} if isinstance(column.type, JSON) else not value


TABLES = [table for table in owndata.REGISTRY.topics if table.__tablename__ != "audit_entry"]  # append-only


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__tablename__)
def test_every_change_changes_the_export(instance: Config, database: Database, model: owndata.Table) -> None:
    table = model.metadata.tables[model.__tablename__]
    key = next(table.columns[name] for name in (*HERS, "id", "post_id") if name in table.columns)
    mine = key == HER.number
    unseen = []
    for column in told(table):
        before = exported(database, instance)
        with database.reading() as session:
            value = session.execute(select(column).where(mine)).scalar_one()
        with database.writing() as session:
            session.execute(update(table).where(mine).values({column: other(table, column, value)}))
        if exported(database, instance) == before:
            unseen.append(column.name)
        with database.writing() as session:
            session.execute(update(table).where(mine).values({column: value}))
    assert unseen == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_no_secret_is_handed_out(instance: Config, database: Database) -> None:
    marks = {}
    with database.writing() as session:
        for name, columns in SECRETS.items():
            model = next(each for each in TABLES if each.__tablename__ == name)
            for column in columns:
                marks[column] = f"geheim-{name}-{column}"
                mine = next(c for c in model.__table__.columns if c.name in {"person_id", "id"}) == HER.number
                session.execute(update(model).where(mine).values({column: marks[column]}))
    packed = exported(database, instance)
    texts = texts_of(packed)
    assert not [mark for mark in marks.values() if mark in texts]


def texts_of(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())
