"""Texts of the Werkstatt: the same way as folders, canonical bytes, and folders that they overtook."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import canonical, export, rollback
from learn.courses.drafts import Draft
from learn.courses.models import Release
from tests.courses.folders import (
    FIRST,
    SECOND,
    SVG,
    TEXTS,
    Shelf,
    change,
    codes,
    current,
    encoded,
    kinds,
    lesson,
    other,
    small,
    write,
)

EDITED = TEXTS[SECOND].replace("Noch ein Satz", "Ein neuer Satz")
COURSE = "kur_aaaaaaaa"


def origins(db: Session) -> list[str]:
    return list(db.scalars(select(Release.origin).order_by(Release.id)))


def test_a_draft_becomes_a_release_with_its_origin(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    report = shelf.draft(1, {SECOND: EDITED})
    assert report.published
    assert kinds(report) == [("redaktionell", "les_bbbbbbbb")]
    assert [entry.file for course in report.courses for entry in course.changes] == [SECOND]
    release = current(db, "kleiner-kurs")
    assert release.number == 2
    assert "Ein neuer Satz" in str(lesson(db, release, "zwei").parts[0])
    assert "Ein Satz über" in str(lesson(db, release, "eins").parts[0])
    assert origins(db) == ["folder", "werkstatt"]


def test_a_draft_names_texts_by_path_or_id_and_adds_and_removes(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    third = TEXTS[SECOND].replace("les_bbbbbbbb", "les_cccccccc").replace("titel: Zwei", "titel: Drei")
    third += "\n![Ein Kreis](bilder/kreis.svg)\n"
    changes = {
        "les_aaaaaaaa": TEXTS[FIRST].replace("[zwei](02-zwei.md#das-zweite)", "drei"),
        "01-anfang/03-drei.md": third.replace("Noch ein Satz mit anderen Worten", "Lauter neue Sachen"),
        "01-anfang/bilder/kreis.svg": SVG.replace("40", "44"),
        SECOND: None,
    }
    assert codes(shelf.draft(1, changes)) == [("K304", "01-anfang/03-drei.md", 2)]
    changes["01-anfang/03-drei.md"] = third.replace("ziele:", "ersetzt: [les_bbbbbbbb]\nziele:")
    report = shelf.draft(1, changes)
    assert kinds(report) == [
        ("redaktionell", "les_aaaaaaaa"),
        ("neu", "les_cccccccc"),
        ("ersetzt", "les_bbbbbbbb"),
    ]
    manifest = current(db, "kleiner-kurs").manifest
    assert [entry.slug for entry in manifest.lessons()] == ["eins", "drei"]
    assert [entry.id for entry in manifest.retired] == ["les_bbbbbbbb"]
    keys = list(shelf.storage.keys())
    assert len(keys) == 2


def test_a_preview_and_a_faulty_draft_write_nothing(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    preview = shelf.drafts(Draft(COURSE, 1, encoded({SECOND: EDITED})), dry_run=True)
    assert preview.ok
    assert kinds(preview) == [("redaktionell", "les_bbbbbbbb")]
    faulty = shelf.draft(1, {SECOND: EDITED.replace("dauer: 6min", "dauer: lang"), "01-anfang/X.md": "x"})
    assert {code for code, _, _ in codes(faulty)} >= {"K104", "K106"}
    assert not faulty.published
    assert shelf.draft(1, {}).unchanged
    assert shelf.draft(1, {SECOND: TEXTS[SECOND]}).unchanged
    assert origins(db) == ["folder"]


def test_a_stale_draft_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    change(course / FIRST, "Ein Satz", "Kein Satz")
    shelf.publish(course)
    for base in (0, 1, 3):
        with pytest.raises(Refused, match="Inzwischen wurde veröffentlicht") as caught:
            shelf.draft(base, {SECOND: EDITED})
        assert caught.value.status == 409
    for path in ("../fremd.md", "/etc/passwd", "01-anfang/../kurs.md", "a\\b.md", ""):
        with pytest.raises(Refused, match="liegt nicht im Kurs"):
            shelf.draft(2, {path: "x"})


def test_a_course_may_begin_in_the_werkstatt_and_change_its_address(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="Adresse"):
        shelf.draft(0, TEXTS)
    assert shelf.draft(0, TEXTS, slug="kleiner-kurs").published
    assert shelf.draft(1, {}, slug="anderer-kurs").published
    release = current(db, "anderer-kurs")
    assert "/kurse/anderer-kurs/zwei#s-das-zweite" in str(lesson(db, release, "eins").parts[0])
    export.export(db, shelf.storage, "anderer-kurs", tmp_path)
    assert shelf.publish(tmp_path / "anderer-kurs").unchanged


def test_two_drafts_move_a_lesson_between_courses(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    small(tmp_path / "inhalt")
    other(tmp_path / "inhalt", "anderer")
    shelf.publish(tmp_path / "inhalt")
    moved = TEXTS[SECOND].replace("id: les_bbbbbbbb", "id: les_bbbbbbbb\nausgabe: 2")
    first = TEXTS[FIRST].replace("[zwei](02-zwei.md#das-zweite)", "zwei")
    giving = Draft(COURSE, 1, encoded({SECOND: None, FIRST: first}))
    taking = Draft("kur_cccccccc", 1, encoded({"01-anfang/03-wieder.md": moved}))
    assert shelf.drafts(giving, taking).published
    assert current(db, "anderer").manifest.lesson("les_bbbbbbbb")
    assert not current(db, "kleiner-kurs").manifest.lesson("les_bbbbbbbb")


def test_the_network_s_glossary_is_written_there_too(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    text = "---\nid: glo_dddddddd\ntitel: Begriffe\n---\n\n## Funk\n\nWellen.\n"
    root = tmp_path / "inhalt"
    write(root / "glossar.md", text)
    small(root)
    shelf.publish(root)
    draft = Draft("glo_dddddddd", 1, {"glossar.md": text.replace("Wellen", "Viele Wellen").encode()})
    assert shelf.drafts(draft).published
    assert origins(db)[-1] == "werkstatt"
    assert codes(shelf.check(root)) == [("K308", "glossar.md", 1)]


def test_texts_are_stored_canonically_and_exported_byte_for_byte(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    course = small(tmp_path)
    write(course / FIRST, TEXTS[FIRST].replace("\n", "\r\n"))
    shelf.publish(course)
    swapped = EDITED.replace("titel: Zwei\ndauer: 6min\n", "dauer: 6min\n# wie lange\ntitel: Zwei\n")
    said_again = {FIRST: TEXTS[FIRST], SECOND: "\ufeff" + swapped.replace("\n", "\r\n")}
    assert kinds(shelf.draft(1, said_again)) == [("redaktionell", "les_bbbbbbbb")]
    export.export(db, shelf.storage, "kleiner-kurs", tmp_path / "aus")
    out = tmp_path / "aus/kleiner-kurs"
    assert (out / FIRST).read_bytes() == (course / FIRST).read_bytes()
    kept = EDITED.replace("titel: Zwei\ndauer: 6min\n", "# wie lange\ntitel: Zwei\n")
    wanted = kept.replace("voraussetzung:", "dauer: 6min\nvoraussetzung:")
    assert (out / SECOND).read_text() == wanted
    assert shelf.publish(out).unchanged
    assert shelf.draft(2, {SECOND: swapped, FIRST: TEXTS[FIRST]}).unchanged


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("titel: T\r\nid: x", "id: x\ntitel: T"),
        (
            "was: x\nwerte:\n  a: b\n\nziele:\n- eins\n- zwei",
            "ziele:\n- eins\n- zwei\nwerte:\n  a: b\n\nwas: x",
        ),
        ("# oben\n# zwei\ntitel: >\n  lang\n  und\nid: x", "id: x\n# oben\n# zwei\ntitel: >\n  lang\n  und"),
        ("{titel: T, id: x}", "{titel: T, id: x}"),
        ("titel: [\nid: x", "titel: [\nid: x"),
        ("titel: T\n# ohne\n\nid: x", "id: x\ntitel: T\n# ohne\n"),
        ("  titel: T\n  id: x", "  id: x\n  titel: T"),
        ("titel: |+\n  T\n\nid: x", "id: x\ntitel: |+\n  T\n"),
    ],
)
def test_keys_come_in_one_order(before: str, after: str) -> None:
    wanted = f"---\n{after}\n---\nText\n".encode()
    assert canonical.written(f"---\n{before}\n---\nText\r\n".encode()) == wanted
    assert canonical.written(wanted) == wanted


@pytest.mark.parametrize("data", [b"ohne Kopf\n", b"---\n---\n", b"---\n", b"\xff\r\n", b""])
def test_what_has_no_keys_stays(data: bytes) -> None:
    assert canonical.written(data) == data


def test_a_folder_from_before_is_sent_to_the_export(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    course = small(tmp_path)
    shelf.publish(course)
    raised = canonical.written(EDITED.replace("ziele:", "ausgabe: 2\nziele:").encode()).decode()
    shelf.draft(1, {SECOND: raised})
    assert codes(shelf.check(course)) == [("K308", SECOND, 1)]
    change(course / FIRST, "Ein Satz", "Kein Satz")
    report = shelf.publish(course)
    assert not report.published
    assert [(f.code, f.severity, f.id, f.message) for f in report.findings] == [
        ("K308", "error", "les_bbbbbbbb", "Starten Sie zuerst „learn content export“.")
    ]
    write(course / SECOND, raised.replace("Ein neuer", "Ein ganz neuer"))
    report = shelf.publish(course)
    assert report.published
    assert [(f.code, f.severity, f.message) for f in report.findings] == [
        ("K309", "warning", "Vergleichen Sie mit der Fassung der Werkstatt.")
    ]
    write(course / SECOND, raised)
    assert not shelf.check(course).findings, "the folder wrote the current version itself"
    rollback.roll_back(db, "kleiner-kurs", 2)
    assert codes(shelf.check(course)) == [], "the file is the current version again"


def test_what_the_werkstatt_wrote_is_known_after_further_releases(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    course = small(tmp_path)
    plain = "01-anfang/02-zwei.einfach.md"
    shelf.publish(course)
    shelf.draft(1, {SECOND: EDITED, plain: "---\nzu_ausgabe: 1\n---\n\nZwei ist eine Zahl.\n"})
    export.export(db, shelf.storage, "kleiner-kurs", tmp_path / "aus")
    out = tmp_path / "aus/kleiner-kurs"
    (out / SECOND).rename(out / "01-anfang/03-zwei.md")
    (out / plain).rename(out / "01-anfang/03-zwei.einfach.md")
    change(out / FIRST, "02-zwei.md", "03-zwei.md")
    assert shelf.publish(out).published
    change(course / FIRST, "Ein Satz", "Gar kein Satz")
    report = shelf.check(course)
    assert [(code, file) for code, file, _ in codes(report)] == [
        ("K308", SECOND),
        ("K309", "01-anfang/03-zwei.einfach.md"),
    ]


def test_the_plain_variant_has_a_version_of_its_own(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    plain = course / "01-anfang/02-zwei.einfach.md"
    write(plain, "---\nzu_ausgabe: 1\n---\n\nZwei ist eine Zahl.\n")
    shelf.publish(course)
    edited = "---\nzu_ausgabe: 1\n---\n\nZwei ist eine kleine Zahl.\n"
    shelf.draft(1, {"01-anfang/02-zwei.einfach.md": edited})
    assert codes(shelf.check(course)) == [("K308", "01-anfang/02-zwei.einfach.md", 1)]
    write(plain, edited.replace("kleine", "sehr kleine"))
    assert codes(shelf.check(course)) == [("K309", "01-anfang/02-zwei.einfach.md", 1)]
    write(plain, edited)
    assert shelf.check(course).unchanged
    plain.unlink()
    assert codes(shelf.check(course)) == [("K309", "01-anfang/02-zwei.einfach.md", 1)]


def test_the_final_test_is_only_compared_because_no_export_holds_it(
    shelf: Shelf, db: Session, tmp_path: Path
) -> None:
    course = small(tmp_path)
    test = (
        "---\nid: fra_aaaaaaaa\ntitel: Abschluss\nbestehen: 1\n---\n\n"
        "## Was ist zwei?\n<!-- frage id=zwei -->\n\n1. [x] Eine Zahl\n2. [ ] Ein Wort\n"
    )
    change(course / "kurs.md", "lizenz:", "abschluss: [lektionen, test]\nlizenz:")
    write(course / "fragen/abschluss.md", test)
    assert shelf.publish(course).published, shelf.check(course)
    shelf.draft(1, {"fragen/abschluss.md": test.replace("Ein Wort", "Kein Wort")})
    assert codes(shelf.check(course)) == [("K309", "fragen/abschluss.md", 1)]
    (course / "fragen/abschluss.md").unlink()
    assert [code for code, _, _ in codes(shelf.check(course))] == ["K407"]
    change(course / FIRST, "Ein Satz", "Kein Satz")
    assert shelf.publish(course).published
    write(course / "fragen/abschluss.md", test)
    assert codes(shelf.check(course)) == [("K309", "fragen/abschluss.md", 1)]


def test_ersetzt_names_only_lessons_that_are_gone(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / SECOND, "ziele:", "ersetzt: [les_00000000, les_aaaaaaaa, les_bbbbbbbb]\nziele:")
    report = shelf.check(course)
    assert codes(report) == [("K307", SECOND, 5), ("K307", SECOND, 5)]
    assert [found.message for found in report.findings] == [
        "Nehmen Sie les_aaaaaaaa aus „ersetzt“.",
        "Nehmen Sie les_bbbbbbbb aus „ersetzt“.",
    ]


def test_a_lesson_that_moved_to_another_course_may_be_replaced(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path / "inhalt")
    there = other(tmp_path / "inhalt", "anderer")
    shelf.publish(tmp_path / "inhalt")
    (course / SECOND).rename(there / "01-anfang/04-wieder.md")
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    change(course / FIRST, "ziele:", "ersetzt: [les_bbbbbbbb]\nziele:")
    assert shelf.publish(tmp_path / "inhalt").published


def test_a_lesson_that_returns_keeps_its_edition(shelf: Shelf, tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / SECOND, "ziele:", "ausgabe: 3\nziele:")
    shelf.publish(course)
    gone = (course / SECOND).read_text()
    (course / SECOND).unlink()
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    shelf.publish(course)
    write(course / SECOND, gone.replace("ausgabe: 3", "ausgabe: 2"))
    assert codes(shelf.check(course)) == [("K305", SECOND, 5)]
