"""Export and roll-back: bytes come back as they were, nothing unpublished is overwritten."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import queries, rollback
from learn.courses.export import export
from learn.courses.queries import Moved
from tests.courses.folders import FIRST, SECOND, Shelf, change, current, example, lesson, small, write


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_export_gives_back_the_bytes_and_publishing_them_changes_nothing(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    course = example(tmp_path)
    kurs = course / "kurs.md"
    kurs.write_bytes(b"\xef\xbb\xbf" + kurs.read_bytes().replace(b"\n", b"\r\n"))
    shelf.publish(course)
    export(db, shelf.storage, "beispielkurs", tmp_path / "out")
    expected = {name: data for name, data in contents(course).items() if not name.startswith("fragen/")}
    assert contents(tmp_path / "out/beispielkurs") == expected
    assert shelf.publish(tmp_path / "out").unchanged
    assert shelf.publish(tmp_path / "out/beispielkurs").unchanged
    assert export(db, shelf.storage, "beispielkurs", tmp_path / "out") == []
    assert export(db, shelf.storage, "kur_8r2n5v7c", course) == []


def test_the_network_s_glossary_goes_by_its_name(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write(root / "glossar.md", "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Ort\n\nEin Platz.\n")
    shelf.publish(root)
    change(root / "glossar.md", "Ein Platz", "Eine Stelle")
    shelf.publish(root)
    assert "Stelle" in queries.term(db, "ort")[0].html
    export(db, shelf.storage, "glossar", tmp_path / "out")
    assert contents(tmp_path / "out") == contents(root)
    rollback.roll_back(db, "glossar")
    assert "Platz" in queries.term(db, "ort")[0].html


def test_a_file_that_no_release_holds_stops_the_export(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    old = (course / SECOND).read_bytes()
    change(course / SECOND, "Noch ein", "Kein")
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Viel Arbeit")
    (course / SECOND).write_bytes(old)
    with pytest.raises(Refused, match="nicht veröffentlicht"):
        export(db, shelf.storage, "kleiner-kurs", course)
    assert (course / SECOND).read_bytes() == old
    change(course / FIRST, "Viel Arbeit", "Ein Satz")
    assert export(db, shelf.storage, "kleiner-kurs", course) == [course / SECOND]


def test_links_are_not_followed_outwards(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out/kleiner-kurs").mkdir(parents=True)
    (tmp_path / "out/kleiner-kurs/01-anfang").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="Verknüpfung"):
        export(db, shelf.storage, "kleiner-kurs", tmp_path / "out")
    assert contents(tmp_path / "elsewhere") == {}


def test_roll_back_and_forward_is_the_identity(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    before = queries.cards(db).items
    change(course / "kurs.md", "titel: Kleiner Kurs", "titel: Großer Kurs")
    change(course / "glossar.md", "Takt\n<", "Sendetakt\n<")
    (course / SECOND).rename(course / "01-anfang/02-zweitens.md")
    change(course / FIRST, "02-zwei.md", "02-zweitens.md")
    shelf.publish(course)
    after = queries.cards(db).items
    assert rollback.roll_back(db, "kleiner-kurs") == ("kleiner-kurs", 1)
    db.flush()
    release = current(db, "kleiner-kurs")
    assert (release.number, queries.cards(db).items) == (1, before)
    assert [entry.title for entry in queries.term_index(db)] == ["Takt"]
    assert lesson(db, release, "zwei").title == "Zwei"
    assert queries.lesson(db, release, "zweitens") == Moved("zwei")
    assert rollback.roll_back(db, "kleiner-kurs", 2) == ("kleiner-kurs", 2)
    db.flush()
    assert queries.cards(db).items == after
    assert current(db, "kleiner-kurs").number == 2


def test_numbers_only_grow(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Kein Satz")
    shelf.publish(course)
    with shelf.database.writing() as session:
        rollback.roll_back(session, "kleiner-kurs")
    report = shelf.publish(course)
    assert [(found.base, found.release) for found in report.courses] == [(1, 3)]


def test_what_is_not_there_is_said_in_a_sentence(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    for name, number in (("nichts", None), ("kleiner-kurs", None), ("kleiner-kurs", 7), ("", 1)):
        with pytest.raises(Refused):
            rollback.roll_back(db, name, number)
