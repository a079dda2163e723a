"""What `check` says of foreign folders: the faults of their drafts, at the places in their own files."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from learn.core.access import Refused
from learn.core.db import Database
from learn.courses import publish
from learn.courses.files import IGNORED, PATHS
from learn.courses.findings import Finding, finding, ordered
from learn.courses.foreign import importing
from learn.courses.foreign.importing import Outcome
from learn.courses.foreign.reading import Folder, is_markdown, printable
from learn.courses.rendering import Progress
from learn.courses.report import Report, counts
from learn.markup.model import Fault

HINT = "„learn content import-foreign“ macht daraus Entwürfe in unserem Format."
OURS = frozenset({PATHS, "bilder"})  # folders of a content root that are no courses
SAID = frozenset({"K111", "K501"})  # by the importer itself, or of no use here
Examine = Callable[..., Report]


@dataclass(frozen=True, slots=True)
class Grouped(Report):
    """A report of foreign material: equal faults share a line."""

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield from grouped(self.findings)
        yield HINT
        yield counts(self.findings)


def grouped(findings: Sequence[Finding]) -> Iterator[str]:
    """One line for each code: how often, the first place, its sentence."""
    first: dict[str, Finding] = {}
    number: dict[str, int] = {}
    for found in findings:
        first.setdefault(found.code, found)
        number[found.code] = number.get(found.code, 0) + 1
    for code, found in sorted(first.items()):
        yield printable(f"{code} {number[code]}-mal, zuerst {found.file}:{found.line}: {found.message}")


def foreign(folder: Path) -> list[str]:
    """The foreign courses of DIR: `.` for the folder itself, else names of folders in a content root."""
    if os.path.lexists(folder / "kurs.md"):
        return []
    with os.scandir(folder) as entries:
        inner = sorted(
            e.name for e in entries if e.is_dir(follow_symlinks=False) and not IGNORED.match(e.name)
        )
    own = [name for name in inner if os.path.lexists(folder / name / "kurs.md")]
    others = [name for name in inner if name not in {*own, *OURS}]
    if own:
        return [name for name in others if _has_text(folder / name)]
    return ["."] if others or not _holds_ours(folder) else []


def _holds_ours(folder: Path) -> bool:
    """Whether a folder without courses is ours nevertheless: a glossary, Lernpfade, or their own folder."""
    paths = folder.resolve().name == PATHS or (folder / PATHS).is_dir()
    return paths or (folder / "glossar.md").exists()


def _has_text(folder: Path) -> bool:
    return any(is_markdown(name) for _, _, names in os.walk(folder) for name in names)


def examine(
    database: Database | None, folder: Path, own: Examine, progress: Progress | None = None
) -> Report:
    """Check a folder that may hold foreign courses; `own` checks what is in our format."""
    names = foreign(folder)
    if not names:
        return own(database, folder, progress=progress)
    found: list[Finding] = []
    if names != ["."]:
        below = tuple(f"{name}/" for name in names)
        found += [
            known
            for known in own(database, folder, progress=progress).findings
            if not known.file.startswith(below)
        ]
    for name in names:
        found += _foreign(folder / name, "" if name == "." else f"{name}/", progress)
    return Grouped((), ordered(found))


def refusal(folder: Path) -> Report | None:
    """What keeps a folder from being published because it is foreign (K112)."""
    names = foreign(folder)
    found = [_missing("" if name == "." else f"{name}/") for name in names]
    return Grouped((), tuple(found)) if found else None


def _missing(prefix: str) -> Finding:
    return finding(printable(f"{prefix}kurs.md"), Fault("K112", 1, {"datei": "kurs.md"}))


def _foreign(folder: Path, prefix: str, progress: Progress | None) -> Iterator[Finding]:
    """All faults of one foreign folder, below DIR."""
    source = Folder(folder)
    with tempfile.TemporaryDirectory(prefix="learn-") as place:
        out = Path(place) / "out"
        try:
            outcome = importing.run(source, out, keep=False)
        except Refused:
            yield _missing(prefix)
            texts = [path for path in source.sizes if is_markdown(path)]
            yield from (finding(printable(prefix + path), Fault("K603", 1)) for path in texts)
            return
        report = publish.examine(None, out, progress=progress)
    for course in outcome.courses:
        yield _missing(prefix + course.prefix)
    for found in (*outcome.findings, *_mapped(report.findings, outcome)):
        yield replace(found, file=prefix + found.file, id="")


def _mapped(findings: Iterable[Finding], outcome: Outcome) -> Iterator[Finding]:
    """Faults of drafts as faults of what they come from."""
    drafts = {path: place for course in outcome.courses for path, place in course.drafts.items()}
    for found in findings:
        if found.code in SAID or found.file not in drafts:
            continue
        source, lines = drafts[found.file]
        line = lines[min(found.line, len(lines)) - 1] if lines else 1
        yield replace(found, file=source, line=line)
