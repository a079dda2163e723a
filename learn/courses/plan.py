"""What publishing a folder would do, as plain values: courses with their lessons, kept or rendered anew."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from learn.courses.manifest import LessonEntry
from learn.courses.pages import Places
from learn.courses.published import Base, Published, Version
from learn.courses.rendering import Drawn
from learn.courses.source import NETWORK, Content, CourseSource, LessonSource, Text
from learn.courses.surroundings import Shared
from learn.courses.trace import Trace, digest


@dataclass(slots=True)
class LessonPlan:
    """A lesson to be. `version` is the stored one it keeps; else `drawn` holds the new rendering."""

    source: LessonSource
    base: Version | None
    version: Version | None = None
    drawn: Drawn | None = None
    plain: Drawn | None = None

    @property
    def trace(self) -> Trace:
        if self.version:
            return self.version.trace
        return self.drawn.trace if self.drawn else Trace()

    @property
    def plain_trace(self) -> Trace | None:
        if self.version:
            return self.version.plain_trace
        return self.plain.trace if self.plain else None

    @property
    def content_hash(self) -> str:
        """Title, goals and the parsed text; the plain variant stays outside."""
        if self.version:
            return self.version.content_hash
        return content_hash(self.source.text, self.trace)


@dataclass(slots=True)
class CoursePlan:
    """A course, or the network's glossary or a Lernpfad (`source` is None), to be.

    `texts`: what is no lesson, by path. `former`: last values of all lessons ever published in it.
    """

    slug: str
    text: Text
    source: CourseSource | None
    base: Base | None
    shared: Shared
    lessons: list[LessonPlan] = field(default_factory=list)
    texts: dict[str, Drawn] = field(default_factory=dict)
    unchanged: bool = False
    former: dict[str, LessonEntry] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.text.id

    @property
    def glossary(self) -> Text | None:
        if self.source:
            return self.source.glossary
        return self.text if self.text.kind == NETWORK else None

    @property
    def folder(self) -> str:
        """What paths below the content root begin with."""
        return f"{self.slug}/" if self.source else ""

    def others(self) -> Iterator[Text]:
        """Texts that are no lessons."""
        if self.source is None:
            yield self.text
            return
        for text in self.source.texts():
            if text.kind not in {"lektion", "einfach"}:
                yield text

    def trace(self, text: Text) -> Trace:
        """The trace of a text that is no lesson; empty when it could not be read."""
        if text.path in self.texts:
            return self.texts[text.path].trace
        return self.base.trace(self.inner(text)) if self.unchanged and self.base else Trace()

    def inner(self, text: Text) -> str:
        """The text's path below the course folder."""
        return text.path.removeprefix(self.folder)

    def traces(self) -> Iterator[tuple[Text, Trace]]:
        """Every text of the course with its trace."""
        for text in self.others():
            yield text, self.trace(text)
        for lesson in self.lessons:
            yield lesson.source.text, lesson.trace
            if lesson.source.plain and lesson.plain_trace:
                yield lesson.source.plain, lesson.plain_trace


@dataclass
class Plan:
    """All of a folder."""

    content: Content
    places: Places
    published: Published
    courses: list[CoursePlan]

    @cached_property
    def ids(self) -> dict[str, Text]:
        """Files by the id in their front matter; of a repeated one the first."""
        found: dict[str, Text] = {}
        for text in self.content.texts():
            if text.id:
                found.setdefault(text.id, text)
        return found

    @cached_property
    def course_ids(self) -> frozenset[str]:
        """Ids of the courses, the glossary and the Lernpfade of the folder."""
        return frozenset(course.id for course in self.courses)

    @cached_property
    def named(self) -> bool:
        """Whether every file has a readable id, so that one that is not found leads nowhere."""
        needed = (text for text in self.content.texts() if text.kind != "einfach")
        return all(text.id for text in needed) and not self.content.tree.unread

    @cached_property
    def traces(self) -> dict[str, Trace]:
        """Traces by path."""
        return {text.path: trace for course in self.courses for text, trace in course.traces()}

    def slugs(self, path: str) -> frozenset[str] | None:
        """Fragments of the lesson in this file; None where they are not known or mean nothing."""
        trace = self.traces.get(path)
        if trace is None or trace.problem or not trace.canonical:
            return self.places.slugs.get(path)
        return frozenset(trace.slugs)


def content_hash(text: Text, trace: Trace) -> str:
    """What decides whether learners see another lesson."""
    goals = [" ".join(goal.split()) for goal in text.head.items("ziele")]
    return digest([text.head.text("titel"), goals, trace.canonical])
