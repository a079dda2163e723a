"""Publishing and rolling back, killed with signal 9 at every statement, leave one state, whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import drafts, parse, planning, publish, rollback
from learn.courses.drafts import Draft
from learn.courses.models import (
    Blob,
    Course,
    CourseSlug,
    CourseTopic,
    LessonSlug,
    LessonVersion,
    Release,
    ReleaseFile,
    Term,
    TermUse,
)
from learn.courses.plan import Plan
from learn.search.models import SearchDocument, SearchPosting
from tests.courses.folders import FIRST, SECOND, TEXTS, change, encoded, small, write
from tests.faults.statements import killed_at_each

SEARCHED = (SearchDocument, SearchPosting)
POINTED = (Course, CourseSlug, CourseTopic, LessonSlug, Term, TermUse, Release, ReleaseFile)
EDITED = encoded(
    {
        SECOND: TEXTS[SECOND].replace("Noch ein Satz", "Ein neuer Satz"),
        "01-anfang/03-drei.md": TEXTS[SECOND]
        .replace("les_bbbbbbbb", "les_cccccccc")
        .replace("Noch ein Satz mit anderen Worten", "Etwas Drittes"),
        "glossar.md": TEXTS["glossar.md"].replace("Takt\n<", "Sendetakt\n<"),
    }
)


def shown(config: Config) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that say what people see, and that nothing they name is missing."""
    database = Database.of(config)
    with database.reading() as session:
        found = {table.__tablename__: _rows(session, table) for table in (*POINTED, *SEARCHED)}
        _whole(session)
    database.dispose()
    return found


def _rows(session: Session, table: type[Any]) -> list[tuple[Any, ...]]:
    return sorted(
        (tuple(map(str, row)) for row in session.execute(select(*table.__table__.columns))), key=str
    )


def _whole(session: Session) -> None:
    blobs = set(session.scalars(select(Blob.sha)))
    versions = set(session.scalars(select(LessonVersion.id)))
    texts = session.scalars(select(ReleaseFile.sha).where(ReleaseFile.picture.is_(False)))
    assert set(texts) <= blobs
    for manifest in session.scalars(select(Release.manifest)):
        assert {e["version"] for module in manifest["modules"] for e in module["lessons"]} <= versions


@pytest.fixture
def course(instance: Config, tmp_path: Path) -> Path:
    """The tiny course, published twice."""
    folder = small(tmp_path)
    database = Database.of(instance)
    publish.publish(database, Storage(instance.storage), folder)
    change(folder / FIRST, "Ein Satz", "Gar kein Satz")
    (folder / SECOND).rename(folder / "01-anfang/02-zweitens.md")
    change(folder / FIRST, "02-zwei.md", "02-zweitens.md")
    assert publish.publish(database, Storage(instance.storage), folder).published
    database.dispose()
    return folder


def planned(config: Config, prepare: Callable[[Session | None], Plan]) -> Callable[[Database], object]:
    """Everything but the writing is done before; what is killed only writes."""
    database = Database.of(config)
    plan, report = publish._examine(database, prepare, publish.nobody, None)
    assert report.ok, report.findings
    database.dispose()
    return lambda mine: publish._carry_out(mine, Storage(config.storage), plan, report)


def kill_and_compare(config: Config, work: Callable[[Database], object], at_least: int) -> None:
    before = shown(config)

    def unchanged() -> None:
        assert shown(config) == before

    assert killed_at_each(config, work, unchanged) >= at_least
    after = shown(config)
    assert {name for name in after if after[name] != before[name]} >= {
        "course",
        "lesson_slug",
        "search_document",
    }


def test_publishing_a_folder(instance: Config, course: Path) -> None:
    for path, data in EDITED.items():
        write(course / path.replace("02-zwei.md", "02-zweitens.md"), data or b"")
    kill_and_compare(instance, planned(instance, publish._folder(course)), 25)


def test_publishing_from_the_werkstatt(instance: Config, course: Path) -> None:
    given = [
        Draft("kur_aaaaaaaa", 2, {path.replace("zwei.", "zweitens."): data for path, data in EDITED.items()})
    ]

    def prepare(session: Session | None) -> Plan:
        assert session
        return planning.compared(parse.read(drafts.tree(session, given)), session)

    kill_and_compare(instance, planned(instance, prepare), 25)


def test_rolling_back(instance: Config, course: Path) -> None:
    def work(database: Database) -> None:
        with database.writing() as session:
            rollback.roll_back(session, course.name)

    kill_and_compare(instance, work, 15)


def test_rolling_back_and_forth_leaves_every_row_as_it_was(instance: Config, course: Path) -> None:
    before = shown(instance)
    database = Database.of(instance)
    for number in (1, 2):
        with database.writing() as session:
            assert rollback.roll_back(session, course.name, number) == (course.name, number)
    database.dispose()
    after = shown(instance)
    for table in POINTED:
        assert after[table.__tablename__] == before[table.__tablename__], table
    for name in ("search_document", "search_posting"):
        assert len(after[name]) == len(before[name])
