"""What can be wrong with the tiny course: one change each, for the tables of faults."""

import io
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.courses.folders import FIRST, SECOND, change, write

Damage = Callable[[Path], object]
Case = tuple[str, str, int, str, Damage]  # code, file, line, sentence, damage
Later = tuple[str, str, int, str, Damage, Damage]  # the damage before and after it is published
MODULE = "01-anfang/modul.md"
PICTURE = "01-anfang/bilder/kasten.svg"
NEW = "01-anfang/bilder/neu.svg"
PLAIN = "01-anfang/01-eins.einfach.md"
FINAL = "fragen/abschluss.md"
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
EXERCISE = "<!-- aufgabe id=a -->\n\nText\n\n<!-- /aufgabe -->"
OPTIONS = "1. [x] Eine Zahl\n2. [ ] Ein Wort"


def edit(file: str, old: str, new: str) -> Damage:
    return lambda course: change(course / file, old, new)


def put(file: str, text: str | bytes) -> Damage:
    return lambda course: write(course / file, text)


def gone(file: str) -> Damage:
    return lambda course: (course / file).unlink()


def named(old: str, new: str) -> Damage:
    return lambda course: (course / old).rename(course / new)


def both(*damages: Damage) -> Damage:
    return lambda course: [damage(course) for damage in damages]


def unlinked(course: Path) -> None:
    """Nothing else names the second lesson any more."""
    change(course / FIRST, " und [zwei](02-zwei.md#das-zweite)", "")


def front(line: str, file: str = FIRST) -> Damage:
    """One more line of front matter, below `titel`."""

    def damage(course: Path) -> None:
        rows = (course / file).read_text().split("\n")
        place = next(index for index, row in enumerate(rows) if row.startswith("titel:"))
        write(course / file, "\n".join([*rows[: place + 1], line, *rows[place + 1 :]]))

    return damage


def value(key: str, text: str, file: str = FIRST) -> Damage:
    """Another value for a key that the file has."""

    def damage(course: Path) -> None:
        rows = (course / file).read_text().split("\n")
        write(
            course / file, "\n".join(f"{key}: {text}" if row.startswith(f"{key}:") else row for row in rows)
        )

    return damage


def more(text: str, file: str = FIRST) -> Damage:
    """More text at the end: of the first lesson it begins in line 24."""

    def damage(course: Path) -> None:
        path = course / file
        write(path, path.read_bytes() + f"\n{text}\n".encode())

    return damage


def plain_version() -> Damage:
    return put(PLAIN, "---\nzu_ausgabe: 1\n---\n\nLeicht.\n")


def asked(answers: str, typ: str = "") -> Damage:
    """Other answers of the only question, from line 22 on."""

    def damage(course: Path) -> None:
        change(course / SECOND, OPTIONS, answers)
        if typ:
            change(course / SECOND, "frage id=zwei", f"frage id=zwei typ={typ}")

    return damage


def final(text: str = TEST, wanted: str = "[lektionen, test]") -> Damage:
    return both(front(f"abschluss: {wanted}", "kurs.md"), put(FINAL, text))


def plan(body: str) -> Damage:
    """A Fahrplan whose body begins in line 26."""
    return more(f"<!-- fahrplan id=plan -->\n\n{body}\n\n<!-- /fahrplan -->")


def photo(folder: Path, size: int) -> None:
    """A picture of noise that is shown and heavy."""
    file = io.BytesIO()
    noise = random.Random(1).randbytes(size * size * 3)
    Image.frombytes("RGB", (size, size), noise).save(file, "PNG")
    write(folder / "01-anfang/bilder/foto.png", file.getvalue())
    more("![Ein Foto](bilder/foto.png)")(folder)


def linked(file: str) -> Damage:
    def damage(course: Path) -> None:
        (course / file).rename(course.parent / "anderswo")
        (course / file).symlink_to(course.parent / "anderswo")

    return damage


def sparse(course: Path) -> None:
    """201 MB that occupy nothing."""
    with (course / "01-anfang/bilder/gross.bin").open("wb") as file:
        file.truncate(201 << 20)


def head(*reasons: tuple[str, int, Damage]) -> list[Case]:
    return [
        ("K102", FIRST, line, f"Korrigieren Sie den Kopf: {why}.", damage) for why, line, damage in reasons
    ]


def wrong(expected: str, *cases: tuple[str, str, str, int]) -> list[Case]:
    """K104: file, key, value and line, all of one expectation."""
    return [
        (
            "K104",
            file,
            line,
            f"„{key}“: Erlaubt ist {expected}, nicht „{shown(text)}“.",
            given(file, key, text),
        )
        for file, key, text, line in cases
    ]


def given(file: str, key: str, text: str) -> Damage:
    def damage(course: Path) -> None:
        there = any(row.startswith(f"{key}:") for row in (course / file).read_text().split("\n"))
        (value if there else front)(*((key, text, file) if there else (f"{key}: {text}", file)))(course)

    return damage


def shown(text: str) -> str:
    text = text.strip("\"'[]{} ").removesuffix(": x")
    return text if len(text) <= 40 else f"{text[:39]}…"


def big(what: str, limit: str) -> str:
    return f"Verkleinern oder teilen Sie: {what} überschreitet {limit}."


def mark(name: str) -> str:
    return f"Verschieben oder schließen Sie die Marke „{name}“."


UTF8 = "Speichern Sie die Datei als UTF-8 ohne Steuerzeichen."
LETTERS = "Nehmen Sie im Namen nur Kleinbuchstaben, Ziffern, Bindestriche."
UNUSED = "Verlinken oder löschen Sie die ungenutzte Datei."
REQUIRED = "Setzen Sie mindestens einmal „pflicht: ja“."
IDS = "Starten Sie „learn content ids“."
UNDER = "Setzen Sie die Marke „frage“ unter die Überschrift."
ONE = "Setzen Sie genau ein [x]."
SOLUTION = "Schreiben Sie eine lesbare Lösung."
FIELDS = "Nennen Sie 1 bis 40 Felder, jedes mit eigenem Namen."
SAFE = "Speichern Sie das Bild in einem sicheren Format."
SAYS = "Beschreiben Sie das Bild oder setzen Sie den Titel „schmuck“."
GOALS = "Nennen Sie zwei bis vier Ziele."
