"""What a text looks like to learners before it is published, and what publishing would say of it.

The same guard, the same surroundings and the same stored form as publishing takes; nothing is written.
"""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from learn.core.access import Actor, require
from learn.courses import ready
from learn.courses.findings import Finding
from learn.courses.heads import FileKind
from learn.markup import store
from learn.markup.model import Exercise, Html, Part, Plan, Quiz, Severity
from learn.workshop import checking, drawing, keys, nearby, policy
from learn.workshop.drawing import Picture
from learn.workshop.holding import course_of

SHORTENED = 80  # characters of a line


@dataclass(frozen=True, slots=True)
class Line:
    """A finding at a line (0: nowhere in particular). `excerpt`: what stands there. `code`: K… or empty."""

    severity: Severity
    sentence: str
    line: int = 0
    excerpt: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What may be better (`good` false) or is fine; never in the way of publishing."""

    sentence: str
    good: bool = False
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as its page will draw it.

    `parts`: pairs of kind and part; kinds `html`, `quiz`, `exercise`, `plan`, `term`. `words` of the text,
    `minutes` of reading it. `problem`: why it cannot be drawn, one sentence.
    """

    title: str
    kind: FileKind
    parts: tuple[tuple[str, object], ...] = ()
    findings: tuple[Line, ...] = ()
    words: int = 0
    minutes: int = 0
    hints: tuple[Hint, ...] = ()
    problem: str = ""

    @property
    def errors(self) -> int:
        """How many findings are in the way of publishing."""
        return sum(each.severity == "error" for each in self.findings)


def preview(session: Session, actor: Actor, key: str, text: str) -> Preview:
    """The text (a whole file) as it would look in its working copy. Raises NotFound, Forbidden."""
    course_id = require(course_of(session, key), allowed=policy.author(actor))
    around = nearby.around(session, course_id)
    picture = drawing.draw(session, around, key, text)
    found = checking.findings(session, around, picture)
    return Preview(
        title=_title(around, picture, key),
        kind=keys.kind_of(key),
        parts=parts(picture),
        findings=tuple(_line(each, picture, text) for each in found),
        problem=picture.drawn.trace.problem,
    )


def parts(picture: Picture) -> tuple[tuple[str, object], ...]:
    """Pairs of kind and part, as templates tell them apart; terms of a glossary instead where it has any."""
    if picture.drawn.terms:
        return tuple(("term", (term, Markup(term.html))) for term in picture.drawn.terms)  # noqa: S704 - sanitised
    return tuple((_kind(part), _shown(part)) for part in ready.ready(store.load(picture.drawn.parts)))


def _kind(part: Part) -> str:
    kinds = {Quiz: "quiz", Exercise: "exercise", Plan: "plan"}
    return kinds.get(type(part), "html")


def _shown(part: Part) -> object:
    return part.html if type(part) is Html else part


def _title(around: nearby.Nearby, picture: Picture, key: str) -> str:
    """The text's own title; a plain variant without one bears its lesson's."""
    own = picture.text.head.text("titel")
    if own or picture.text.kind != "einfach":
        return own
    lesson = around.content.tree.known.get(around.paths.get(keys.standard(key), ""))
    return lesson.head.text("titel") if lesson else ""


def _line(found: Finding, picture: Picture, source: str) -> Line:
    """A finding with what stands in its line; that of another file, such as a picture, names the file."""
    if found.file != picture.content.tree.shown(picture.text.path):
        return Line(found.severity, found.message, 0, found.file, found.code)
    rows = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    row = rows[found.line - 1].strip() if 0 < found.line <= len(rows) else ""
    excerpt = row if len(row) <= SHORTENED else f"{row[:SHORTENED]}…"
    return Line(found.severity, found.message, found.line, excerpt, found.code)
