"""A published course as one PDF (PDF/UA-1): title page, contents, lessons, solutions, terms, sources.

The data of templates/papers/kurs.typ is made here; nothing of the Abschlusstest is ever read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from learn.core import paper
from learn.core.access import Refused
from learn.core.folding import fold
from learn.core.i18n import day, minutes, month
from learn.core.i18n import gettext as _
from learn.core.reencoding import Wish, reencode
from learn.courses.library import CourseRelease, LessonText
from learn.courses.manifest import LessonEntry, ModuleEntry
from learn.courses.queries import TermText
from learn.courses.takeaway import sheets
from learn.courses.takeaway.blocks import Block, Levels, Text
from learn.courses.takeaway.spans import Setting, Span, ascii_address, shown, soft
from learn.courses.takeaway.wellformed import parsed
from learn.markup.model import Exercise, Html, Quiz

MEMORY = 2 * 1024**3  # bytes; 200 lessons of 10 KB take 1.3
LIMIT = 120.0  # seconds; 60 lessons of 10 KB take four, 200 fifteen
LICENSES = {
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/deed.de"),
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/deed.de"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/deed.de"),
}
AS_JPEG = Wish(kind="JPEG", formats=("AVIF", "WEBP"))
Pictures = Callable[[str], bytes | None]


def course_pdf(
    release: CourseRelease,
    texts: Sequence[LessonText],
    terms: Iterable[TermText],
    picture: Pictures,
    *,
    network: str,
    base_url: str,
) -> bytes:
    """The PDF of a course. Takes a second for ten lessons.

    `texts`: the lessons of the release. `terms`: explanations of those that `used_terms` names; of several
    with one slug the course's own counts, then the network's. `picture`: the bytes at an address `/medien/…`.
    Raises paper.NotMade.
    """
    document = Document(release, texts, terms, network=network, base_url=base_url)
    data = document.data()
    found = {name: picture(address) for address, name in document.setting.pictures.items()}
    files = {name: settable(content) for name, content in found.items() if content is not None}
    return paper.pdf("kurs", data, pictures=files, forgiving=True, limit=LIMIT, memory=MEMORY)


def settable(content: bytes) -> bytes:
    """The picture as typst can read it: AVIF, and photos as WebP, as JPEG. What cannot be read stays."""
    if content[4:12] == b"ftypavif" or (content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8 "):
        try:
            return reencode(content, AS_JPEG).data
        except Refused:
            return content
    return content


def used_terms(release: CourseRelease, texts: Iterable[LessonText]) -> tuple[str, ...]:
    """Slugs of the glossary terms that a course's texts link, sorted."""
    pieces = [release.sheet.html, *(module.html for module in release.manifest.modules)]
    pieces += [part.html for text in texts for part in text.parts if isinstance(part, Html | Exercise)]
    links = (
        node.values.get("href", "") for html in pieces for node in parsed(html).all() if node.name == "a"
    )
    start = "/vokabelheft/"
    return tuple(sorted({href.removeprefix(start) for href in links if href.startswith(start)}))


