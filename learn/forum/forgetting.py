"""What remains when a person leaves: her posts without her name, and nobody who names her."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import jobs
from learn.core.owndata import Owner, erases, remove
from learn.forum.authors import GONE
from learn.forum.models import (
    Helped,
    MeToo,
    Moderation,
    Picture,
    Post,
    PostAuthor,
    PostMention,
    PostRevision,
    Question,
)

STORED = r"\[@((?:[^\]\\\n]|\\.)*)\]\(person:%d\)"  # a mention in a text, and by which words
ESCAPE = re.compile(r"\\([\\\[\]*_`<>&~])")


@erases(PostAuthor)
def leave_posts(session: Session, owner: Owner) -> None:
    """Her posts stay; whether one of them waits for her is counted again later."""
    own = select(Post.question_id).where(Post.id.in_(_own(owner)))
    _count_again(session, list(session.scalars(own.distinct())))
    remove(session, PostAuthor, PostAuthor.person_id == owner.person_id)


@erases(MeToo)
def leave_me_too(session: Session, owner: Owner) -> None:
    own = MeToo.person_id == owner.person_id
    _count_again(session, list(session.scalars(select(MeToo.question_id).where(own))))
    remove(session, MeToo, own)


@erases(Helped)
def leave_helped(session: Session, owner: Owner) -> None:
    own = Helped.person_id == owner.person_id
    asked = select(Post.question_id).join(Helped, Helped.post_id == Post.id).where(own)
    _count_again(session, list(session.scalars(asked.distinct())))
    remove(session, Helped, own)


@erases(Picture)
def leave_pictures(session: Session, owner: Owner) -> None:
    """What no post ever showed goes, its file with the next tidying; the rest belongs to its posts."""
    own = Picture.person_id == owner.person_id
    remove(session, Picture, own & Picture.question_id.is_(None))
    session.execute(update(Picture).where(own).values(person_id=None))


@erases(Moderation)
def leave_moderation(session: Session, owner: Owner) -> None:
    session.execute(update(Moderation).where(Moderation.actor_id == owner.person_id).values(actor_id=None))


@erases(PostMention)
@erases(PostRevision)
@erases(Post)
@erases(Question)
def leave_texts(session: Session, owner: Owner) -> None:
    """Wherever somebody named her with @ stands „Ehemaliges Mitglied“; done once for all these tables."""
    named = select(PostMention.post_id).where(PostMention.person_id == owner.person_id).distinct()
    name = session.scalar(select(Person.name).where(Person.id == owner.person_id)) or ""
    for post_id in list(session.scalars(named)):
        _without_name(session, post_id, _forgetting(session, post_id, owner.person_id, name))
    remove(session, PostMention, PostMention.person_id == owner.person_id)


def _without_name(session: Session, post_id: int, forget: Callable[[Any], Any]) -> None:
    """Replace her name in all states of a post; rendered anew later, in case others bear the same."""
    post = session.get(Post, post_id)
    assert post is not None  # a mention belongs to a post
    post.body, post.parts, post.excerpt = forget(post.body), forget(post.parts), forget(post.excerpt)
    post.renderer = 0
    for revision in session.scalars(select(PostRevision).where(PostRevision.post_id == post_id)):
        revision.body, revision.tried = forget(revision.body), forget(revision.tried)
    question = session.get(Question, post.question_id)
    if post.number == 1 and question is not None:
        question.tried, question.tried_parts = forget(question.tried), forget(question.tried_parts)
    session.flush()


def _forgetting(session: Session, post_id: int, person_id: int, name: str) -> Callable[[Any], Any]:
    """A function that puts „Ehemaliges Mitglied“ in place of all words by which a post names her."""
    stored = re.compile(STORED % person_id)
    states = select(PostRevision.body, PostRevision.tried).where(PostRevision.post_id == post_id)
    texts = [text for row in session.execute(states) for text in row]
    labels = {ESCAPE.sub(r"\1", label) for text in texts for label in stored.findall(text)} | {name}
    shown = sorted(
        {form for label in labels if label for form in (label, escape(label, quote=False))}, key=len
    )

    def forget(value: Any) -> Any:
        if isinstance(value, str):
            value = stored.sub(f"@{GONE}", value)
            for label in reversed(shown):
                value = value.replace(f"@{label}", f"@{GONE}")
            return value
        if isinstance(value, dict):
            return {key: forget(inner) for key, inner in value.items()}
        return [forget(inner) for inner in value] if isinstance(value, list) else value

    return forget


def _own(owner: Owner) -> Any:
    return select(PostAuthor.post_id).where(PostAuthor.person_id == owner.person_id)


def _count_again(session: Session, question_ids: list[int]) -> None:
    if question_ids:
        jobs.enqueue(session, "count_again", question_ids=question_ids)
