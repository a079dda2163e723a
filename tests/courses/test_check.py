"""Checking a folder: where one change brings several faults, what is left alone, and the report as JSON.

Every fault alone: `test_faults`.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from learn.courses import files, publish
from learn.courses.files import Tree
from learn.courses.origin import Folder
from tests.courses.folders import FIRST, SECOND, SVG, change, codes, example, small, write

Damage = Callable[[Path], object]
PLAIN = "01-anfang/01-eins.einfach.md"
LONG = f"01-anfang/{'x' * 80}/{'x' * 80}/{'y' * 250}.svg"


def put(file: str, text: str | bytes) -> Damage:
    return lambda course: write(course / file, text)


def misnamed_with_plain(course: Path) -> None:
    write(course / PLAIN, "---\nzu_ausgabe: 1\n---\n\nLeicht.\n")
    (course / FIRST).rename(course / "01-anfang/01-Eins.md")


CASES: list[tuple[str, Damage, list[tuple[str, str, int]]]] = [
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
    ("bad name beside a plain version", misnamed_with_plain, [("K106", "01-anfang/01-Eins.md", 1)]),
    ("long path", put(LONG, SVG), [("K108", LONG, 1)]),
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


def test_a_course_of_too_many_files_is_not_read_at_all(tmp_path: Path) -> None:
    tree = files.lay(Tree(Folder(tmp_path)), {f"kurs/01-a/{number:02}-b.md": 1 for number in range(5_001)})
    found = [(f.code, f.file, f.message) for f in tree.findings]
    sentence = "Verkleinern oder teilen Sie: Der Kurs überschreitet 5.000 Dateien."
    assert found == [("K108", "kurs/kurs.md", sentence)]
    assert tree.sizes == {}


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