class Document:
    """Gathers what a course's paper says. Headings: 1 modules and appendices, 2 lessons, from 3 on texts."""

    def __init__(
        self,
        release: CourseRelease,
        texts: Iterable[LessonText],
        terms: Iterable[TermText],
        *,
        network: str,
        base_url: str,
    ) -> None:
        self.release = release
        self.texts = {text.lesson_id: text for text in texts}
        self.terms: dict[str, TermText] = {}
        own = release.manifest.slug
        for term in sorted(terms, key=lambda term: (term.course_slug != own, not term.network)):
            self.terms.setdefault(term.slug, term)
        self.network = network
        self.base_url = base_url.rstrip("/")
        self.setting = Setting(release.manifest, self.base_url, frozenset(self.terms))

    def data(self) -> dict[str, Any]:
        """What the template sets."""
        sheet, tree = self.release.sheet, self.release.manifest
        blocks = [*self._about(), *self._modules(), *self._solutions(), *self._terms(), *self._sources()]
        return {
            "title": tree.title,
            "outcome": sheet.outcome,
            "language": sheet.language or "de",
            "authors": list(sheet.authors) or [self.network],
            "network": self.network,
            "picture": self.setting.wanted(sheet.image.src) if sheet.image else "",
            "facts": [{"label": label, "text": text} for label, text in self._facts() if text],
            "address": soft(shown(self._address())),
            "contents": _("Inhalt"),
            "blocks": settled(blocks, self.setting.labels, self._lesson_labels()),
        }

    def _address(self) -> str:
        return f"{self.base_url}/kurse/{self.release.manifest.slug}"

    def _lesson_labels(self) -> frozenset[str]:
        return frozenset(self.texts)

    def _facts(self) -> Iterator[tuple[str, str]]:
        """What the title page tells about the course."""
        sheet, tree = self.release.sheet, self.release.manifest
        yield (
            _("Ausgabe"),
            _("%(edition)s vom %(day)s", edition=tree.edition, day=day(self.release.published_on)),
        )
        yield _("Dauer"), minutes(sheet.minutes) if sheet.minutes else ""
        yield _("Zielgruppe"), sheet.audience
        yield _("Kommune"), sheet.municipality
        yield _("Autorinnen und Autoren"), ", ".join(sheet.authors)
        yield _("Zuletzt geprüft"), month(sheet.reviewed) if sheet.reviewed else ""
        yield _("Lizenz"), license_name(sheet.license)

    def _text(self, place: str, level: int, shift: int) -> Text:
        return Text(self.setting, place, Levels(level), shift)

    def _about(self) -> Iterator[Block]:
        """What the course page says above its lessons."""
        sheet, text = self.release.sheet, self._text("kurs", 0, 0)
        yield self._top(text, _("Über diesen Kurs"), "kurs")
        if sheet.goals:
            yield _goals(_("Nach diesem Kurs können Sie"), sheet.goals)
        yield from text.blocks(sheet.html)
        if sheet.values:
            yield text.heading(2, [_("Angaben Ihrer Kommune")])
            yield _paragraph(_("Diese Angaben unterscheiden sich von Ort zu Ort. Hier ist Platz für Ihre."))
            yield from ({"k": "field", "label": hint, "hint": ""} for _name, hint in sheet.values)

    def _top(self, text: Text, words: str, label: str = "") -> Block:
        """A heading that begins a page."""
        return {**text.heading(1, [words], label), "page": True}

    def _modules(self) -> Iterator[Block]:
        modules = self.release.manifest.modules
        for number, module in enumerate(modules, 1):
            text = self._text(module.id, 0, 1)
            name = _("Modul %(number)s: %(title)s", number=number, title=module.title)
            yield self._top(text, name if len(modules) > 1 else module.title, module.id)
            yield from self._module(module, text)

    def _module(self, module: ModuleEntry, text: Text) -> Iterator[Block]:
        if module.outcome:
            yield {"k": "lead", "c": [module.outcome]}
        yield from text.blocks(module.html)
        for index, entry in enumerate(entry for entry in module.lessons if entry.id in self.texts):
            yield from self._lesson(entry, self.texts[entry.id], first=not index)

    def _lesson(self, entry: LessonEntry, lesson: LessonText, *, first: bool) -> Iterator[Block]:
        text = self._text(lesson.lesson_id, 1, 1)
        yield {**text.heading(2, [lesson.title], lesson.lesson_id), "page": not first}
        yield {"k": "meta", "c": [" · ".join(self._about_lesson(entry, lesson))]}
        if lesson.goals:
            yield _goals(_("Nach dieser Lektion können Sie"), lesson.goals)
        for part in lesson.parts:
            if isinstance(part, Html):
                text.gather(part.html)
        for part in lesson.parts:
            yield from sheets.part(text, part)

    def _about_lesson(self, entry: LessonEntry, lesson: LessonText) -> Iterator[str]:
        yield minutes(lesson.minutes)
        if not entry.required:
            yield _("freiwillig")
        if lesson.edition > 1:
            yield _("Ausgabe %(edition)s", edition=lesson.edition)
        if lesson.reviewed:
            yield _("Zuletzt geprüft: %(month)s", month=month(lesson.reviewed))
        if lesson.plain:
            yield _("Im Netz auch in Einfacher Sprache")

    def _solutions(self) -> Iterator[Block]:
        found = [
            (lesson, quizzes)
            for entry in self.release.manifest.lessons()
            if (lesson := self.texts.get(entry.id))
            and (quizzes := [part for part in lesson.parts if isinstance(part, Quiz)])
        ]
        if not found:
            return
        top = self._text("loesungen", 0, 0)
        yield self._top(top, _("Lösungen"), "loesungen")
        for lesson, quizzes in found:
            text = self._text(f"loesungen-{lesson.lesson_id}", 1, 1)
            yield {**text.heading(2, [lesson.title]), "apart": True}
            for quiz in quizzes:
                if len(quizzes) > 1:
                    yield text.heading(3, [quiz.heading or _("Kurz geprüft")])
                yield from sheets.solutions(text, quiz)

    def _terms(self) -> Iterator[Block]:
        if not self.terms:
            return
        yield self._top(self._text("begriffe", 0, 0), _("Begriffe"), "begriffe")
        found = sorted(self.terms.values(), key=lambda term: (fold(term.title), term.slug))
        yield {"k": "terms", "items": [self._term(term) for term in found]}

    def _term(self, term: TermText) -> Block:
        label = f"begriff-{term.slug}"
        self.setting.labels.add(label)
        text = self._text(label, 2, 1)
        return {"term": [term.title], "label": label, "c": text.blocks(term.html)}

    def _sources(self) -> Iterator[Block]:
        """Who wrote what, from where, and what others may do with it."""
        sheet, text = self.release.sheet, self._text("quellen", 0, 0)
        yield self._top(text, _("Quellen und Lizenz"), "quellen")
        yield _paragraph(*license_words(sheet.license))
        if sheet.source:
            yield _paragraph({"k": "strong", "c": [_("Quelle:")]}, f" {soft(sheet.source)}")
        other = [lesson for entry in self.release.manifest.lessons() if (lesson := self.texts.get(entry.id))]
        items = [{"term": [lesson.title], "c": lines} for lesson in other if (lines := self._other(lesson))]
        if items:
            yield {**text.heading(2, [_("Einzelne Lektionen")]), "apart": True}
            yield {"k": "terms", "items": items}
        address = ascii_address(self._address())
        link = {"k": "link", "href": address, "c": [soft(shown(address))]}
        yield _paragraph(_("Den Kurs im Netz, mit der neuesten Ausgabe, finden Sie unter") + " ", link, ".")

    def _other(self, lesson: LessonText) -> list[Block]:
        """Where a lesson says something else than the course."""
        sheet = self.release.sheet
        names = ", ".join(lesson.authors) if lesson.authors != sheet.authors else ""
        said = (
            (_("Autorinnen und Autoren"), names),
            (_("Kommune"), lesson.municipality if lesson.municipality != sheet.municipality else ""),
            (_("Quelle"), soft(lesson.source) if lesson.source != sheet.source else ""),
            (_("Lizenz"), license_name(lesson.license) if lesson.license != sheet.license else ""),
        )
        return [_paragraph(f"{label}: {words}") for label, words in said if words]


