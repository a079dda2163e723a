"""Published releases as immutable objects, cached in the process by id; what reading pages work with.

Every text that holds HTML is a `Markup` made from sanitised, stored HTML, ready for templates.
Nothing here is personal. One cache holds releases and lessons, at most 64 MB; the least recently
used go first.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from markupsafe import Markup

from learn.courses.cache import Cache, weight
from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.ready import ready
from learn.markup import store
from learn.markup.model import Heading, Part

Entry = TypeVar("Entry")
CACHE = Cache(limit=64 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's address (`/medien/…`) and its size in CSS pixels."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CourseSheet:
    """What kurs.md says. `reviewed` is as written: `2026-09` or `2026-09-15`, or empty.

    `minutes` counts required lessons, `plain_count` lessons with a version in Einfache Sprache.
    `values` are the local values: name and what to enter. `courses`: what a Lernpfad orders, by id.
    """

    outcome: str
    html: Markup
    goals: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audience: str = ""
    municipality: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    license: str = ""
    reviewed: str = ""
    language: str = "de"
    image: Image | None = None
    prerequisites: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    minutes: int = 0
    plain_count: int = 0
    courses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseRelease:
    """A published state of a course. `id` is the release's, `course_id` the course's."""

    id: int
    course_id: str
    number: int
    published_on: date
    manifest: Manifest
    sheet: CourseSheet


@dataclass(frozen=True, slots=True)
class LessonText:
    """One version of a lesson, or its plain variant (`plain` of the standard one).

    Authors, municipality, source and license are the course's where the lesson names none.
    `change` says what the edition brought. In a plain variant `edition` is the one it is based on.
    `retired`: no longer part of the course, readable at its old address.
    """

    version_id: int
    lesson_id: str
    title: str
    edition: int
    minutes: int
    parts: tuple[Part, ...]
    headings: tuple[Heading, ...]
    change: str = ""
    goals: tuple[str, ...] = ()
    reviewed: str = ""
    municipality: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    license: str = ""
    prerequisites: tuple[str, ...] = ()
    plain: "LessonText | None" = None
    retired: bool = False


def cached(key: Hashable, make: Callable[[], tuple[Entry, int]]) -> Entry:
    """The cached object, else what `make` returns together with its weight in bytes."""
    found: Entry | None = CACHE.get(key)
    if found is None:
        found, size = make()
        CACHE.put(key, found, size)
    return found


def release_of(
    *, release_id: int, number: int, published_on: date, manifest: Mapping[str, Any], sheet: Mapping[str, Any]
) -> tuple[CourseRelease, int]:
    """A release from its stored JSON, and its weight."""
    tree = Manifest.from_json(manifest)
    release = CourseRelease(
        id=release_id,
        course_id=tree.course_id,
        number=number,
        published_on=published_on,
        manifest=tree,
        sheet=sheet_of(sheet),
    )
    return release, weight(manifest) + weight(sheet)


def sheet_of(data: Mapping[str, Any]) -> CourseSheet:
    """A course sheet from its stored JSON."""
    values = dict(data)
    for name in ("goals", "topics", "authors", "prerequisites", "courses"):
        values[name] = tuple(values.get(name, ()))
    values["values"] = tuple((name, text) for name, text in values.get("values", ()))
    values["image"] = Image(**values["image"]) if values.get("image") else None
    values["html"] = Markup(values["html"])  # noqa: S704 - sanitised when it was published
    return CourseSheet(**values)


def lesson_of(
    version: Mapping[str, Any], release: CourseRelease, *, retired: bool = False
) -> tuple[LessonText, int]:
    """A lesson from the columns of its version row, and its weight."""
    entry = release.manifest.lesson(version["lesson_id"])
    standard = _text(version, version["sheet"], release, entry)
    plain = version["plain"]
    variant = _plain(plain, standard) if plain else None
    values = {name: getattr(standard, name) for name in LessonText.__slots__}
    values.update(plain=variant, retired=retired)
    return LessonText(**values), weight(version["parts"]) + weight(plain) + weight(version["sheet"])


def _text(
    version: Mapping[str, Any],
    sheet: Mapping[str, Any],
    release: CourseRelease,
    entry: LessonEntry | None,
) -> LessonText:
    course = release.sheet
    return LessonText(
        version_id=version["id"],
        lesson_id=version["lesson_id"],
        title=sheet["title"],
        edition=version["edition"],
        minutes=entry.minutes if entry else sheet["minutes"],
        parts=ready(store.load(version["parts"])),
        headings=_headings(version["headings"]),
        change=sheet["change"],
        goals=tuple(sheet["goals"]),
        reviewed=sheet["reviewed"],
        municipality=sheet["municipality"] or course.municipality,
        authors=tuple(sheet["authors"]) or course.authors,
        source=sheet["source"] or course.source,
        license=sheet["license"] or course.license,
        prerequisites=_prerequisites(sheet["prerequisites"], version["lesson_id"], release),
    )


def _prerequisites(named: list[str], lesson_id: str, release: CourseRelease) -> tuple[str, ...]:
    """Ids; `vorige` is the lesson before this one today."""
    ids = [entry.id for entry in release.manifest.lessons()]
    place = ids.index(lesson_id) if lesson_id in ids else 0
    previous = ids[place - 1] if place else ""
    found = [previous if identity == "vorige" else identity for identity in named]
    return tuple(dict.fromkeys(identity for identity in found if identity))


def _plain(data: Mapping[str, Any], standard: LessonText) -> LessonText:
    values = {name: getattr(standard, name) for name in LessonText.__slots__}
    values.update(
        title=data["title"] or standard.title,
        edition=data["edition"],
        reviewed=data["reviewed"],
        parts=ready(store.load(data["parts"])),
        headings=_headings(data["headings"]),
    )
    return LessonText(**values)


def _headings(data: list[Mapping[str, Any]]) -> tuple[Heading, ...]:
    return tuple(Heading(**heading) for heading in data)
