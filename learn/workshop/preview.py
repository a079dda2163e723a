"""What a text looks like to learners before it is published, and what publishing would say of it.

The same guard, the same surroundings and the same stored form as publishing takes; nothing is written.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from learn.core import i18n
from learn.core.access import Actor, require
from learn.core.storage import Storage
from learn.courses import frontmatter, ready
from learn.courses.cache import OBJECT
from learn.courses.findings import Finding
from learn.courses.heads import FileKind
from learn.courses.library import cached
from learn.markup import store
from learn.markup.model import Exercise, Part, Plan, Quiz, Severity
from learn.workshop import checking, contrast, drawing, fields, hints, keys, links, nearby, policy
from learn.workshop.contrast import Faint
from learn.workshop.drawing import Drawing
from learn.workshop.hints import Hint
from learn.workshop.holding import course_of
from learn.workshop.stored import Kept

SILENT = "Link antwortet nicht, geprüft am {day}. {note}"
MOVED = "Die Seite ist umgezogen, geprüft am {day}. Sie steht jetzt unter {note}"
FAINT = "Schrift im Bild hebt sich zu wenig ab: „{words}“ hat {ratio} zu 1, nötig sind {needed} zu 1."
SHORTENED = 80  # characters of a line
LOST = re.compile(r'<span class="sc-missing"(?: title="([^"]*)")?>')
UNDESCRIBED = re.compile(r'<img class="sc-missing"(?: [a-z]+="[^"]*")*>')


@dataclass(frozen=True, slots=True)
class Line:
    """A finding at a line (0: nowhere in particular). `excerpt`: what stands there. `code`: K… or empty."""

    severity: Severity
    sentence: str
    line: int = 0
    excerpt: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as its page will draw it.

    `parts`: pairs of kind and part; kinds `html`, `quiz`, `exercise`, `plan`, `term`. `words` of the text,
    `minutes` of reading it. `first_line`: where the text below the head begins in its file. `problem`: why it
    cannot be drawn, one sentence. `page`: the whole page of the saved draft, empty for what is no lesson.
    """

    title: str
    kind: FileKind
    parts: tuple[tuple[str, object], ...] = ()
    findings: tuple[Line, ...] = ()
    words: int = 0
    minutes: int = 0
    hints: tuple[Hint, ...] = ()
    first_line: int = 1
    problem: str = ""
    page: str = ""

    @property
    def errors(self) -> int:
        """How many findings are in the way of publishing."""
        return sum(each.severity == "error" for each in self.findings)


def preview(session: Session, actor: Actor, key: str, text: str, storage: Storage | None = None) -> Preview:
    """The text (a whole file) as it would look in its working copy. Raises NotFound, Forbidden.

    With a `storage` the drawings that it shows are looked at as well.
    """
    course_id = require(course_of(session, key), allowed=policy.author(actor))
    around = nearby.around(session, course_id)
    picture = drawing.draw(session, around, key, text)
    found = checking.findings(session, around, picture)
    parts = ready.ready(store.load(picture.drawn.parts))
    read, rows = hints.reading(parts), _rows(text)
    return Preview(
        title=_title(around, picture, key),
        kind=keys.kind_of(key),
        parts=terms(picture) or tuple(shown(part) for part in parts),
        findings=(
            *(_line(each, picture, rows) for each in found),
            *_outside(session, parts, rows),
            *(_faint(around, picture, rows, storage) if storage else ()),
        ),
        words=read.words,
        minutes=read.minutes,
        hints=tuple(hints.hints(around, picture, parts, read, key)),
        first_line=fields.parts(text)[2],
        problem=picture.drawn.trace.problem,
        page=_page(key),
    )


def _page(key: str) -> str:
    """Where the saved draft stands on its page."""
    lesson = keys.standard(key)
    if keys.kind_of(lesson) != "lektion":
        return ""
    return f"/werkstatt/lektionen/{lesson}/ansicht" + ("?fassung=einfach" if lesson != key else "")


