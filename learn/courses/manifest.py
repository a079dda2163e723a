"""A release's ordered tree as plain frozen values; what progress and pages read, stored as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson in a release. `minutes` is the planned duration, `conditions` are exercise ids."""

    id: str
    slug: str
    title: str
    edition: int
    redo_from: int  # erneut_ab
    minutes: int
    required: bool
    replaces: tuple[str, ...] = ()
    version: int = 0  # id of the LessonVersion row
    plain: bool = False  # has a version in Einfache Sprache
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """A module in a release; `html` is the sanitised text of modul.md."""

    id: str
    slug: str
    title: str
    outcome: str
    html: str
    lessons: tuple[LessonEntry, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The tree. `retired` keeps the last values of lessons that are gone but named in an `ersetzt`."""

    course_id: str
    slug: str
    title: str
    edition: int
    modules: tuple[ModuleEntry, ...]
    retired: tuple[LessonEntry, ...] = ()
    test: bool = False  # `abschluss` names `test`

    def lessons(self) -> Iterator[LessonEntry]:
        """All lessons in reading order."""
        for module in self.modules:
            yield from module.lessons

    def lesson(self, lesson_id: str) -> LessonEntry | None:
        return next((entry for entry in self.lessons() if entry.id == lesson_id), None)

    def by_slug(self, slug: str) -> LessonEntry | None:
        return next((entry for entry in self.lessons() if entry.slug == slug), None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        values = dict(data)
        values["modules"] = tuple(
            ModuleEntry(**{**module, "lessons": tuple(_lesson(entry) for entry in module["lessons"])})
            for module in data["modules"]
        )
        values["retired"] = tuple(_lesson(entry) for entry in data.get("retired", ()))
        return cls(**values)


def _lesson(data: Mapping[str, Any]) -> LessonEntry:
    values = dict(data)
    values["replaces"] = tuple(data["replaces"])
    values["conditions"] = tuple(data["conditions"])
    return LessonEntry(**values)
