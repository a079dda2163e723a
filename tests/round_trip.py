"""Takes courses once around: folder, release, edited in the Werkstatt, release, export, elsewhere, export.

python -m tests.round_trip            100 generated courses
python -m tests.round_trip DIR …      these folders: content roots, single courses, foreign material

Unchanged files must be the same bytes at the end, changed ones may differ in the edited lines only.
"""

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock, migrate
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import canonical, export, library, parse, publish
from learn.courses.foreign import importing
from learn.courses.frontmatter import LINE_END
from learn.courses.models import Course
from learn.courses.publish import publish_drafts
from learn.workshop import copies, saving
from tests.round_trip_edits import Edits, edited
from tests.round_trip_material import generated, mended

COUNT = 100
TARGET = re.compile(r"(?<=\])\([^()\s]*(?:\s\"[^\"]*\")?\)|(?<=\]: )\S+")


@dataclass(slots=True)
class Outcome:
    """What went around, and what is wrong with it."""

    courses: int = 0
    files: int = 0
    changed: int = 0
    moved: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = f"{self.courses} Kurse, {self.files} Dateien, {self.changed} geändert, {self.moved} verschoben"
        return f"{told}: " + ("alles gleich" if not self.faults else f"{len(self.faults)} Fehler")


@dataclass(frozen=True, slots=True)
class Place:
    """An instance with a person who writes."""

    database: Database
    storage: Storage
    author: Actor

    @classmethod
    def make(cls, folder: Path) -> "Place":
        folder.mkdir()
        (folder / "files").mkdir()
        database = Database(f"sqlite:///{folder / 'learn.sqlite3'}", folder / "learn.lock")
        migrate.upgrade(database)
        with database.writing() as session:
            person = Person(
                email="a@example.org", email_key="a@example.org", name="A", created_on=clock.today()
            )
            session.add(person)
            session.flush()
            author = Actor(person.id, "A", roles=frozenset({"trainer"}))
        return cls(database, Storage(folder / "files"), author)

    def publish(self, folder: Path) -> list[str]:
        """Publish a folder; its errors."""
        report = publish.publish(self.database, self.storage, folder)
        return [
            f"{each.file}:{each.line} {each.code}" for each in report.findings if each.severity == "error"
        ]

    def export(self, folder: Path) -> None:
        """All courses, the network's glossary and the Lernpfade."""
        folder.mkdir()
        with self.database.reading() as session:
            for slug in session.scalars(select(Course.slug).order_by(Course.slug)):
                export.export(session, self.storage, slug, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    given = parser.parse_args()
    bad = False
    for folder in given.folders or [None]:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as place:
            source = folder or generated(Path(place) / "erzeugt", range(COUNT))
            found = around(source, Path(place))
        print(f"{folder or 'erzeugt'}: {found} ({time.monotonic() - begun:.0f} s)")
        print("".join(f"  {fault}\n" for fault in found.faults[:20]), end="", flush=True)
        bad = bad or bool(found.faults)
    sys.exit(bad)


def around(source: Path, work: Path) -> Outcome:
    """One folder once around, in instances below `work`."""
    library.CACHE.clear()  # other databases give the same numbers
    source = ours(source, work)
    here, there = Place.make(work / "hier"), Place.make(work / "dort")
    outcome = Outcome(faults=here.publish(source))
    if outcome.faults:
        return outcome
    with here.database.reading() as session:
        ids = list(session.scalars(select(Course.id).where(Course.kind != "pfad").order_by(Course.id)))
    tracks = {course_id: track for course_id in ids if (track := written(here, course_id, outcome))}
    here.export(work / "ausgabe")
    complete(source, work / "ausgabe")
    follow(source, work / "ausgabe", tracks, outcome)
    outcome.faults += there.publish(work / "ausgabe")
    there.export(work / "wieder")
    compare(work / "ausgabe", work / "wieder", outcome)
    compare_with_source(source, work / "ausgabe", tracks, outcome)
    return outcome


def ours(source: Path, work: Path) -> Path:
    """The folder in our format: foreign material is imported, and what publishing refuses mended."""
    if any(source.glob("kurs.md")) or any(source.glob("*/kurs.md")):
        return source
    out = work / "eingelesen"
    importing.run(importing.opened(source), out)
    mended(out)
    return out


def written(place: Place, course_id: str, outcome: Outcome) -> Edits:
    """Edit a course in the Werkstatt and publish it."""
    with place.database.reading() as session:
        before = {key: (text.path, text.text) for key, text in copies.texts(session, course_id).items()}
    edits = edited(place.database, place.storage, place.author, course_id)
    with place.database.reading() as session:
        draft = copies.draft(session, place.storage, course_id)
        for key, text in copies.texts(session, course_id).items():
            edits.places[key] = text.path
            if key in before and before[key][1] != text.text:
                edits.texts[key] = before[key][1], text.text
            outcome.moved += key in before and before[key][0] != text.path
    report = publish_drafts(place.database, place.storage, [draft])
    outcome.faults += [f"{course_id}: {each}" for each in report.findings if each.severity == "error"]
    with place.database.writing() as session:
        for made in report.courses:
            saving.published(session, course_id, made.release or 0)
    with place.database.reading() as session:
        outcome.faults += [f"{course_id}: bleibt geändert" for _left in left(session, course_id)]
    outcome.courses += course_id.startswith("kur_")
    return edits


def left(session: Session, course_id: str) -> Iterator[str]:
    """A copy that still differs from the release it became."""
    copy = copies.copy(session, course_id)
    if copy is None or copy.changed:
        yield course_id


def complete(source: Path, out: Path) -> None:
    """Questions of an Abschlusstest leave no instance: a colleague hands them over."""
    for sheet in out.glob("*/kurs.md"):
        test = next(iter(source.glob(f"**/{sheet.parent.name}/fragen/abschluss.md")), None)
        if test is None and source.name == sheet.parent.name:
            test = source / "fragen/abschluss.md"
        if test is not None and test.exists():
            (sheet.parent / "fragen").mkdir()
            (sheet.parent / "fragen/abschluss.md").write_bytes(test.read_bytes())


def follow(source: Path, out: Path, tracks: dict[str, Edits], outcome: Outcome) -> None:
    """Lernpfade come back as they were; then a colleague lets their links follow lessons that have moved."""
    content = parse.parse(source)
    for path in content.paths:
        written = (out / path.path).read_bytes()
        if written != (source / path.path).read_bytes():
            outcome.faults.append(f"{path.path}: anders")
        for course in content.courses:
            for lesson in course.lessons():
                today = f"{course.slug}/{tracks[course.id].places[lesson.id]}"
                written = written.replace(lesson.text.path.encode(), today.encode())
        (out / path.path).write_bytes(written)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "fragen" not in path.parts
    }


