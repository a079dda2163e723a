"""A content folder after reading: courses, modules, lessons and glossaries as they lie in files."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from learn.courses.files import PATHS, Tree
from learn.courses.heads import FileKind, Head
from learn.courses.targets import Glance

NETWORK = "glossar"  # slug and kind of the network's glossary
PATH = "pfad"  # kind of a Lernpfad; its slug is `pfade/<name>`, its address without the leading slash


def prefix_of(slug: str) -> str:
    """What paths begin with below the content root: a course has a folder, other files lie in no course."""
    return "" if slug == NETWORK or slug.startswith(f"{PATHS}/") else f"{slug}/"


@dataclass(frozen=True, slots=True)
class Text:
    """A Markdown file: its path below the content root, hash of its bytes, and front matter."""

    path: str
    sha: str
    kind: FileKind
    head: Head
    body_line: int
    seen: Glance = field(default_factory=Glance)

    @property
    def id(self) -> str:
        return self.head.id

    @property
    def slug(self) -> str:
        """What names it where it has releases of its own: `glossar`, `pfade/<name>`."""
        return self.path.removesuffix(".md")


@dataclass(frozen=True, slots=True)
class LessonSource:
    """A lesson with its plain variant, if it has one."""

    text: Text
    slug: str
    plain: Text | None = None

    @property
    def id(self) -> str:
        return self.text.id


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """A module; `text` is None when modul.md is missing."""

    folder: str
    slug: str
    text: Text | None
    lessons: tuple[LessonSource, ...]


@dataclass(frozen=True, slots=True)
class CourseSource:
    """A course. `slug` is its folder's name."""

    slug: str
    text: Text
    modules: tuple[ModuleSource, ...]
    glossary: Text | None = None
    test: Text | None = None

    @property
    def id(self) -> str:
        return self.text.id

    def lessons(self) -> Iterator[LessonSource]:
        """All lessons in reading order."""
        for module in self.modules:
            yield from module.lessons

    def texts(self) -> Iterator[Text]:
        """All Markdown files of the course."""
        yield self.text
        for module in self.modules:
            if module.text:
                yield module.text
            for lesson in module.lessons:
                yield lesson.text
                if lesson.plain:
                    yield lesson.plain
        for text in (self.glossary, self.test):
            if text:
                yield text


@dataclass(frozen=True, slots=True)
class Content:
    """All of a content folder. `glossary` is the network's, `paths` are the Lernpfade."""

    tree: Tree
    courses: tuple[CourseSource, ...]
    glossary: Text | None = None
    paths: tuple[Text, ...] = ()

    def texts(self) -> Iterator[Text]:
        """All Markdown files."""
        for course in self.courses:
            yield from course.texts()
        yield from self.others()

    def others(self) -> Iterator[Text]:
        """Those that belong to no course."""
        if self.glossary:
            yield self.glossary
        yield from self.paths
