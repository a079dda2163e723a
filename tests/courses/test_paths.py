"""Lernpfade: files with releases of their own; they go the way that courses go."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import publish, queries, renewal, rollback, single
from learn.courses.export import export
from learn.courses.foreign import checking
from learn.courses.ids import write_missing
from learn.courses.library import CourseRelease
from learn.courses.models import Course, Release
from learn.courses.queries import Moved
from learn.search import finding
from learn.workshop import stored
from tests.courses.folders import SVG, Shelf, change, codes, other, small, write
from tests.courses.test_export import contents
from tests.courses.test_publish import rows

PATH = """---
id: pfa_aaaaaaaa
titel: Erste Schritte
ergebnis: Sie kennen den Anfang.
kurse:
  - kur_cccccccc
  - kur_aaaaaaaa
lizenz: CC0-1.0
---

## Wie Sie gehen

Zuerst [der andere](../anderer/kurs.md), dann [zwei](../kleiner-kurs/01-anfang/02-zwei.md#das-zweite).

![Ein Kasten](bilder/weg.svg)
"""
FILE = "pfade/erste-schritte.md"
FAULTS = [
    ("K102", 2, "id: pfa_aaaaaaaa", "\tid: x", ""),
    ("K103", 1, "ergebnis: Sie kennen den Anfang.\n", "", "Ergänzen Sie „ergebnis“ im Kopf."),
    ("K103", 1, "kurse:\n  - kur_cccccccc\n  - kur_aaaaaaaa\n", "", "Ergänzen Sie „kurse“ im Kopf."),
    ("K104", 2, "pfa_aaaaaaaa", "pfa_1", ""),
    ("K104", 6, "kur_cccccccc", "les_cccccccc", ""),
    ("K105", 8, "lizenz: CC0-1.0", "lizens: CC0-1.0", "„lizens“ ist unbekannt. Meinten Sie „lizenz“?"),
    (
        "K202",
        13,
        "## Wie Sie gehen",
        "## Wie\n\n<!-- quiz id=x -->\n",
        "Prüfen Sie „quiz“. Es wirkt hier nicht.",
    ),
    ("K301", 1, "id: pfa_aaaaaaaa\n", "", "Starten Sie „learn content ids“."),
    ("K302", 7, "kur_aaaaaaaa", "kur_cccccccc", f"Löschen Sie kur_cccccccc hier oder in {FILE}."),
    ("K501", 15, "bilder/weg.svg", "bilder/fort.svg", ""),
    ("K503", 7, "kur_aaaaaaaa", "kur_zzzzzzzz", "Prüfen Sie das Ziel „kur_zzzzzzzz“."),
    ("K503", 13, "#das-zweite", "#das-dritte", ""),
    ("K503", 13, "../anderer/kurs.md", "../keiner/kurs.md", "Prüfen Sie das Ziel „../keiner/kurs.md“."),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content root with two courses and a Lernpfad."""
    root = tmp_path / "in"
    small(root)
    other(root, "anderer")
    write(root / FILE, PATH)
    write(root / "pfade/bilder/weg.svg", SVG.replace("40", "44"))
    return root


def path(session: Session, slug: str = "pfade/erste-schritte") -> CourseRelease:
    session.expire_all()
    found = queries.path(session, slug)
    assert isinstance(found, CourseRelease)
    return found


def test_a_path_is_published_beside_the_courses_it_orders(shelf: Shelf, db: Session, root: Path) -> None:
    report = shelf.publish(root)
    assert (report.ok, report.published, codes(report)) == (True, True, [])
    assert [course.slug for course in report.courses] == ["anderer", "kleiner-kurs", "pfade/erste-schritte"]
    found = path(db)
    assert (found.manifest.title, found.sheet.outcome) == ("Erste Schritte", "Sie kennen den Anfang.")
    assert found.sheet.courses == ("kur_cccccccc", "kur_aaaaaaaa")
    assert 'href="/kurse/kleiner-kurs/zwei#s-das-zweite"' in found.sheet.html
    assert '<img src="/medien/' in found.sheet.html
    assert queries.paths(db) == (found,)
    assert queries.offered(db) == ((), True)


def test_the_second_time_there_is_nothing_to_do(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    before = rows(db)
    report = shelf.publish(root)
    assert (report.ok, report.unchanged, report.published) == (True, True, False)
    assert shelf.publish(root / "pfade").unchanged
    assert rows(db) == before


def test_a_path_comes_back_byte_for_byte_and_then_changes_nothing(
    shelf: Shelf, db: Session, root: Path, tmp_path: Path
) -> None:
    (root / FILE).write_bytes(b"\xef\xbb\xbf" + PATH.replace("\n", "\r\n").encode())
    shelf.publish(root)
    for name in ("pfade/erste-schritte", "anderer", "kleiner-kurs"):
        export(db, shelf.storage, name, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(root)
    assert shelf.publish(tmp_path / "out").unchanged


def test_roll_back_goes_by_the_path_s_name(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    change(root / FILE, "  - kur_aaaaaaaa\n", "")
    change(root / FILE, "Erste Schritte", "Weitere Schritte")
    report = shelf.publish(root)
    assert [(c.slug, c.release) for c in report.courses if not c.unchanged] == [("pfade/erste-schritte", 2)]
    assert [line for line in report.lines() if "pfade" in line or "Lernende" in line] == [
        "pfade/erste-schritte: Veröffentlichung 2 nach 1"
    ]
    assert path(db).sheet.courses == ("kur_cccccccc",)
    assert rollback.roll_back(db, "pfade/erste-schritte") == ("pfade/erste-schritte", 1)
    assert (path(db).manifest.title, len(path(db).sheet.courses)) == ("Erste Schritte", 2)
    rollback.roll_back(db, "pfade/erste-schritte", to=2)
    assert path(db).manifest.title == "Weitere Schritte"


def test_a_renamed_path_keeps_its_old_address(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    (root / FILE).rename(root / "pfade/einstieg.md")
    assert shelf.publish(root).published
    assert queries.path(db, "pfade/erste-schritte") == Moved("pfade/einstieg")
    assert path(db, "pfade/einstieg").number == 2


def test_another_id_at_the_same_address_is_named(shelf: Shelf, root: Path) -> None:
    shelf.publish(root)
    change(root / FILE, "pfa_aaaaaaaa", "pfa_bbbbbbbb")
    report = shelf.publish(root)
    assert [(f.code, f.file, f.line, f.message) for f in report.findings] == [
        ("K303", FILE, 2, "Setzen Sie die alte Kennung: pfa_aaaaaaaa war der Lernpfad.")
    ]


@pytest.mark.parametrize(("code", "line", "old", "new", "sentence"), FAULTS)
def test_each_fault_has_file_line_and_sentence(
    root: Path, code: str, line: int, old: str, new: str, sentence: str
) -> None:
    change(root / FILE, old, new)
    report = publish.examine(None, root)
    found = next((f for f in report.findings if (f.code, f.file) == (code, FILE)), None)
    assert found, codes(report)
    assert (found.line, found.message) == (line, sentence or found.message)
    assert [f.code for f in report.findings if f.severity != "note"] == [code]


def test_a_broken_path_changes_nothing(shelf: Shelf, db: Session, root: Path) -> None:
    change(root / FILE, "kur_aaaaaaaa", "kur_zzzzzzzz")
    report = shelf.publish(root)
    assert (report.ok, report.published, report.courses) == (False, False, ())
    (fault,) = report.as_json()["faults"]
    assert (fault["code"], fault["file"], fault["line"], fault["id"]) == ("K503", FILE, 7, "pfa_aaaaaaaa")
    assert set(rows(db).values()) == {0}


def test_files_that_are_no_paths_are_named(root: Path) -> None:
    write(root / "pfade/Neu.md", PATH.replace("pfa_aaaaaaaa", "pfa_bbbbbbbb"))
    write(root / "pfade/neu/weg.md", PATH)
    write(root / "pfade/erste-schritte.einfach.md", "Leicht.")
    assert [code[:2] for code in codes(publish.examine(None, root))] == [("K106", "pfade/Neu.md")]
    (root / "pfade/Neu.md").unlink()
    assert codes(publish.examine(None, root)) == [
        ("K111", "pfade/erste-schritte.einfach.md", 1),
        ("K111", "pfade/neu/weg.md", 1),
    ]


def test_two_paths_with_one_id(root: Path) -> None:
    write(root / "pfade/zweite.md", PATH)
    report = publish.examine(None, root)
    assert codes(report) == [("K302", "pfade/zweite.md", 2)]
    assert report.findings[0].message == f"Löschen Sie pfa_aaaaaaaa hier oder in {FILE}."


def test_missing_ids_are_written(root: Path) -> None:
    change(root / FILE, "id: pfa_aaaaaaaa\n", "")
    assert write_missing(root) == ({FILE: 1}, [])
    assert (root / FILE).read_text().startswith("---\nid: pfa_")
    assert write_missing(root) == ({}, [])


def test_paths_alone_go_by_courses_that_are_published(shelf: Shelf, db: Session, root: Path) -> None:
    alone = root.parent / "allein"
    shutil.copytree(root / "pfade", alone / "pfade")
    assert {code for code, _file, _line in codes(publish.examine(None, alone))} == {"K503"}
    shelf.publish(root)
    assert checking.foreign(alone) == checking.foreign(alone / "pfade") == []
    assert codes(shelf.publish(alone)) == []
    assert len(path(db).sheet.courses) == 2
    change(alone / FILE, "ergebnis: Sie", "ergebnis: Wir")
    assert shelf.publish(alone / "pfade").published
    assert path(db).sheet.outcome == "Wir kennen den Anfang."


def test_texts_elsewhere_link_a_path(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    course = root / "kleiner-kurs"
    change(course / "kurs.md", "Darum geht es.", "Siehe [Pfad](../pfade/erste-schritte.md).")
    assert shelf.publish(course).published
    found = queries.course(db, "kleiner-kurs")
    assert isinstance(found, CourseRelease)
    assert 'href="/pfade/erste-schritte"' in found.sheet.html
    near = stored.elsewhere(db, frozenset({"pfade"})).places
    assert near.pages[FILE].href == "/pfade/erste-schritte"
    assert "pfade/bilder/weg.svg" in near.pictures
    rendered = single.render(root / FILE, "kurs", None)
    assert (rendered.findings, len(rendered.parts)) == ((), 1)


def test_a_path_is_nowhere_taken_for_a_course(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    assert [card.slug for card in queries.cards(db).items] == ["anderer", "kleiner-kurs"]
    assert queries.cards(db, q="Schritte").items == ()
    assert queries.course(db, "pfade/erste-schritte") is None
    assert queries.current_by_id(db, ["pfa_aaaaaaaa", "kur_aaaaaaaa"]).keys() == {"kur_aaaaaaaa"}
    assert queries.path(db, "kleiner-kurs") is None


def test_the_search_finds_a_path(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    hits = finding.search(db, ("oeffentlich",), "Schritte", kind="kurse").rows
    assert [(hit.ref, hit.kind, hit.detail["slug"]) for hit in hits] == [
        ("pfad:pfa_aaaaaaaa", "pfad", "pfade/erste-schritte")
    ]


def test_an_update_renders_a_path_anew(shelf: Shelf, db: Session, root: Path) -> None:
    shelf.publish(root)
    before = path(db).sheet
    releases = db.scalars(select(Release).join(Course, Course.release_id == Release.id)).all()
    (mine,) = [release for release in releases if release.course_id == "pfa_aaaaaaaa"]
    stale = {**mine.sheet, "html": "alt"}
    db.execute(update(Release).where(Release.id == mine.id).values(renderer=0, sheet=stale))
    db.expire_all()
    assert renewal.render_anew(shelf.database) == 1
    db.expire_all()
    renewed = db.get_one(Release, mine.id).sheet
    assert (renewed["html"], renewed["courses"]) == (str(before.html), list(before.courses))


def test_an_unknown_path_is_refused(db: Session) -> None:
    with pytest.raises(Refused, match="pfade/keiner"):
        rollback.roll_back(db, "pfade/keiner")
