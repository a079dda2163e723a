"""Texts of posts: checked and rendered before anything is written, shown later from their parts."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.forum import authors
from learn.forum.audience import Reader
from learn.forum.models import Post, PostQuote, PostRevision, Question
from learn.markup import RENDERER, guard
from learn.markup.model import Html
from learn.markup.sanitise import prefixer
from learn.network.sizes import grouped

LONGEST = 20_000  # characters of a question or an answer
LONGEST_COMMENT = 2_000
EXCERPT = 300
ASK = "Schreiben Sie Ihre Frage in das Feld."
ANSWER = "Schreiben Sie Ihre Antwort in das Feld."
COMMENT = "Schreiben Sie Ihre Rückfrage in das Feld."
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by category that show nothing


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of another post in a revision of it."""

    post_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Whom a text addresses with @: a person or a town."""

    person_id: int | None = None
    municipality_id: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready to be stored: its source, what is shown of it, and to what it refers."""

    source: str
    parts: list[dict[str, Any]]
    excerpt: str
    words: str
    mentions: tuple[Mentioned, ...] = ()
    quotes: tuple[Quotation, ...] = ()
    pictures: tuple[int, ...] = ()
    renderer: int = RENDERER


EMPTY = Prepared("", [], "", "")  # a text that was taken away


@dataclass(frozen=True, slots=True)
class Source:
    """A quoted post as it is now. Words of a revision before `from_revision` were redacted since."""

    visible: bool
    revision: int
    from_revision: int
    words: str  # how it is signed


def prepare(
    session: Session,
    who: Reader,
    source: str,
    *,
    circle: str,
    field: str = "body",
    longest: int = LONGEST,
    sentence: str = ASK,
) -> Prepared:
    """Check and render a text for a circle, before the lock is taken. Raises Refused at `field`."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").strip()
    if is_blank(source):
        raise Refused(sentence, field=field)
    if len(source) > longest:
        raise Refused(
            f"Kürzen Sie auf {grouped(longest)} Zeichen. Der Text hat {grouped(len(source))}.", field=field
        )
    try:
        rendered = guard.render(source, "beitrag")
    except guard.Refused as problem:
        raise Refused(str(problem), field=field) from problem
    parts = [{"html": part.html} for part in rendered.parts if isinstance(part, Html)]
    words = rendered.text
    return Prepared(source, parts, excerpt(words), words)


def sources(session: Session, who: Reader, posts: Iterable[Post]) -> dict[int, Source]:
    """What these posts quote, by the quoted post's id: one statement."""
    redacted = select(func.max(PostRevision.revision)).where(
        PostRevision.post_id == Post.id, PostRevision.redacted
    )
    statement = (
        authors.authorship()
        .add_columns(Post.revision, Post.hidden, Question.listed, redacted.scalar_subquery().label("since"))
        .join(Question, Question.id == Post.question_id)
        .where(Post.id.in_(select(PostQuote.quoted_id).where(PostQuote.post_id.in_([p.id for p in posts]))))
    )
    return {row.post_id: _source(who, row) for row in session.execute(statement)}


def _source(who: Reader, row: Any) -> Source:
    visible = not row.hidden and who.reads(row.listed)
    return Source(visible, row.revision, row.since or 0, authors.byline(who.actor, row).words)


def shown(
    parts: Sequence[Mapping[str, Any]], sources: Mapping[int, Source], *, prefix: str, place: str = ""
) -> tuple[Markup, ...]:
    """The pieces of a text as HTML; ids bear the prefix, regions the place, so that both are unique."""
    del sources
    change = prefixer(f"{prefix}-", place)
    return tuple(Markup(change(part["html"])) for part in parts if "html" in part)  # noqa: S704 - sanitised


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: blanks, controls, and characters without a shape."""
    return not any(unicodedata.category(sign)[0] not in "ZCM" and sign not in BLANK for sign in text)


def excerpt(words: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(words.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"
