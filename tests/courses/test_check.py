"""Every fault alone: the right code, file and line, and nothing else."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from learn.courses import publish
from tests.courses.folders import FIRST, SECOND, SVG, change, codes, example, small, write

Damage = Callable[[Path], object]
PICTURE = "01-anfang/bilder/kasten.svg"
PLAIN = "01-anfang/01-eins.einfach.md"
TEST = """---
id: fra_aaaaaaaa
titel: Test
bestehen: 1
---

## Was ist zwei?
<!-- frage id=zwei lektion=les_bbbbbbbb -->

1. [x] Eine Zahl
2. [ ] Ein Wort
"""


def edit(file: str, old: str, new: str) -> Damage:
    return lambda course: change(course / file, old, new)


def put(file: str, text: str | bytes) -> Damage:
    return lambda course: write(course / file, text)


def with_test(text: str, wanted: str = "[lektionen, test]") -> Damage:
    def damage(course: Path) -> None:
        change(course / "kurs.md", "lizenz:", f"abschluss: {wanted}\nlizenz:")
        write(course / "fragen/abschluss.md", text)

    return damage


def optional(course: Path) -> None:
    for file in (FIRST, SECOND):
        change(course / file, "ziele:", "pflicht: nein\nziele:")


def linked(course: Path) -> None:
    (course / FIRST).rename(course.parent / "elsewhere.md")
    (course / FIRST).symlink_to(course.parent / "elsewhere.md")
    change(course / SECOND, "[vorige]", "[]")


def plain_without_lesson(course: Path) -> None:
    write(course / "01-anfang/03-drei.einfach.md", "---\nzu_ausgabe: 1\n---\n\nLeicht.\n")


def folders_too_deep(course: Path) -> None:
    write(course / "01-anfang/bilder/a/b/c.svg", SVG)


LONG = f"01-anfang/{'x' * 80}/{'x' * 80}/{'y' * 250}.svg"
NEW = "01-anfang/bilder/neu.svg"
FINAL = "fragen/abschluss.md"


def reserved(course: Path) -> None:
    (course / SECOND).rename(course / "01-anfang/02-druck.md")


def misnamed_folder(course: Path) -> None:
    (course / "01-anfang").rename(course / "01_anfang")


def unnumbered_folder(course: Path) -> None:
    (course / "01-anfang").rename(course / "anfang")


def misnamed_with_plain(course: Path) -> None:
    write(course / PLAIN, "---\nzu_ausgabe: 1\n---\n\nLeicht.\n")
    (course / FIRST).rename(course / "01-anfang/01-Eins.md")


def condition_without_end(course: Path) -> None:
    change(course / FIRST, "ziele:", "abschluss: [gelesen, aufgabe:liste]\nziele:")
    change(course / FIRST, "<!-- /aufgabe -->", "")


def numbered_alike(course: Path) -> None:
    (course / SECOND).rename(course / "01-anfang/01-zwei.md")


def plain_behind(course: Path) -> None:
    change(course / FIRST, "dauer:", "ausgabe: 2\ndauer:")
    write(course / PLAIN, "---\nzu_ausgabe: 1\n---\n\nLeicht.\n")


def linked_folder(course: Path) -> None:
    (course / "01-anfang/bilder").rename(course.parent / "elsewhere")
    (course / "01-anfang/bilder").symlink_to(course.parent / "elsewhere")


CASES: list[tuple[str, Damage, list[tuple[str, str, int]]]] = [
    ("no UTF-8", put("glossar.md", b"---\nid: \xff\n---\n"), [("K101", "glossar.md", 2)]),
    ("control character", edit(SECOND, "Noch ein", "Noch\x07 ein"), [("K101", SECOND, 13)]),
    ("duplicate key", edit(FIRST, "titel: Eins", "titel: Eins\ntitel: Zwei"), [("K102", FIRST, 4)]),
    ("anchor", edit(FIRST, "titel: Eins", "titel: &a Eins"), [("K102", FIRST, 3)]),
    ("no front matter", put("01-anfang/modul.md", "Text.\n"), [("K102", "01-anfang/modul.md", 1)]),
    ("missing key", edit("kurs.md", "lizenz: CC0-1.0\n", ""), [("K103", "kurs.md", 1)]),
    ("wrong number", edit(FIRST, "dauer: 5min", "dauer: 0"), [("K104", FIRST, 4)]),
    ("wrong licence", edit("kurs.md", "CC0-1.0", "MIT"), [("K104", "kurs.md", 5)]),
    ("wrong id", edit(FIRST, "les_aaaaaaaa", "mod_bbbbbbbb"), [("K104", FIRST, 2)]),
    ("long goal", edit(FIRST, "eins schreiben", "x" * 121), [("K104", FIRST, 7)]),
    ("impossible day", edit(FIRST, "ziele:", "geprueft: 2024-02-30\nziele:"), [("K104", FIRST, 5)]),
    ("redo beyond edition", edit(FIRST, "ziele:", "erneut_ab: 2\nziele:"), [("K104", FIRST, 5)]),
    ("unknown key", edit(FIRST, "ziele:", "daur: 5\nziele:"), [("K105", FIRST, 5)]),
    ("bad module folder", misnamed_folder, [("K106", "01_anfang", 1)]),
    ("module without number", unnumbered_folder, [("K106", "anfang", 1)]),
    ("bad name beside a plain version", misnamed_with_plain, [("K106", "01-anfang/01-Eins.md", 1)]),
    ("bad picture folder", put("01-anfang/Bilder/a.svg", SVG), [("K106", "01-anfang/Bilder", 1)]),
    (
        "lesson without number",
        put("01-anfang/drei.md", "---\n---\n"),
        [
            ("K103", "01-anfang/drei.md", 1),
            ("K103", "01-anfang/drei.md", 1),
            ("K106", "01-anfang/drei.md", 1),
            ("K301", "01-anfang/drei.md", 1),
            ("K512", "01-anfang/drei.md", 1),
        ],
    ),
    (
        "slug twice",
        lambda c: shutil.copytree(c / "01-anfang", c / "02-ende"),
        [
            ("K107", "02-ende/01-eins.md", 1),
            ("K107", "02-ende/02-zwei.md", 1),
            ("K302", "02-ende/01-eins.md", 2),
            ("K302", "02-ende/02-zwei.md", 2),
            ("K302", "02-ende/modul.md", 2),
        ],
    ),
    (
        "reserved slug",
        lambda c: (c / SECOND).rename(c / "01-anfang/02-druck.md"),
        [("K107", "01-anfang/02-druck.md", 1), ("K503", FIRST, 12)],
    ),
    ("large file", edit(SECOND, "Noch ein", "Noch ein " + "Wort " * 60_000), [("K108", SECOND, 1)]),
    ("large front matter", edit("kurs.md", "lizenz:", f"# {'x' * 9000}\nlizenz:"), [("K108", "kurs.md", 1)]),
    ("large picture", put(PICTURE, SVG + " " * 5_300_000), [("K108", PICTURE, 1)]),
    ("deep folders", folders_too_deep, [("K108", "01-anfang/bilder/a/b", 1)]),
    ("symbolic link", linked, [("K109", FIRST, 1)]),
    ("symbolic folder", linked_folder, [("K109", "01-anfang/bilder", 1)]),
    ("long term", edit("glossar.md", "## Takt", f"## {'Takt ' * 30}"), [("K108", "glossar.md", 6)]),
    ("long path", put(LONG, SVG), [("K108", LONG, 1)]),
    ("target outside", edit(FIRST, "bilder/kasten", "../../../../kasten"), [("K109", FIRST, 14)]),
    ("absolute target", edit(FIRST, "(02-zwei.md#das-zweite)", "(/etc/passwd)"), [("K109", FIRST, 12)]),
    (
        "number twice",
        lambda c: (c / SECOND).rename(c / "01-anfang/01-zwei.md"),
        [("K110", "01-anfang/01-zwei.md", 1), ("K503", FIRST, 12)],
    ),
    (
        "unused picture",
        put(NEW, SVG.replace("40", "50")),
        [("K111", NEW, 1)],
    ),
    ("no module file", lambda c: (c / "01-anfang/modul.md").unlink(), [("K112", "01-anfang/modul.md", 1)]),
    ("no course file", lambda c: (c / "kurs.md").unlink(), [("K112", "kurs.md", 1)]),
    ("plain alone", plain_without_lesson, [("K112", "01-anfang/03-drei.einfach.md", 1)]),
    ("no test file", edit("kurs.md", "lizenz:", "abschluss: [test]\nlizenz:"), [("K112", "kurs.md", 5)]),
    ("nothing required", optional, [("K113", "kurs.md", 1)]),
    ("open mark", edit(FIRST, "<!-- /aufgabe -->", ""), [("K203", FIRST, 18)]),
    ("open mark of a condition", condition_without_end, [("K203", FIRST, 19)]),
    ("missing id", edit(FIRST, "id: les_aaaaaaaa\n", ""), [("K301", FIRST, 1)]),
    ("missing mark id", edit(FIRST, "aufgabe id=liste", "aufgabe"), [("K301", FIRST, 18)]),
    ("id twice", edit(SECOND, "les_bbbbbbbb", "les_aaaaaaaa"), [("K302", SECOND, 2)]),
    ("no right option", edit(SECOND, "[x] Eine", "[ ] Eine"), [("K402", SECOND, 22)]),
    ("option without a box", edit(SECOND, "2. [ ] Ein Wort", "2. Ein Wort"), [("K402", SECOND, 23)]),
    ("wrong condition", edit(FIRST, "ziele:", "abschluss: [quiz]\nziele:"), [("K406", FIRST, 5)]),
    ("missing picture", edit(FIRST, "kasten.svg", "Kasten.svg"), [("K501", FIRST, 14)]),
    ("no alternative text", edit(FIRST, "[Ein Kasten]", "[]"), [("K502", FIRST, 14)]),
    ("missing file", edit(FIRST, "02-zwei.md#das-zweite", "03-drei.md"), [("K503", FIRST, 12)]),
    ("missing heading", edit(FIRST, "#das-zweite", "#das-dritte"), [("K503", FIRST, 12)]),
    ("missing term", edit(FIRST, "#takt", "#sendetakt"), [("K503", FIRST, 12)]),
    ("missing exercise", edit(FIRST, "ziele:", "abschluss: [aufgabe:nichts]\nziele:"), [("K503", FIRST, 5)]),
    ("unknown prerequisite", edit(SECOND, "[vorige]", "[les_00000000]"), [("K503", SECOND, 8)]),
    ("nothing before", edit(FIRST, "ziele:", "voraussetzung: [vorige]\nziele:"), [("K503", FIRST, 5)]),
    ("skipped level", edit(FIRST, "## Das Erste", "#### Das Erste"), [("K504", FIRST, 10)]),
    ("long lesson", edit(FIRST, "dauer: 5min", "dauer: 16"), [("K505", FIRST, 4)]),
    ("unsafe picture", put(PICTURE, SVG.replace("<rect", "<script>1</script><rect")), [("K509", PICTURE, 1)]),
    ("no picture at all", put(PICTURE, b"GIF89a"), [("K509", PICTURE, 1)]),
    ("plain behind", plain_behind, [("K511", PLAIN, 2)]),
    ("one goal", edit(FIRST, "  - eins schreiben\n", ""), [("K512", FIRST, 5)]),
    ("test unused", with_test(TEST, "[lektionen]"), [("K111", FINAL, 1)]),
    (
        "test names no lesson",
        with_test(TEST.replace("les_bbbbbbbb", "les_00000000")),
        [("K503", FINAL, 8)],
    ),
    (
        "test cannot be passed",
        with_test(TEST.replace("bestehen: 1", "bestehen: 2")),
        [("K104", FINAL, 4)],
    ),
    (
        "card picture missing",
        edit("kurs.md", "lizenz:", "bild: bilder/a.svg\nlizenz:"),
        [("K501", "kurs.md", 5)],
    ),
]


@pytest.mark.parametrize(("damage", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_each_fault_is_named_at_its_place(
    tmp_path: Path, damage: Damage, expected: list[tuple[str, str, int]]
) -> None:
    course = small(tmp_path)
    damage(course)
    assert sorted(codes(publish.examine(None, course))) == sorted(expected)


def test_the_tiny_course_and_the_example_have_no_fault(tmp_path: Path) -> None:
    for course in (small(tmp_path), example(tmp_path)):
        report = publish.examine(None, course)
        assert report.ok
        assert codes(report) == []


def test_files_of_a_content_root_are_named_below_it(tmp_path: Path) -> None:
    change(small(tmp_path) / FIRST, "dauer: 5min", "dauer: 16")
    write(tmp_path / "fremd/text.md", "# Fremd")
    write(tmp_path / "glossar.md", "---\nid: glo_bbbbbbbb\ntitel: Netz\n---\n\n## Ort\n\nEin Platz.\n")
    found = codes(publish.examine(None, tmp_path))
    assert found == [("K112", "fremd/kurs.md", 1), ("K505", f"kleiner-kurs/{FIRST}", 4)]


def test_readme_licence_and_dot_files_are_left_alone(tmp_path: Path) -> None:
    course = small(tmp_path)
    for name in ("README.md", "LICENSE", ".gitignore", ".git/config", "01-anfang/README.de.md"):
        write(course / name, b"\xff\x00")
    assert codes(publish.examine(None, course)) == []


def test_a_course_of_too_many_files_is_not_walked_to_its_end(tmp_path: Path) -> None:
    course = small(tmp_path)
    for number in range(5_001):
        (course / f"01-anfang/bilder/{number}.txt").touch()
    assert ("K108", "kurs.md", 1) in codes(publish.examine(None, course))


def test_pipes_and_names_that_are_no_text_end_in_a_fault(tmp_path: Path) -> None:
    course = small(tmp_path)
    os.mkfifo(course / "01-anfang/03-rohr.md")
    (course / "01-anfang/bilder").joinpath(os.fsdecode(b"\xff.svg")).write_text(SVG)
    (course / "01-anfang/bilder/a\nb.svg").write_text(SVG)
    report = publish.examine(None, course)
    assert {(code, line) for code, _file, line in codes(report)} == {("K109", 1), ("K106", 1)}
    assert all("\n" not in line for line in report.lines())


def test_a_text_that_takes_too_long_is_refused_with_its_line(tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / SECOND, "Noch ein", "<b>" * 3000 + "Noch ein")
    report = publish.examine(None, course)
    assert all(found.message for found in report.findings)


def test_the_report_as_json_is_sorted_and_complete(tmp_path: Path) -> None:
    course = small(tmp_path)
    change(course / SECOND, "dauer: 6min", "dauer: 16")
    change(course / FIRST, "dauer: 5min", "dauer: 99")
    data = publish.examine(None, course).as_json()
    assert data["ok"] is False
    assert data["published"] is False
    assert data["faults"] == [
        {
            "code": "K104",
            "severity": "error",
            "file": FIRST,
            "line": 4,
            "id": "les_aaaaaaaa",
            "message": "„dauer“: Erlaubt ist eine Zahl von 1 bis 60, zum Beispiel 8min, nicht „99“.",
        },
        {
            "code": "K505",
            "severity": "warning",
            "file": SECOND,
            "line": 4,
            "id": "les_bbbbbbbb",
            "message": "Teilen Sie die Lektion in Stücke bis 15 Minuten.",
        },
    ]
