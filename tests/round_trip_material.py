"""Courses that go around: generated ones as different as people write them, foreign ones made publishable."""

from collections.abc import Iterable
from pathlib import Path

from learn.cli.generated import write_course
from learn.courses import publish

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="4" height="2"/></svg>\n'
TEST = """---
titel: Abschlusstest
id: fra_{number:08}
bestehen: 1
---

## Was ist eins?
<!-- frage id=eins -->

1. [x] Eine Zahl
2. [ ] Ein Wort
"""


def generated(root: Path, numbers: Iterable[int]) -> Path:
    """Courses with all ends of lines, with BOM, keys out of order, pictures, plain versions, tests."""
    for number in numbers:
        write_course(root, number)
        folder = root / f"messkurs-{number:05}"
        lessons = sorted(folder.glob("*/*-lektion-*.md"))
        _plain(lessons[number % 6])
        _picture(lessons[(number + 1) % 6])
        _other_order(lessons[(number + 2) % 6])
        if number % 2:
            _glossary(folder, number)
        if number % 5 == 0:
            _test(folder, number)
        _ends(sorted(folder.rglob("*.md")), number)
    return root


def mended(out: Path) -> None:
    """Take out the lines publishing refuses, and say what came out of a course."""
    for sheet in out.glob("*/kurs.md"):
        text = sheet.read_text()
        if "\nergebnis:" not in text:
            sheet.write_text(text.replace("\ntitel:", "\nergebnis: Sie können mehr.\ntitel:", 1))
    for _round in range(40):
        errors = [each for each in publish.examine(None, out).findings if each.severity == "error"]
        if not errors:
            return
        for file in {each.file for each in errors}:
            path = out / file
            path = path if path.exists() else next(out.glob(f"*/{file}"))
            rows = path.read_text().split("\n")
            for number in sorted({each.line for each in errors if each.file == file}, reverse=True):
                del rows[number - 1]
            path.write_text("\n".join(rows))


def _plain(lesson: Path) -> None:
    text = "---\ngeprueft: 2026-09\nzu_ausgabe: 1\n---\n\nKurze Sätze. Ohne Zeile am Ende."
    lesson.with_name(lesson.name.removesuffix(".md") + ".einfach.md").write_text(text)


def _picture(lesson: Path) -> None:
    folder = lesson.parent / "bilder"
    folder.mkdir(exist_ok=True)
    (folder / "kasten.svg").write_text(SVG)
    lesson.write_text(lesson.read_text() + "\n![Ein Kasten](bilder/kasten.svg)\n")


def _other_order(lesson: Path) -> None:
    """The id last, below a remark, and blanks at the ends of lines."""
    _none, head, body = lesson.read_text().split("---\n", 2)
    rows = head.splitlines(keepends=True)
    rows = [*rows[1:], "# Die Kennung bleibt.\n", rows[0]]
    lesson.write_text("---\n" + "".join(rows) + "---\n" + body.replace(".\n", ".  \n", 1))


def _glossary(folder: Path, number: int) -> None:
    text = f"---\nid: glo_{number:08}\ntitel: Begriffe\n---\n\n## Takt {number}\n\nEin Abstand.\n"
    (folder / "glossar.md").write_text(text)


def _test(folder: Path, number: int) -> None:
    sheet = folder / "kurs.md"
    sheet.write_text(sheet.read_text().replace("\nlizenz:", "\nabschluss: [lektionen, test]\nlizenz:", 1))
    (folder / "fragen").mkdir()
    (folder / "fragen/abschluss.md").write_text(TEST.format(number=number))


def _ends(paths: list[Path], number: int) -> None:
    """Other ends of lines, and a BOM."""
    for place, path in enumerate(paths, number):
        data = path.read_bytes()
        if place % 4 == 1:
            data = data.replace(b"\n", b"\r\n")
        if place % 9 == 2:
            data = data.replace(b"\n", b"\r")
        if place % 5 == 3:
            data = b"\xef\xbb\xbf" + data
        path.write_bytes(data)
