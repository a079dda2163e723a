"""Course folders for tests: a tiny course written from text, and a copy of the example course."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish, queries
from learn.courses.drafts import Draft
from learn.courses.library import CourseRelease, LessonText
from learn.courses.report import Report

EXAMPLE = Path(__file__).parent / "fixtures" / "beispielkurs"
FIRST = "01-anfang/01-eins.md"
SECOND = "01-anfang/02-zwei.md"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="4" height="2"/></svg>'
TEXTS = {
    "kurs.md": """---
id: kur_aaaaaaaa
titel: Kleiner Kurs
ergebnis: Sie kennen zwei Dinge.
lizenz: CC0-1.0
---

Darum geht es.
""",
    "glossar.md": """---
id: glo_aaaaaaaa
titel: Begriffe
---

## Takt
<!-- begriff id=takt -->

Ein Abstand.
""",
    "01-anfang/modul.md": """---
id: mod_aaaaaaaa
titel: Anfang
---

Der Anfang.
""",
    FIRST: """---
id: les_aaaaaaaa
titel: Eins
dauer: 5min
ziele:
  - eins sagen
  - eins schreiben
---

## Das Erste

Ein Satz über den [Takt](../glossar.md#takt) und [zwei](02-zwei.md#das-zweite).

![Ein Kasten](bilder/kasten.svg)

## Aufgabe

<!-- aufgabe id=liste -->

Schreiben Sie eine Liste.

<!-- /aufgabe -->
""",
    SECOND: """---
id: les_bbbbbbbb
titel: Zwei
dauer: 6min
ziele:
  - zwei sagen
  - zwei schreiben
voraussetzung: [vorige]
---

## Das Zweite

Noch ein Satz mit anderen Worten über etwas ganz anderes als zuvor.

## Kurz geprüft

<!-- quiz id=probe -->

### Was ist zwei?
<!-- frage id=zwei -->

1. [x] Eine Zahl
2. [ ] Ein Wort

<!-- /quiz -->
""",
    "01-anfang/bilder/kasten.svg": SVG,
}


def small(folder: Path, name: str = "kleiner-kurs") -> Path:
    """Write the tiny course; its folder. Checking it finds nothing."""
    for path, text in TEXTS.items():
        write(folder / name / path, text)
    return folder / name


def example(folder: Path, name: str = "beispielkurs") -> Path:
    """A copy of the example course."""
    return Path(shutil.copytree(EXAMPLE, folder / name))


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def change(path: Path, old: str, new: str) -> None:
    """Replace a text that the file holds once."""
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    write(path, text.replace(old, new))


def codes(report: Report) -> Sequence[tuple[str, str, int]]:
    """Code, file and line of everything that was found."""
    return [(found.code, found.file, found.line) for found in report.findings]


class Shelf:
    """Publishes folders into a database and a storage of a test."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self.database = database
        self.storage = storage

    def publish(self, folder: Path, *, dry_run: bool = False) -> Report:
        return publish.publish(self.database, self.storage, folder, dry_run=dry_run)

    def draft(self, base: int, changes: Mapping[str, str | bytes | None], *, slug: str = "") -> Report:
        """Publish changes to the tiny course from the Werkstatt."""
        return self.drafts(Draft("kur_aaaaaaaa", base, encoded(changes), slug))

    def drafts(self, *given: Draft, dry_run: bool = False) -> Report:
        return publish.publish_drafts(self.database, self.storage, given, dry_run=dry_run)

    def check(self, folder: Path) -> Report:
        return publish.examine(self.database, folder)


def encoded(changes: Mapping[str, str | bytes | None]) -> dict[str, bytes | None]:
    return {path: data.encode() if isinstance(data, str) else data for path, data in changes.items()}


def kinds(report: Report) -> list[tuple[str, str]]:
    return [(change.kind, change.id) for course in report.courses for change in course.changes]


def current(session: Session, slug: str) -> CourseRelease:
    session.expire_all()
    found = queries.course(session, slug)
    assert isinstance(found, CourseRelease)
    return found


def lesson(session: Session, release: CourseRelease, slug: str) -> LessonText:
    found = queries.lesson(session, release, slug)
    assert isinstance(found, LessonText)
    return found


def other(root: Path, name: str) -> Path:
    """A second course with ids of its own."""
    course = small(root, name)
    for path in course.rglob("*.md"):
        text = path.read_text()
        for prefix in ("kur", "mod", "glo"):
            text = text.replace(f"{prefix}_aaaaaaaa", f"{prefix}_cccccccc")
        text = text.replace("les_aaaaaaaa", "les_cccccccc").replace("les_bbbbbbbb", "les_dddddddd")
        path.write_text(text)
    return course
