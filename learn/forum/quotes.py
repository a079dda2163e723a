"""Quotes between posts: whether the words really stand there, and what is left of them when shown."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.core.i18n import gettext as _
from learn.forum import authors
from learn.forum.audience import Reader, narrower
from learn.forum.models import Post, PostQuote, PostRevision, Question
from learn.markup import guard
from learn.markup.model import Quote

WIDER = "Dieses Zitat stammt aus einem kleineren Kreis. Nehmen Sie es heraus."
MOST = 20  # of one text are looked up
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
    if source is None or not source.visible or quote["revision"] < source.from_revision:
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
