"""Foreign courses become drafts in our format; again, and only what changed is written."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from learn.core import storage
from learn.core.access import Refused
from learn.courses.findings import Finding, finding, ordered
from learn.courses.foreign import archive, identities, kinds
from learn.courses.foreign.course import Work
from learn.courses.foreign.identities import Record
from learn.courses.foreign.reading import Folder, Source, is_markdown, printable
from learn.courses.foreign.writing import Written
from learn.markup.model import Fault

Progress = Callable[[int], object]
LOCK = ".herkunft.lock"
OURS = re.compile(rb"^id: *kur_", re.MULTILINE)


@dataclass(slots=True)
class Imported:
    """A course that was imported. `open` names what a person must fill in or check in kurs.md.

    `drafts`: sources by draft, with the source's line for each line of the draft; below OUT and the source.
    """

    slug: str
    prefix: str  # of its paths below the source
    lessons: int
    modules: int
    pictures: int
    open: tuple[str, ...]
    drafts: Mapping[str, tuple[str, tuple[int, ...]]]


@dataclass(slots=True)
class Outcome:
    """What an import did. Findings name files of the source."""

    written: Written = field(default_factory=Written)
    courses: list[Imported] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()


def opened(place: Path) -> Source:
    """A folder or a ZIP as a source. Raises Refused, also where it is in our format already."""
    source: Source = Folder(place) if place.is_dir() else archive.Archive(place)
    if "kurs.md" in source.sizes and OURS.search(source.read("kurs.md")):
        raise Refused(f"{printable(source.name)} ist schon ein Kurs in unserem Format.")
    return source


def run(
    source: Source, out: Path, begin: Callable[[int], Progress] | None = None, *, keep: bool = True
) -> Outcome:
    """Import every course of a source into OUT. Raises Refused with a sentence.

    `begin` is told how many lessons there are and gives what counts them. Without `keep` nothing waits
    for the disk: for drafts that are thrown away at once.
    """
    if isinstance(source, Folder) and _overlap(source.root, out.resolve()):
        raise Refused("Nennen Sie als Ziel einen Ordner außerhalb der Quelle.")
    identities.load(out)
    works = [Work(course, _prefix(source, course)) for course in kinds.courses(source)]
    count = sum(len(work.lessons) for work in works)
    if not count:
        raise Refused(f"{printable(source.name)} enthält keine Lektion.")
    step = begin(count) if begin else lambda _step: None
    storage.make_folder(out.resolve())
    with _alone(out):
        return _all(identities.load(out), source, works, step, keep=keep)


def _all(record: Record, source: Source, works: list[Work], step: Progress, *, keep: bool) -> Outcome:
    outcome = Outcome()
    found = list(_around(source, works))
    for work in works:
        if work.lessons:
            work.run(record, outcome.written, step)
            outcome.courses.append(
                Imported(
                    work.known.slug,
                    work.prefix,
                    len(work.lessons),
                    len(work.places),
                    len(work.known.of("bild")),
                    work.open,
                    work.drafts,
                )
            )
        found += [finding(printable(f"{work.prefix}{path}"), fault) for path, fault in work.faults]
    if keep:
        record.close()
    outcome.findings = ordered(found)
    return outcome


def _prefix(source: Source, course: kinds.Course) -> str:
    return "" if course.source is source else f"{course.source.name}/"


def _overlap(source: Path, out: Path) -> bool:
    return source == out or source in out.parents or out in source.parents


def _around(source: Source, works: list[Work]) -> Iterator[Finding]:
    """What belongs to no course: K109, K603."""
    prefixes = tuple(work.prefix for work in works)
    for path, fault in source.odd:
        yield finding(printable(path), fault)
    for path in source.sizes:
        if is_markdown(path) and not path.startswith(prefixes):
            yield finding(printable(path), Fault("K603", 1))


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One import into a folder at a time. Raises Refused."""
    descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"In {out} läuft schon ein Import. Warten Sie, bis er zu Ende ist.") from None
        yield
    finally:
        os.close(descriptor)
