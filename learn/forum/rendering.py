"""Stored texts rendered anew by a newer renderer, from their source and what they refer to."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.forum.models import Picture, Post, PostMention, PostPicture, PostQuote, Question
from learn.forum.texts import EMPTY, Prepared, addresses, taken_apart
from learn.markup import RENDERER, guard
from learn.markup.contributions import Surroundings
from learn.markup.model import Picture as Shown
from learn.network.models import Municipality


@dataclass(frozen=True, slots=True)
class Again:
    """A post's texts as today's renderer has them; for which revision."""

    post_id: int
    revision: int
    text: Prepared
    tried: Prepared | None


def again(session: Session, post_id: int) -> Again | None:
    """Render a post anew; None where that fails or it is gone. Slow: before the lock."""
    post = session.get(Post, post_id)
    if post is None:
        return None
    around = Surroundings(_names(session, post_id), _pictures(session, post_id))
    quotes = frozenset(
        (row.quoted_id, row.revision)
        for row in session.execute(
            select(PostQuote.quoted_id, PostQuote.revision).where(PostQuote.post_id == post_id)
        )
    )
    question = session.get(Question, post.question_id) if post.number == 1 else None
    try:
        text = _rendered(post.body, around, quotes)
        tried = _rendered(question.tried, around, quotes) if question is not None else None
    except guard.Refused:
        return None
    return Again(post_id, post.revision, text, tried)


def store(session: Session, found: Again) -> None:
    """Keep it, unless the post was edited meanwhile."""
    post = session.get(Post, found.post_id, with_for_update=True)
    if post is None or post.revision != found.revision:
        return
    post.parts, post.excerpt, post.renderer = found.text.parts, found.text.excerpt, RENDERER
    if found.tried is not None:
        question = session.get(Question, post.question_id, with_for_update=True)
        assert question is not None  # a post has its question
        question.tried_parts = found.tried.parts


def _rendered(source: str, around: Surroundings, quotes: frozenset[tuple[int, int]]) -> Prepared:
    if not source:
        return EMPTY
    return taken_apart(source, guard.render(source, "beitrag", around), quotes, {})


def _names(session: Session, post_id: int) -> dict[str, tuple[str, ...]]:
    """Whom the post names; by which words was checked when it was written."""
    statement = (
        select(PostMention.person_id, Municipality.ags)
        .outerjoin(Municipality, Municipality.id == PostMention.municipality_id)
        .where(PostMention.post_id == post_id)
    )
    return {
        f"kommune:{ags}" if ags else f"person:{person_id}": ()
        for person_id, ags in session.execute(statement)
    }


def _pictures(session: Session, post_id: int) -> dict[str, Shown]:
    shown = select(PostPicture.picture_id).where(PostPicture.post_id == post_id)
    return addresses(session.scalars(select(Picture).where(Picture.id.in_(shown))).all())
