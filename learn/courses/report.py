"""The report of checking and publishing: as text for people, as JSON for scripts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from learn.courses.changes import Change
from learn.courses.findings import Finding

FEW = 5  # a smaller number of people is not told
NOTHING = "Nichts zu tun."
SEVERITIES = {
    "error": ("Fehler", "Fehler"),
    "warning": ("Warnung", "Warnungen"),
    "note": ("Hinweis", "Hinweise"),
}


@dataclass(frozen=True, slots=True)
class Learners:
    """People enrolled, people who will see a hint, and people who will have something to repeat."""

    enrolled: int = 0
    notified: int = 0
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class CourseReport:
    """One course: numbers of its base and its new release, equal when nothing changed."""

    id: str
    slug: str
    base: int | None
    release: int
    changes: tuple[Change, ...] = ()
    learners: Learners = field(default_factory=Learners)

    @property
    def unchanged(self) -> bool:
        return self.base == self.release


@dataclass(frozen=True, slots=True)
class Report:
    """`ok`: no errors. `published`: a release was written."""

    courses: tuple[CourseReport, ...]
    findings: tuple[Finding, ...]
    published: bool = False

    @property
    def ok(self) -> bool:
        return not any(found.severity == "error" for found in self.findings)

    @property
    def unchanged(self) -> bool:
        return all(course.unchanged for course in self.courses)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "published": self.published,
            "courses": [_course_json(course) for course in self.courses],
            "faults": [found.as_json() for found in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The report for people."""
        for course in self.courses:
            yield from _course_lines(course)
        for found in self.findings:
            yield _printable(f"{found.file}:{found.line}: {found.code} {found.message}")
        yield counts(self.findings)


def counts(findings: Sequence[Finding]) -> str:
    """How many errors, warnings and notes there are."""
    number: Counter[str] = Counter(found.severity for found in findings)
    parts = [f"{number[key]} {one if number[key] == 1 else many}" for key, (one, many) in SEVERITIES.items()]
    return ", ".join(parts) + "."


def _printable(line: str) -> str:
    """One line, whatever a file is called."""
    return "".join(char if char.isprintable() else "·" for char in line)


def _told(figure: int, enrolled: int) -> int | None:
    """The figure, or None where it would tell about single people."""
    return None if enrolled < FEW or 0 < figure < FEW else figure


def _course_json(course: CourseReport) -> dict[str, Any]:
    people = course.learners
    return {
        "id": course.id,
        "slug": course.slug,
        "base": course.base,
        "release": course.release,
        "changes": [change.as_json() for change in course.changes],
        "learners": {
            "enrolled": _told(people.enrolled, people.enrolled),
            "notified": _told(people.notified, people.enrolled),
            "repeat": _told(people.repeat, people.enrolled),
        },
    }


def _course_lines(course: CourseReport) -> Iterator[str]:
    if course.base is None:
        yield f"{course.slug}: neu, Veröffentlichung {course.release}"
    elif course.unchanged:
        yield f"{course.slug}: unverändert, Veröffentlichung {course.base}"
    else:
        yield f"{course.slug}: Veröffentlichung {course.release} nach {course.base}"
    for change in course.changes:
        yield f"  {change.kind}: {change.title}{_editions(change)} ({change.file})"
    if course.base is not None and not course.unchanged and not course.id.startswith("pfa_"):
        yield "  " + told(course.learners)


def _editions(change: Change) -> str:
    if change.before and change.after and change.before != change.after:
        return f", Ausgabe {change.before} → {change.after}"
    return ""


def told(people: Learners) -> str:
    """What learners will notice, in words; figures that would tell of single people are masked."""
    figures = (_told(n, people.enrolled) for n in (people.enrolled, people.notified, people.repeat))
    return sentences(*(str(figure) if figure is not None else f"weniger als {FEW}" for figure in figures))


def sentences(enrolled: str, notified: str, repeat: str) -> str:
    """The same around figures that are words already."""
    return (
        f"{enrolled[0].upper()}{enrolled[1:]} Lernende eingeschrieben. "
        f"{notified[0].upper()}{notified[1:]} sehen einen Hinweis, {repeat} wiederholen etwas. "
        "Niemand verliert Fortschritt."
    )
