"""Faults that only a comparison with what is published shows."""

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.courses import compare
from learn.courses.models import PublishedId
from tests.courses.folders import (
    FIRST,
    SECOND,
    Shelf,
    change,
    codes,
    example,
    other,
    small,
    write,
)


def test_lone_courses_find_published_neighbours(shelf: Shelf, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write(root / "glossar.md", "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Ort\n\nEin Platz.\n")
    small(root, "eins")
    course = other(root, "zwei")
    change(
        course / FIRST,
        "Ein Satz",
        "[Ort](../../glossar.md#ort), [x](../../eins/01-anfang/02-zwei.md#das-zweite)",
    )
    assert shelf.publish(root).published
    assert shelf.publish(course).unchanged
    change(course / FIRST, "../eins/01-anfang/02-zwei.md#das-zweite", "../eins/01-anfang/02-zwei.md#nichts")
    assert codes(shelf.check(course)) == [("K503", FIRST, 12)]


def test_ids_are_unique_in_the_installation(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    course = small(tmp_path, "kopie")
    change(course / "kurs.md", "kur_aaaaaaaa", "kur_cccccccc")
    found = shelf.check(course).findings
    assert {(f.code, f.line) for f in found} == {("K302", 2)}
    assert found[0].message == "Löschen Sie les_aaaaaaaa hier oder in kleiner-kurs."
    assert db.scalar(select(func.count()).select_from(PublishedId)) == 5


def test_a_lost_course_or_module_id_is_named(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / "kurs.md", "kur_aaaaaaaa", "kur_cccccccc")
    assert codes(shelf.check(course)) == [("K303", "kurs.md", 2)]
    change(course / "kurs.md", "kur_cccccccc", "kur_aaaaaaaa")
    change(course / "01-anfang/modul.md", "mod_aaaaaaaa", "mod_cccccccc")
    assert codes(shelf.check(course)) == [("K303", "01-anfang/modul.md", 2)]


def test_one_fault_does_not_bring_others_with_it(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    text = (course / "kurs.md").read_text()
    for old, new, line in (("titel: K", "titel: K: K", 3), ("id: kur_aaaaaaaa\n", "", 1)):
        change(course / "kurs.md", old, new)
        assert [found[1:] for found in codes(shelf.check(course))] == [("kurs.md", line)]
        write(course / "kurs.md", text)
    change(course / SECOND, "frage id=zwei", "frage")
    change(course / SECOND, "[ ] Ein Wort", "[x] Ein Wort")
    assert {found.severity for found in shelf.check(course).findings} == {"error"}


def test_marks_keep_their_ids(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "aufgabe id=liste", "aufgabe id=andere")
    found = shelf.check(course).findings
    assert [(f.code, f.line, f.message) for f in found] == [
        ("K303", 18, "Setzen Sie die alte Kennung: liste war Aufgabe.")
    ]


def test_a_mark_that_lost_its_id_does_not_miss_in_conditions_too(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / FIRST, "ziele:", "abschluss: [gelesen, aufgabe:liste]\nziele:")
    shelf.publish(course)
    change(course / FIRST, "aufgabe id=liste", "aufgabe id=andere")
    assert codes(shelf.check(course)) == [("K303", FIRST, 19)]


def test_a_mark_with_the_id_of_another_is_named_once(shelf: Shelf, tmp_path: Path) -> None:
    course = example(tmp_path)
    shelf.publish(course)
    change(course / "02-betrieb/02-werte-nutzen.md", "fahrplan id=plan", "fahrplan id=liste")
    assert codes(shelf.check(course)) == [("K302", "02-betrieb/02-werte-nutzen.md", 51)]


def test_solutions_of_the_final_test_are_compared_too(shelf: Shelf, tmp_path: Path) -> None:
    course = example(tmp_path)
    test = course / "fragen/abschluss.md"
    shelf.publish(course)
    change(test, "\n168\n", "\n170\n")
    assert codes(shelf.check(course)) == [("K306", "fragen/abschluss.md", 4)]
    change(test, "ausgabe: 1", "ausgabe: 2")
    assert codes(shelf.check(course)) == []


def test_editions_do_not_fall_and_large_edits_are_pointed_out(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / FIRST, "dauer:", "ausgabe: 2\ndauer:")
    shelf.publish(course)
    change(course / FIRST, "ausgabe: 2", "ausgabe: 1")
    assert codes(shelf.check(course)) == [("K305", FIRST, 4)]
    change(course / FIRST, "ausgabe: 1", "ausgabe: 2")
    change(course / SECOND, "1. [x] Eine Zahl\n2. [ ] Ein Wort", "1. [ ] Eine Zahl\n2. [x] Ein Wort")
    assert codes(shelf.check(course)) == [("K306", SECOND, 1)]


def test_an_address_of_another_course_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path / "a"))
    shelf.publish(other(tmp_path / "b", "zweiter"))
    moved = (tmp_path / "b/zweiter").rename(tmp_path / "b/kleiner-kurs")
    assert codes(shelf.check(moved)) == [("K107", "kurs.md", 1)]


def test_texts_are_alike_by_runs_of_three_words() -> None:
    assert compare.triples("Eins zwei, DREI vier.") == {("eins", "zwei", "drei"), ("zwei", "drei", "vier")}
    assert compare.triples("eins zwei") == set()