def _paragraph(*spans: Span) -> Block:
    return {"k": "p", "c": list(spans)}


def _goals(title: str, goals: Iterable[str]) -> Block:
    return {"k": "goals", "title": title, "items": [[_paragraph(goal)] for goal in goals]}


def license_name(license_: str) -> str:
    """How people call a licence; „geschützt“ for none of the free ones."""
    return LICENSES[license_][0] if license_ in LICENSES else _("geschützt")


def license_words(license_: str) -> list[Span]:
    """What others may do with the course."""
    if license_ not in LICENSES:
        return [_("Dieser Kurs ist urheberrechtlich geschützt. Bitten Sie vor der Weitergabe um Erlaubnis.")]
    name, address = LICENSES[license_]
    link: Span = {"k": "link", "href": address, "c": [soft(shown(address))]}
    said = _("Dieser Kurs steht, soweit bei einer Lektion nichts anderes angegeben ist, unter der Lizenz")
    return [f"{said} {name} (", link, ")."]


def settled(value: Any, labels: set[str], lessons: frozenset[str]) -> Any:
    """The blocks with links only to places that are there: else to the lesson, else to the address."""
    if isinstance(value, list):
        return [settled(entry, labels, lessons) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {key: settled(entry, labels, lessons) for key, entry in value.items()}
    to = found.get("to")
    if to is not None and to not in labels:
        lesson = to.partition("-")[0]
        found["to"] = lesson if lesson in lessons else None
    return found