def _outside(session: Session, parts: Iterable[Part], rows: list[str]) -> Iterator[Line]:
    """Links that lead outside and did not answer when they were asked last."""
    named = {address for piece in hints.pieces(parts) for address in links.addresses(piece)}
    for each in links.broken(session, named):
        line = next((number for number, row in enumerate(rows, 1) if each.address in row), 0)
        day = i18n.day(each.checked_on) if each.checked_on else ""
        severity: Severity = "note" if each.state == "unklar" else "warning"
        words = MOVED if each.state == "umgezogen" else SILENT
        yield Line(severity, words.format(day=day, note=each.note), line, each.address)


def _faint(around: nearby.Nearby, picture: Drawing, rows: list[str], storage: Storage) -> Iterator[Line]:
    """Drawings whose words stand out too little."""
    for path in checking.pictures_of(around, picture):
        for each in _words_of(storage, around.pictures[path])[:1]:
            name = path.rpartition("/")[2]
            line = next((number for number, row in enumerate(rows, 1) if name in row), 0)
            ratio, needed = (f"{value:.1f}".replace(".", ",") for value in (each.ratio, each.needed))
            yield Line("warning", FAINT.format(words=each.words, ratio=ratio, needed=needed), line, name)


def _words_of(storage: Storage, kept: Kept) -> tuple[Faint, ...]:
    """Faint words of a drawing; looked for once."""

    def make() -> tuple[tuple[Faint, ...], int]:
        try:
            with storage.open(f"{kept.sha}.svg") as file:
                found = contrast.faint(file.read())
        except FileNotFoundError:
            found = ()
        return found, OBJECT * (1 + len(found))

    return cached(("workshop-faint", kept.sha), make) if kept.seen.ext == "svg" else ()


def terms(picture: Drawing) -> tuple[tuple[str, object], ...]:
    """The entries of a glossary."""
    return tuple(("term", (term, Markup(term.html))) for term in picture.drawn.terms)  # noqa: S704 - sanitised


def shown(part: Part) -> tuple[str, object]:
    """A part with its kind, as templates tell them apart."""
    if isinstance(part, Quiz):
        return "quiz", part
    if isinstance(part, Exercise):
        return "exercise", replace(part, html=explained(part.html))
    return ("plan", part) if isinstance(part, Plan) else ("html", explained(part.html))


def explained(html: str) -> Markup:
    """Sanitised HTML in which pictures with an error say what is missing: words of our own beside them."""
    plain = str(html)  # a Markup would escape what is put in
    if drawing.MISSING in plain:
        plain = LOST.sub(r"\g<0><span>\g<1></span> <b>Bild nicht gefunden</b> ", plain)
        plain = UNDESCRIBED.sub(r'\g<0><b class="sc-undescribed">Alternativtext fehlt</b>', plain)
    return Markup(plain)  # noqa: S704 - sanitised


def _title(around: nearby.Nearby, picture: Drawing, key: str) -> str:
    """The text's own title; a plain variant without one bears its lesson's."""
    own = picture.text.head.text("titel")
    if own or picture.text.kind != "einfach":
        return own
    lesson = around.content.tree.known.get(around.paths.get(keys.standard(key), ""))
    return lesson.head.text("titel") if lesson else ""


def _line(found: Finding, picture: Drawing, rows: list[str]) -> Line:
    """A finding with what stands in its line; that of another file, such as a picture, names the file."""
    if found.file != picture.content.tree.shown(picture.text.path):
        return Line(found.severity, found.message, 0, found.file, found.code)
    row = rows[found.line - 1].strip() if 0 < found.line <= len(rows) else ""
    excerpt = row if len(row) <= SHORTENED else f"{row[:SHORTENED]}…"
    return Line(found.severity, found.message, found.line, excerpt, found.code)


def _rows(source: str) -> list[str]:
    return frontmatter.LINE_END.sub("\n", source).split("\n")
