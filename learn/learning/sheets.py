"""What a Nachweis says about its course: frozen when it is issued, whatever becomes of the course."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from learn.courses.library import CourseRelease


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as it was then; `minutes` is the planned duration."""

    title: str
    minutes: int
    required: bool


@dataclass(frozen=True, slots=True)
class Module:
    """A module as it was then."""

    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a Nachweis says about its course, as the completed release had it.

    `minutes`: planned, of the required lessons. `test`: the course named an Abschlusstest, which is passed.
    `network`: who issued it.
    """

    title: str
    outcome: str
    goals: tuple[str, ...]
    minutes: int
    modules: tuple[Module, ...]
    authors: tuple[str, ...]
    municipality: str
    license: str
    test: bool
    network: str

    @property
    def lessons(self) -> int:
        """How many lessons there are in all."""
        return sum(len(module.lessons) for module in self.modules)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        values = dict(data)
        values["goals"], values["authors"] = tuple(data["goals"]), tuple(data["authors"])
        values["modules"] = tuple(
            Module(module["title"], tuple(Lesson(**lesson) for lesson in module["lessons"]))
            for module in data["modules"]
        )
        return cls(**values)


def sheet_of(release: CourseRelease, network: str) -> Sheet:
    """What a Nachweis of this release says."""
    tree, course = release.manifest, release.sheet
    return Sheet(
        title=tree.title,
        outcome=course.outcome,
        goals=course.goals,
        minutes=sum(entry.minutes for entry in tree.lessons() if entry.required),
        modules=tuple(
            Module(module.title, tuple(Lesson(e.title, e.minutes, e.required) for e in module.lessons))
            for module in tree.modules
        ),
        authors=course.authors,
        municipality=course.municipality,
        license=course.license,
        test=tree.test,
        network=network,
    )
