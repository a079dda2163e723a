"""What a new release changes: classes, what is kept, what is rendered anew, whom the report counts."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import publish, queries, rollback
from learn.courses.models import LessonVersion
from learn.courses.report import Learners
from tests.courses.folders import (
    FIRST,
    SECOND,
    Shelf,
    change,
    codes,
    current,
    kinds,
    lesson,
    small,
    write,
)

THIRD = "01-anfang/03-drei.md"


def test_classes_of_changes(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Kein Satz")
    change(course / SECOND, "dauer: 6min", "dauer: 6min\nausgabe: 2")
    assert kinds(shelf.publish(course)) == [("redaktionell", "les_aaaaaaaa"), ("inhaltlich", "les_bbbbbbbb")]
    change(course / SECOND, "ausgabe: 2", "ausgabe: 3\nerneut_ab: 3")
    write(course / THIRD, "---\nid: les_cccccccc\ntitel: Drei\ndauer: 5\nziele: [a, b]\n---\n\nNeues hier.\n")
    report = shelf.publish(course)
    assert kinds(report) == [("erneut", "les_bbbbbbbb"), ("neu", "les_cccccccc")]
    assert [(c.before, c.after) for c in report.courses[0].changes] == [(2, 3), (None, 1)]
    (course / THIRD).unlink()
    (course / SECOND).rename(course / "01-anfang/00-anderes.md")
    change(course / FIRST, "02-zwei.md", "00-anderes.md")
    change(course / "01-anfang/00-anderes.md", "voraussetzung: [vorige]\n", "")
    assert kinds(shelf.publish(course)) == [
        ("verschoben", "les_bbbbbbbb"),
        ("umbenannt", "les_bbbbbbbb"),
        ("entfallen", "les_cccccccc"),
    ]


def test_white_space_and_the_plain_variant_are_no_change_of_content(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz über", "Ein Satz\nüber")
    write(course / "01-anfang/01-eins.einfach.md", "---\nzu_ausgabe: 1\n---\n\nLeicht gesagt.\n")
    report = shelf.publish(course)
    assert (report.published, kinds(report)) == (True, [])


def test_only_what_changed_is_stored_anew(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    first = {entry.id: entry.version for entry in current(db, "kleiner-kurs").manifest.lessons()}
    change(course / SECOND, "Noch ein", "Nur ein")
    shelf.publish(course)
    second = {entry.id: entry.version for entry in current(db, "kleiner-kurs").manifest.lessons()}
    assert second["les_aaaaaaaa"] == first["les_aaaaaaaa"]
    assert second["les_bbbbbbbb"] != first["les_bbbbbbbb"]


def test_a_changed_picture_renders_its_lesson_anew(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    picture = course / "01-anfang/bilder/kasten.svg"
    picture.write_text(picture.read_text().replace('height="20"', 'height="30"'))
    assert kinds(shelf.publish(course)) == [("redaktionell", "les_aaaaaaaa")]
    text = lesson(db, current(db, "kleiner-kurs"), "eins")
    assert 'height="30"' in str(text.parts[0])


def test_a_deleted_lesson_stays_readable_as_it_was_last(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / SECOND, "Noch ein", "Zuletzt ein")
    shelf.publish(course)
    (course / SECOND).unlink()
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    assert shelf.publish(course).published
    release = current(db, "kleiner-kurs")
    text = lesson(db, release, "zwei")
    assert text.retired
    assert "Zuletzt ein" in str(text.parts[0])
    assert queries.lesson(db, release, "drei") is None


def test_a_split_keeps_what_it_replaces(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    change(course / SECOND, "les_bbbbbbbb", "les_cccccccc")
    assert codes(shelf.check(course)) == [("K304", SECOND, 2)]
    change(course / SECOND, "ziele:", "ersetzt: [les_bbbbbbbb]\nziele:")
    assert kinds(shelf.publish(course)) == [
        ("redaktionell", "les_aaaaaaaa"),
        ("neu", "les_cccccccc"),
        ("ersetzt", "les_bbbbbbbb"),
    ]
    manifest = current(db, "kleiner-kurs").manifest
    assert [entry.id for entry in manifest.retired] == ["les_bbbbbbbb"]
    change(course / SECOND, "ersetzt: [les_bbbbbbbb]\n", "")
    shelf.publish(course)
    manifest = current(db, "kleiner-kurs").manifest
    entry = manifest.lesson("les_cccccccc")
    assert entry
    assert entry.replaces == ("les_bbbbbbbb",)


def without_second(course: Path) -> str:
    """Take the second lesson out of the tiny course; its text."""
    text = (course / SECOND).read_text()
    (course / SECOND).unlink()
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    return text


def replacing_second(text: str) -> str:
    """The same lesson under a new id that replaces the old one."""
    return text.replace("les_bbbbbbbb", "les_cccccccc").replace("ziele:", "ersetzt: [les_bbbbbbbb]\nziele:")


def test_a_lesson_may_be_replaced_releases_after_it_left(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    gone = without_second(course)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Ein kurzer Satz")
    shelf.publish(course)
    renewed = gone.replace("les_bbbbbbbb", "les_cccccccc").replace(
        "ziele:", "ersetzt: [les_bbbbbbbb]\nziele:"
    )
    write(course / SECOND, renewed)
    assert shelf.publish(course).published
    manifest = current(db, "kleiner-kurs").manifest
    assert [(entry.id, entry.minutes) for entry in manifest.retired] == [("les_bbbbbbbb", 6)]


def test_a_lesson_that_returns_still_replaces_what_it_did(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / SECOND, "ziele:", "ersetzt: [les_00000000]\nziele:")
    shelf.publish(course)
    back = without_second(course).replace("ersetzt: [les_00000000]\n", "")
    shelf.publish(course)
    write(course / SECOND, back)
    shelf.publish(course)
    entry = current(db, "kleiner-kurs").manifest.lesson("les_bbbbbbbb")
    assert entry
    assert entry.replaces == ("les_00000000",)


def test_roll_back_takes_no_replacement_away(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    plain = (course / SECOND).read_text()
    change(course / SECOND, "ziele:", "ausgabe: 2\nerneut_ab: 2\nersetzt: [les_00000000]\nziele:")
    shelf.publish(course)
    rollback.roll_back(db, "kleiner-kurs", 1)
    write(course / SECOND, plain.replace("Noch ein Satz", "Ein Satz"))
    shelf.publish(course)
    entry = current(db, "kleiner-kurs").manifest.lesson("les_bbbbbbbb")
    assert entry
    assert (entry.replaces, entry.redo_from) == (("les_00000000",), 1)
    gone = without_second(course)
    renewed = gone.replace("les_bbbbbbbb", "les_cccccccc").replace(
        "ziele:", "ersetzt: [les_bbbbbbbb]\nziele:"
    )
    write(course / SECOND, renewed)
    shelf.publish(course)
    retired = current(db, "kleiner-kurs").manifest.retired
    assert [(entry.id, entry.redo_from) for entry in retired] == [("les_bbbbbbbb", 1)]


def test_what_an_older_program_parsed_counts_as_unchanged(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    with shelf.database.writing() as session:
        for version in session.scalars(select(LessonVersion)):
            version.parser, version.content_hash = 0, "old"
    change(course / FIRST, "Ein Satz über", "Ein  Satz über")
    report = shelf.publish(course)
    assert (report.published, kinds(report)) == (True, [])


def test_the_report_counts_people_only_from_five_on(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "dauer:", "ausgabe: 2\ndauer:")

    def told(people: Learners) -> tuple[str, object]:
        report = publish.examine(shelf.database, course, affected=lambda *_: people)
        return list(report.lines())[2].strip(), report.as_json()["courses"][0]["learners"]

    none = "Niemand verliert Fortschritt."
    assert told(Learners(143, 61, 0)) == (
        f"143 Lernende eingeschrieben. 61 sehen einen Hinweis, 0 wiederholen etwas. {none}",
        {"enrolled": 143, "notified": 61, "repeat": 0},
    )
    few = "eniger als 5"
    assert told(Learners(143, 4, 1)) == (
        f"143 Lernende eingeschrieben. W{few} sehen einen Hinweis, w{few} wiederholen etwas. {none}",
        {"enrolled": 143, "notified": None, "repeat": None},
    )
    assert told(Learners(4, 0, 0))[1] == {"enrolled": None, "notified": None, "repeat": None}
