"""Pages and pictures that texts of a folder may point to: those in the folder, then those published."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from learn.courses import pictures
from learn.courses.files import Tree
from learn.courses.pictures import Seen
from learn.courses.source import Content, CourseSource, Text
from learn.courses.surroundings import Page, Resolver, Shared
from learn.markup.extensions.headings import slug as heading_slug
from learn.markup.model import Fault, Picture, Term

GLOSSARY = "/vokabelheft"
UNKNOWN = Seen("png", 300, 150)  # stands for a picture with an error of its own


@dataclass(slots=True)
class Places:
    """Everything by path below the content root; `stored` says what is known of each picture file."""

    pages: dict[str, Page] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    stored: dict[str, tuple[str, Seen]] = field(default_factory=dict)  # path -> hash and size
    slugs: dict[str, frozenset[str]] = field(default_factory=dict)  # headings of published lessons
    faulty: frozenset[str] = frozenset()
    _folders: dict[str, list[str]] = field(default_factory=dict)
    _grouped: int = 0

    def shared(self, folders: Iterable[str] | None, values: Iterable[str] | None) -> Shared:
        """What the texts of a course need: pages and pictures in these folders at the top, or all."""
        tops = self._by_folder()
        near = [
            path for folder in (tops if folders is None else sorted(folders)) for path in tops.get(folder, ())
        ]
        return Shared(
            pages={path: self.pages[path] for path in near if path in self.pages},
            pictures={path: self.pictures[path] for path in near if path in self.pictures},
            values=None if values is None else frozenset(values),
            faulty=self.faulty,
        )

    def _by_folder(self) -> dict[str, list[str]]:
        """All paths by what they begin with; made anew when paths were added."""
        count = len(self.pages) + len(self.pictures)
        if count != self._grouped:
            self._folders = {}
            for path in {**self.pages, **self.pictures}:
                self._folders.setdefault(path.split("/", 1)[0], []).append(path)
            self._grouped = count
        return self._folders


def of_folder(content: Content) -> Places:
    """Pages and pictures of the folder."""
    places = Places()
    for course in content.courses:
        _course(places, course)
    if content.glossary:
        places.pages[content.glossary.path] = _glossary(content.glossary)
    for text in content.paths:
        places.pages[text.path] = Page(f"/{text.slug}", text.id)
    for path in sorted(content.tree.sizes):
        if not path.lower().endswith(".md"):
            _inspect(content.tree, places, path)
    add_pictures(places, dict(places.stored))
    places.faulty = frozenset(path.casefold() for path in content.tree.broken)
    return places


def add_pictures(places: Places, stored: dict[str, tuple[str, Seen]]) -> None:
    """Add pictures by path, each with the narrow one beside it."""
    for path, found in stored.items():
        stem, dot, suffix = path.rpartition(".")
        narrow = stored.get(f"{stem}-schmal{dot}{suffix}")
        places.pictures[path] = _address(*found, narrow=_address(*narrow) if narrow else None)


def with_terms(page: Page, terms: Iterable[Term]) -> Page:
    """A glossary whose terms are known exactly, because it has been rendered."""
    return Page(page.href, page.identity, fragments((term.title, term.slug) for term in terms))


def fragments(terms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A glossary's slugs by what links may name: the slug, or the heading's own fragment."""
    found: dict[str, str] = {}
    for title, slug in terms:
        found.setdefault(heading_slug(title), slug)
    return found | {slug: slug for slug in found.values()}


def card_picture(text: Text, shared: Shared) -> Picture | None:
    """The picture that kurs.md names as `bild`."""
    named = text.head.text("bild") if text.kind == "kurs" else ""
    found = Resolver(text.path, shared).picture(named) if named else None
    return found if isinstance(found, Picture) else None


def _course(places: Places, course: CourseSource) -> None:
    address = f"/kurse/{course.slug}"
    places.pages[course.text.path] = Page(address, course.id)
    for module in course.modules:
        if module.text:
            places.pages[module.text.path] = Page(address, module.text.id)
        for lesson in module.lessons:
            page = f"{address}/{lesson.slug}"
            places.pages[lesson.text.path] = Page(page, lesson.id, sections=lesson.text.seen.sections)
            if lesson.plain:
                places.pages[lesson.plain.path] = Page(f"{page}?fassung=einfach", lesson.id)
    if course.glossary:
        places.pages[course.glossary.path] = _glossary(course.glossary)


def _glossary(text: Text) -> Page:
    """A glossary before it is rendered: its terms as a quick look finds them."""
    return Page(GLOSSARY, text.id, fragments(text.seen.terms) if text.head.known else None)


def _inspect(tree: Tree, places: Places, path: str) -> None:
    """Look at a picture file: K108, K509."""
    if path in tree.inspected:
        places.stored[path] = tree.inspected[path]
        return
    if not pictures.looks_like_one(path) and "/bilder/" not in f"/{path}":
        return
    if tree.sizes[path] > pictures.LIMIT:
        tree.add(path, Fault("K108", 1, {"was": "Das Bild", "grenze": "5 MB"}))
        places.stored[path] = ("0" * 64, UNKNOWN)
        return
    seen = pictures.inspect(tree.read(path))
    if seen is not None:
        places.stored[path] = (tree.sha(path), seen)
    elif pictures.looks_like_one(path):
        tree.add(path, Fault("K509", 1))
        places.stored[path] = (tree.sha(path), UNKNOWN)


def _address(sha: str, seen: Seen, narrow: Picture | None = None) -> Picture:
    return Picture(f"/medien/{sha}.{seen.ext}", seen.width, seen.height, narrow)
