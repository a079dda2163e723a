"""Publishing: what a release holds, what stays, addresses that move."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.db import Base
from learn.courses import queries, rollback
from learn.courses.models import Release
from learn.courses.queries import Moved
from learn.markup.model import Html, Plan, Quiz
from tests.courses.folders import (
    FIRST,
    SECOND,
    Shelf,
    change,
    codes,
    current,
    example,
    kinds,
    lesson,
    other,
    small,
    write,
)

SHELF = {"course", "release", "lesson_version", "blob", "release_file", "asset", "lesson_slug", "term"}


def rows(session: Session) -> dict[str, int]:
    """How many rows each table of the shelf has."""
    tables = [
        mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__.startswith("learn.c")
    ]
    return {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
    }


def test_the_example_is_published_as_it_is_described(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    report = shelf.publish(example(tmp_path))
    assert (report.ok, report.published, codes(report)) == (True, True, [])
    release = current(db, "beispielkurs")
    assert (release.number, release.manifest.test) == (1, True)
    assert [entry.required for entry in release.manifest.lessons()] == [True, True, True, False]
    assert release.sheet.minutes == 15
    assert release.sheet.plain_count == 1
    parts = [p for e in release.manifest.lessons() for p in lesson(db, release, e.slug).parts]
    assert sum(len(part.questions) for part in parts if isinstance(part, Quiz)) == 6
    assert sum(isinstance(part, Plan) for part in parts) == 1
    details = db.scalar(select(Release.details))
    assert details
    assert len(details["test"]["parts"][0]["questions"]) == 4


def test_a_lesson_shows_its_own_words_else_the_course_s(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(example(tmp_path))
    release = current(db, "beispielkurs")
    last = lesson(db, release, "werte-nutzen")
    assert (last.authors, last.municipality) == (("Kim Erfunden",), "Gemeinde Beispielbach")
    third = lesson(db, release, "sensor-aufstellen")
    assert third.authors == ("Redaktion Musterhausen",)
    assert third.prerequisites == ("les_9q3f7z1d",)
    first = lesson(db, release, "was-sensoren-messen")
    assert first.plain
    assert (first.plain.title, first.plain.edition) == ("Das messen Sensoren im Rathaus", 2)
    assert isinstance(first.parts[0], Html)
    assert 'href="/vokabelheft/raumklima"' in first.parts[0].html
    assert first.parts[0].html.__html__() == first.parts[0].html  # type: ignore[attr-defined]


def test_pictures_are_saved_and_found_only_once_published(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    (key,) = shelf.storage.keys()
    sha, ext = key.split(".")
    assert shelf.storage.path(key).read_bytes() == (course / "01-anfang/bilder/kasten.svg").read_bytes()
    found = queries.picture(db, sha, ext)
    assert found
    assert (found.width, found.height) == (40, 20)
    assert queries.picture(db, sha, "png") is None
    assert queries.picture(db, "0" * 64, ext) is None


def test_the_second_time_there_is_nothing_to_do_and_no_row_is_written(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    write(tmp_path / "in/glossar.md", "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Ort\n\nEin Platz.\n")
    small(tmp_path / "in")
    assert shelf.publish(tmp_path / "in").published
    before = rows(db)
    report = shelf.publish(tmp_path / "in")
    assert (report.ok, report.unchanged, report.published) == (True, True, False)
    assert rows(db) == before


def test_a_dry_run_and_a_faulty_folder_write_nothing(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    report = shelf.publish(course, dry_run=True)
    assert [found.release for found in report.courses] == [1]
    change(course / FIRST, "dauer: 5min", "dauer: 0")
    assert not shelf.publish(course).ok
    assert set(rows(db).values()) == {0}
    assert list(shelf.storage.keys()) == []


def test_a_renamed_lesson_moves_and_links_to_it_follow(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    (course / SECOND).rename(course / "01-anfang/02-zweitens.md")
    change(course / FIRST, "02-zwei.md", "02-zweitens.md")
    report = shelf.publish(course)
    assert kinds(report) == [("umbenannt", "les_bbbbbbbb")]
    release = current(db, "kleiner-kurs")
    assert queries.lesson(db, release, "zwei") == Moved("zweitens")
    assert "/kurse/kleiner-kurs/zweitens#s-das-zweite" in str(lesson(db, release, "eins").parts[0])


def test_a_renamed_course_moves_with_all_its_links(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    report = shelf.publish(course.rename(tmp_path / "anderer-name"))
    assert (report.published, kinds(report)) == (True, [])
    assert queries.course(db, "kleiner-kurs") == Moved("anderer-name")
    release = current(db, "anderer-name")
    assert "/kurse/anderer-name/zwei" in str(lesson(db, release, "eins").parts[0])
    small(tmp_path, "kleiner-kurs")
    found = codes(shelf.check(tmp_path / "kleiner-kurs"))
    assert found == []  # the same course goes back to its former name


def test_two_courses_may_swap_their_addresses(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    root = tmp_path / "in"
    small(root, "eins")
    other(root, "zwei")
    shelf.publish(root)
    (root / "eins").rename(root / "drei")
    (root / "zwei").rename(root / "eins")
    (root / "drei").rename(root / "zwei")
    assert shelf.publish(root).published
    assert current(db, "eins").course_id == "kur_cccccccc"
    assert current(db, "zwei").course_id == "kur_aaaaaaaa"
    with (
        pytest.raises(Refused, match="„learn content rollback eins zwei“"),
        shelf.database.writing() as session,
    ):
        rollback.roll_back(session, "eins")
    assert current(db, "eins").course_id == "kur_cccccccc"
    with shelf.database.writing() as session:
        assert rollback.roll_back_all(session, ["eins", "zwei"]) == [("zwei", 1), ("eins", 1)]
    assert current(db, "eins").course_id == "kur_aaaaaaaa"
    assert shelf.publish(root).published
    assert current(db, "zwei").course_id == "kur_aaaaaaaa"


def test_the_questions_stay_when_a_folder_lacks_them(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = example(tmp_path)
    shelf.publish(course)
    (course / "fragen/abschluss.md").unlink()
    report = shelf.publish(course)
    assert (report.unchanged, codes(report)) == (True, [("K407", "kurs.md", 15)])
    change(course / "kurs.md", "titel: Sensoren", "titel: Viele Sensoren")
    assert shelf.publish(course).published
    details = db.scalar(select(Release.details).where(Release.number == 2))
    assert details
    assert details["test"]["id"] == "fra_7t4k1m9z"
