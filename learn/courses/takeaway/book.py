"""A course as a book: chapters of well-formed XHTML made from stored parts, the same for EPUB and USB stick.

Nothing in it is personal: no value of a Kommune, no question of the Abschlusstest, no form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup

from learn.core.i18n import gettext as _
from learn.courses.library import CourseRelease, LessonText
from learn.courses.manifest import LessonEntry, ModuleEntry
from learn.courses.takeaway import questions
from learn.courses.takeaway.drawing import drawn
from learn.courses.takeaway.linking import BOOK, Links, Place, before, easy_name, lesson_name, without
from learn.courses.takeaway.wellformed import NO_XML, Node, mended, parsed, written
from learn.markup.model import Exercise, Html, Part, Plan, Quiz

LICENSES = {"CC0-1.0": "CC0 1.0", "CC-BY-4.0": "CC BY 4.0", "CC-BY-SA-4.0": "CC BY-SA 4.0"}
DEEDS = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/deed.de",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
}
KINDS: Mapping[type[Part], str] = {Html: "html", Quiz: "quiz", Exercise: "exercise", Plan: "plan"}
SOLUTIONS, GLOSSARY, IMPRINT = "loesungen", "glossar", "lizenz"


@dataclass(frozen=True, slots=True)
class Explained:
    """A glossary term: its slug, its title, and one sanitised explanation of it."""

    slug: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a book is made of: a release with its lessons and terms, and how the network is called."""

    release: CourseRelease
    texts: Mapping[str, LessonText]  # by lesson id
    terms: tuple[Explained, ...]  # several for one slug stand together
    base_url: str
    network: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file of the book. `name` without ending, `label` stands before the title in lists, such as „Modul 1“.

    `level`: 1, or 2 for what belongs to the module before it. `body`: what stands in `main`.
    """

    name: str
    title: str
    body: str
    label: str = ""
    level: int = 1
    ids: frozenset[str] = frozenset()

    @property
    def formulas(self) -> bool:
        """Whether MathML stands in it."""
        return "<math " in self.body


@dataclass(frozen=True, slots=True)
class Book:
    """A whole course; `pictures` are paths in the book by keys of the storage."""

    course_id: str
    title: str
    outcome: str
    language: str
    authors: tuple[str, ...]
    town: str
    license: str  # its name, or empty where all rights are reserved
    edition: int
    number: int  # of the release in its course
    published_on: date
    network: str
    address: str  # of the course's page
    topics: tuple[str, ...]
    chapters: tuple[Chapter, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Maker:
    material: Material
    links: Links
    step: Callable[[], None]
    solved: list[Node] = field(default_factory=list)

    def chapters(self, book: Book) -> Iterator[Chapter]:
        """All chapters in reading order."""
        sheet = self.material.release.sheet
        yield self.chapter("titel", book.title, [self.drawn("titel", "title.html", book=book)])
        about = _("Worum es geht")
        yield self.chapter("kurs", about, [self.drawn("kurs", "course.html", sheet=sheet)])
        for number, module in enumerate(self.material.release.manifest.modules, 1):
            yield from self.module(module, number)
        yield from self.appendix(book)

    def chapter(self, name: str, title: str, pieces: list[Node], label: str = "", level: int = 1) -> Chapter:
        root = Node("main", children=[child for piece in pieces for child in piece.children])
        mended(root)
        ids = frozenset(node.values["id"] for node in root.all() if "id" in node.values)
        return Chapter(name, clean(title), written(root), label, level, ids)

    def drawn(self, chapter: str, template: str, prefix: str = "", **values: Any) -> Node:
        """A template with its links settled; `chapter` is where it stands."""
        return self.settled(drawn(template, **values), Place(chapter, prefix, self.address()))

    def settled(self, html: str, place: Place) -> Node:
        return self.links.settle(parsed(html), place)

    def address(self, lesson: str = "") -> str:
        base = f"{self.material.base_url}/kurse/{self.material.release.manifest.slug}"
        return f"{base}/{lesson}" if lesson else base

    def module(self, module: ModuleEntry, number: int) -> Iterator[Chapter]:
        label = _("Modul %(number)s", number=number)
        name = f"modul-{number:02}"
        names = [(lesson_name(number, place), entry) for place, entry in enumerate(module.lessons, 1)]
        shown = [(each, entry) for each, entry in names if entry.id in self.material.texts]
        listed = [(f"{BOOK}{each}", entry.title) for each, entry in shown]
        html = Markup(module.html)  # noqa: S704 - sanitised when it was published
        opening = self.drawn(name, "module.html", label=label, module=module, html=html, lessons=listed)
        yield self.chapter(name, module.title, [opening], label)
        for each, entry in shown:
            yield from self.lesson(each, entry, f"{label}: {module.title}")

    def lesson(self, name: str, entry: LessonEntry, above: str) -> Iterator[Chapter]:
        text = self.material.texts[entry.id]
        easy = f"{BOOK}{easy_name(name)}" if text.plain else ""
        shared = {"above": above, "required": entry.required, "solutions": f"{BOOK}{SOLUTIONS}"}
        place = Place(name, before(entry.id), self.address(entry.slug))
        yield self._text(place, text, {**shared, "other": easy, "plain": False})
        self._solutions(name, text)
        if text.plain:
            older = text.plain.edition < text.edition
            more = {"other": f"{BOOK}{name}", "other_title": text.title, "plain": True, "older": older}
            place = Place(easy_name(name), before(entry.id, easy=True), self.address(entry.slug))
            yield self._text(place, text.plain, {**shared, **more})
        self.step()

    def _text(self, place: Place, text: LessonText, values: Mapping[str, Any]) -> Chapter:
        parts = [_part(part) for part in text.parts]
        html = drawn("lesson.html", text=text, parts=parts, before=place.prefix, **values)
        title = _("%(title)s (Einfache Sprache)", title=text.title) if values["plain"] else text.title
        return self.chapter(place.chapter, title, [self.settled(html, place)], level=2)

    def _solutions(self, name: str, text: LessonText) -> None:
        quizzes = [(part.heading, questions.solved(part)) for part in text.parts if isinstance(part, Quiz)]
        if quizzes:
            prefix = before(text.lesson_id)
            href = f"{BOOK}{name}"
            html = drawn("solutions.html", href=href, before=prefix, title=text.title, quizzes=quizzes)
            self.solved.append(self.settled(html, Place(name, prefix, self.address())))

    def appendix(self, book: Book) -> Iterator[Chapter]:
        if self.solved:
            title = _("Lösungen")
            yield self.chapter(SOLUTIONS, title, [_headed(title), *self.solved])
        if self.material.terms:
            title = _("Begriffe")
            yield self.chapter(GLOSSARY, title, [_headed(title), *self._terms()])
        values: dict[str, Any] = {
            "sheet": self.material.release.sheet,
            "credits": list(_credits(self.material)),
            "licenses": LICENSES,
            "addresses": DEEDS,
            "tested": self.material.release.manifest.test,
        }
        node = self.drawn(IMPRINT, "imprint.html", "", book=book, **values)
        yield self.chapter(IMPRINT, _("Lizenz und Quellen"), [node])

    def _terms(self) -> Iterator[Node]:
        first: dict[str, Node] = {}
        for number, term in enumerate(self.material.terms):
            html = Markup(term.html)  # noqa: S704 - sanitised when it was published
            place = Place(GLOSSARY, f"t{number}-", f"{self.material.base_url}/vokabelheft/{term.slug}")
            node = self.settled(html, place)
            if term.slug not in first:
                section = Node("section", values={"id": f"begriff-{term.slug}", "class": "term"})
                section.children = [Node("h2", children=[Node(text=term.title)])]
                first[term.slug] = section
            first[term.slug].children += node.children
        yield from (Node("body", children=[section]) for section in first.values())


def make(
    material: Material, ending: str, picture: Callable[[str], str], step: Callable[[], None] = lambda: None
) -> Book:
    """The book with files of this ending. `picture`: path in the book of a stored picture, empty if gone.

    `step` is called after each lesson. The same release gives the same book, byte for byte.
    """
    release = material.release
    terms = frozenset(term.slug for term in material.terms)
    links = Links(release.manifest, material.base_url, ending, terms, picture)
    book = _bare(material)
    chapters = list(_Maker(material, links, step).chapters(book))
    held = {chapter.name: chapter.ids for chapter in chapters}
    missing: dict[str, set[str]] = {}
    for chapter, fragment in links.aims:
        if fragment not in held.get(chapter, ()):
            missing.setdefault(links.file(chapter), set()).add(fragment)
    values = {name: getattr(book, name) for name in Book.__slots__}
    whole = tuple(_mended(chapter, missing) for chapter in chapters)
    return Book(**{**values, "chapters": whole, "pictures": links.pictures})


def clean(text: str) -> str:
    """A text without signs that XML does not know."""
    return NO_XML.sub("", text)


def _bare(material: Material) -> Book:
    tree, sheet = material.release.manifest, material.release.sheet
    return Book(
        course_id=tree.course_id,
        title=clean(tree.title),
        outcome=clean(sheet.outcome),
        language=sheet.language,
        authors=tuple(map(clean, sheet.authors)),
        town=clean(sheet.municipality),
        license=LICENSES.get(sheet.license, ""),
        edition=tree.edition,
        number=material.release.number,
        published_on=material.release.published_on,
        network=clean(material.network),
        address=f"{material.base_url}/kurse/{tree.slug}",
        topics=sheet.topics,
    )


def _mended(chapter: Chapter, missing: Mapping[str, set[str]]) -> Chapter:
    values = {name: getattr(chapter, name) for name in Chapter.__slots__}
    return Chapter(**{**values, "body": without(chapter.body, missing)})


def _part(part: Part) -> tuple[str, Part, tuple[questions.Asked, ...]]:
    asked = questions.asked(part) if isinstance(part, Quiz) else ()
    return KINDS.get(type(part), "html"), part, asked


def _headed(title: str) -> Node:
    return Node("body", children=[Node("h1", children=[Node(text=title)])])


def _credits(material: Material) -> Iterator[tuple[str, str, tuple[str, ...], str, str, str]]:
    """Lessons whose authors, town, source or licence are not the course's."""
    sheet = material.release.sheet
    course = (sheet.authors, sheet.municipality, sheet.source, sheet.license)
    for number, module in enumerate(material.release.manifest.modules, 1):
        for place, entry in enumerate(module.lessons, 1):
            text = material.texts.get(entry.id)
            if text is None:
                continue
            own = (text.authors, text.municipality, text.source, text.license)
            if own != course:
                yield (f"{BOOK}{lesson_name(number, place)}", text.title, *own)
