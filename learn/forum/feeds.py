"""Atom feeds: what each circle gives away, for everybody or for who holds a person's key."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.core.access import VISITOR, Actor
from learn.forum import audience, authors, quotes, texts, walks
from learn.forum.audience import Reader
from learn.forum.models import FeedKey, Post, PostRevision, Question
from learn.forum.walks import Wanted

ENTRIES = 30  # a feed holds the newest of these
SHORTENED = 300  # characters, at the level „Netzwerk“


@dataclass(frozen=True, slots=True)
class Entry:
    """A Beitrag in a feed. `author` and `parts` are empty where the level gives none, `text` is plain.

    `kind`: frage, antwort or rueckfrage.
    """

    post_id: int
    number: int
    kind: str
    title: str
    level: str
    author: str
    parts: tuple[Markup, ...]
    text: str
    published: datetime
    updated: datetime


def renew(session: Session, actor: Actor) -> str:
    """A new key for a person; the one before opens nothing any more. Only its hash is kept."""
    end(session, actor)
    key = secrets.token_urlsafe(24)
    session.add(FeedKey(person_id=actor.owner, key_hash=_hashed(key)))
    return key


def end(session: Session, actor: Actor) -> None:
    """No key at all."""
    session.execute(delete(FeedKey).where(FeedKey.person_id == actor.owner))


def has_key(session: Session, actor: Actor) -> bool:
    """Whether a person has a key."""
    return session.get(FeedKey, actor.owner) is not None


def reader(session: Session, key: str | None) -> Reader | None:
    """Whose feed this is: without a key everybody's, with one its person's; None for a dead key."""
    if key is None:
        return audience.reader(session, VISITOR)
    person_id = session.scalar(select(FeedKey.person_id).where(FeedKey.key_hash == _hashed(key)))
    actor = people.actors(session, [person_id]).get(person_id) if person_id is not None else None
    return audience.reader(session, actor) if actor is not None else None


def entries(
    session: Session, who: Reader, *, topic: str = "", municipality_id: int | None = None
) -> Sequence[Entry]:
    """The newest Beiträge that she may read, of all questions, of a topic, or of a town's questions.

    Three statements. The newest Beiträge stand in the questions with the newest Beitrag.
    """
    if municipality_id is None:
        walk = walks.walk(who, Wanted(walks.NEU, topic))
    else:
        walk = walks.of_town(who, municipality_id, walks.NEU)
    near = walk.keys(0).subquery()
    latest = select(near.c.id).where(near.c.fits).order_by(near.c.at.desc(), near.c.id.desc()).limit(ENTRIES)
    rows = session.execute(_posts(who).where(Question.id.in_(latest))).all()
    full = [row.Post for row in rows if row.level == audience.PUBLIC]
    sources = quotes.sources(session, who, full) if full else {}
    return [_entry(who, row, sources) for row in rows]


def _posts(who: Reader) -> Any:
    revised = (
        select(func.max(PostRevision.at)).where(
            PostRevision.post_id == Post.id, PostRevision.revision == Post.revision
        )
    ).scalar_subquery()
    return (
        authors.authorship()
        .add_columns(Post, Question.title, Question.level, revised.label("revised"))
        .join(Question, Question.id == Post.question_id)
        .where(audience.visible(who), Post.hidden == "", Post.kind != "verweis")
        .where(Post.number > Question.last_number - ENTRIES * 2)
        .order_by(Post.id.desc())
        .limit(ENTRIES)
    )


def _entry(who: Reader, row: Any, sources: Mapping[int, quotes.Source]) -> Entry:
    """Öffentlich in full, Netzwerk shortened, a Klasse by its title alone."""
    post: Post = row.Post
    public, network = row.level == audience.PUBLIC, row.level == audience.NETWORK
    return Entry(
        post_id=post.id,
        number=post.number,
        kind=post.kind,
        title=row.title,
        level=row.level,
        author=authors.byline(who.actor, row).words if public or network else "",
        parts=texts.shown(post.parts, sources, prefix=f"b{post.id}") if public else (),
        text=post.excerpt[:SHORTENED] if network else "",
        published=post.at,
        updated=row.revised or post.at,
    )


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
