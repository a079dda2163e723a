"""Quotes between posts: whether the words really stand there, and what is left of them when shown."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.i18n import gettext as _
from learn.forum import authors, comparing
from learn.forum.audience import Reader, narrower
from learn.forum.models import Post, PostQuote, PostRevision, Question
from learn.markup import guard
from learn.markup.model import Quote

WIDER = "Dieses Zitat stammt aus einem kleineren Kreis. Nehmen Sie es heraus."
MOST = 20  # of one text are looked up
MARK = re.compile(r"<!--\s*zitat\b[^>]*-->")
PART = {name: re.compile(rf"\b{name}=\W?([1-9][0-9]{{0,8}})\b") for name in ("beitrag", "fassung")}
QUOTED = re.compile(r"^ {0,3}>.*?(?=^[ \t]*<!--|\Z)", re.MULTILINE | re.DOTALL)
Key = tuple[int, int]  # post and revision


@dataclass(frozen=True, slots=True)
class Source:
    """A quoted post as it is now. Words of a revision before `from_revision` were redacted since."""

    visible: bool
    revision: int
    from_revision: int
    words: str  # how it is signed


def genuine(
    session: Session, who: Reader, quotes: Iterable[Quote], circle: str, *, field: str
) -> frozenset[Key]:
    """Which of these quotes hold words of the revision that they name. Raises Refused for a smaller circle.

    What she may not read counts like what does not exist.
    """
    wanted = {(quote.post, quote.revision): quote for quote in list(quotes)[:MOST]}
    if not wanted:
        return frozenset()
    found: set[Key] = set()
    for row in session.execute(_revisions(wanted)):
        quote = wanted[row.post_id, row.revision]
        if row.hidden or not who.reads(row.listed) or not _holds(row, quote):
            continue
        if not narrower(circle, row.circle):
            raise Refused(WIDER, field=field)
        found.add((row.post_id, row.revision))
    return frozenset(found)


def sources(session: Session, who: Reader, posts: Iterable[Post]) -> dict[int, Source]:
    """What these posts quote, by the quoted post's id: one statement."""
    quoting = select(PostQuote.quoted_id).where(PostQuote.post_id.in_([post.id for post in posts]))
    return _sources(session, who, Post.id.in_(quoting))


def quoted(session: Session, who: Reader, post_ids: Collection[int]) -> dict[int, Source]:
    """The same for a text that is not stored yet, by the posts that it quotes."""
    return _sources(session, who, Post.id.in_(post_ids)) if post_ids else {}


def cleared(session: Session, who: Reader, texts: Collection[str]) -> list[str]:
    """Written texts without the words that they quote from posts which she may not see any more."""
    marks = {key for text in texts for key in _marks(text)}
    states = quoted(session, who, {post for post, _revision in marks})
    gone = frozenset(key for key in marks if key[0] in states and not _stands(states[key[0]], key[1]))
    return [text if gone.isdisjoint(_marks(text)) else _cleared(text, gone) for text in texts]


def _marks(text: str) -> list[Key]:
    """The posts and revisions that a written text names as quoted."""
    found = [[PART[name].search(mark) for name in PART] for mark in MARK.findall(text)]
    return [(int(post[1]), int(revision[1])) for post, revision in found if post and revision]


def _cleared(text: str, gone: frozenset[Key]) -> str:
    """The quotes beside these marks are one sentence each."""
    pieces = comparing.paragraphs(text)
    marked = {place for place, piece in enumerate(pieces) if not gone.isdisjoint(_marks(piece))}
    beside = {place + step for place in marked for step in (-1, 0, 1)}
    sentence = f"> {_('Das Zitat ist nicht mehr sichtbar.')}\n"
    done = [QUOTED.sub(sentence, piece) if place in beside else piece for place, piece in enumerate(pieces)]
    return "\n\n".join(piece.rstrip("\n") for piece in done)


def _stands(source: Source, revision: int) -> bool:
    """Whether words of this revision may be seen."""
    return source.visible and revision >= source.from_revision


def _sources(session: Session, who: Reader, which: ColumnElement[bool]) -> dict[int, Source]:
    redacted = select(func.max(PostRevision.revision)).where(
        PostRevision.post_id == Post.id, PostRevision.redacted
    )
    statement = (
        authors.authorship()
        .add_columns(Post.revision, Post.hidden, Question.listed, redacted.scalar_subquery().label("since"))
        .join(Question, Question.id == Post.question_id)
        .where(which)
    )
    return {row.post_id: _source(who, row) for row in session.execute(statement)}


def shown(quote: Mapping[str, Any], source: Source | None, html: Markup) -> Markup:
    """A quote as its reader may see it: with its source, or nothing of the words."""
    if source is None or not _stands(source, quote["revision"]):
        return Markup('<p class="sc-quote__gone">{}</p>').format(_("Das Zitat ist nicht mehr sichtbar."))
    changed = _(" (seither geändert)") if source.revision > quote["revision"] else ""
    return Markup(
        '<figure class="sc-quote">{}<figcaption><a href="/forum/beitraege/{}">{}</a>{}</figcaption></figure>'
    ).format(html, quote["post"], source.words, changed)


def _source(who: Reader, row: Any) -> Source:
    visible = not row.hidden and who.reads(row.listed)
    return Source(visible, row.revision, row.since or 0, authors.byline(who.actor, row).words)


def _revisions(wanted: Mapping[Key, Quote]) -> Any:
    columns = (PostRevision.post_id, PostRevision.revision, PostRevision.body, PostRevision.tried)
    return (
        select(*columns, Post.hidden, Question.listed, Question.circle)
        .join(Post, Post.id == PostRevision.post_id)
        .join(Question, Question.id == Post.question_id)
        .where(tuple_(PostRevision.post_id, PostRevision.revision).in_(list(wanted)))
    )


def _holds(row: Any, quote: Quote) -> bool:
    """Whether the revision's words hold the quoted ones, white space aside."""
    words = _bare(quote.text)
    return bool(words) and any(words in _bare(_plain(text)) for text in (row.body, row.tried) if text)


def _plain(source: str) -> str:
    try:
        return guard.render(source, "beitrag").text
    except guard.Refused:
        return ""


def _bare(text: str) -> str:
    return "".join(text.split())