def compare(one: Path, other: Path, outcome: Outcome) -> None:
    """Both exports hold the same files, byte for byte."""
    first, second = files(one), files(other)
    outcome.files += len(first)
    outcome.faults += [f"{path}: nur in einem Export" for path in first.keys() ^ second.keys()]
    both = first.keys() & second.keys()
    outcome.faults += [f"{path}: andere Bytes" for path in sorted(both) if first[path] != second[path]]


def compare_with_source(source: Path, out: Path, tracks: dict[str, Edits], outcome: Outcome) -> None:
    """Every text of the folder came through: the same bytes, or other ones in the edited lines only."""
    content = parse.parse(source)
    root = source.parent if content.tree.lone else source
    for course in content.courses:
        edits = tracks[course.id]
        for lesson in course.lessons():
            if lesson.plain:
                check(root, out, course.slug, edits, f"{lesson.id}/einfach", lesson.plain.path, outcome)
        for text in course.texts():
            if text.id and text.kind != "fragen":
                check(root, out, course.slug, edits, text.id, text.path, outcome)


def check(root: Path, out: Path, slug: str, edits: Edits, key: str, path: str, outcome: Outcome) -> None:
    """One text of the folder against the one that was exported."""
    before, after = (root / path).read_bytes(), (out / slug / edits.places[key]).read_bytes()
    if key not in edits.texts:
        outcome.faults += [] if before == after else [f"{path}: unberührt und doch anders"]
        return
    outcome.changed += 1
    old, new = edits.texts[key]
    if after != canonical.written(new.encode()):
        outcome.faults.append(f"{path}: nicht, was gespeichert wurde")
    rows, told = lines(before.decode("utf-8-sig")), lines(after.decode())
    wanted = Counter(lines(new)), Counter(lines(old))
    if (told - rows, rows - told) != (wanted[0] - wanted[1], wanted[1] - wanted[0]):
        outcome.faults.append(f"{path}: anders, wo niemand geändert hat")
    if sum((leads_anywhere(told) - leads_anywhere(rows)).values()) > edits.lines[key]:
        outcome.faults.append(f"{path}: mehr Zeilen anders, als geändert wurden")


def lines(text: str) -> Counter[str]:
    return Counter(LINE_END.sub("\n", text).split("\n"))


def leads_anywhere(found: Counter[str]) -> Counter[str]:
    """The lines without targets, which follow what was moved."""
    bare: Counter[str] = Counter()
    for line, count in found.items():
        bare[TARGET.sub("", line)] += count
    return bare


if __name__ == "__main__":
    main()
