"""Sending a form of the forum: counted by person, stored once for its key."""

from sqlalchemy.orm import Session

from learn.core import limits
from learn.core.access import Actor, NotFound
from learn.core.limits import Limit, TooMany
from learn.forum import asking, queries
from learn.forum.audience import Reader
from learn.forum.models import Post, Question

QUESTIONS = Limit("forum-questions", tries=5, seconds=86400)
POSTS = Limit("forum-posts", tries=30, seconds=3600)
PICTURES = Limit("forum-pictures", tries=20, seconds=3600)
TIMES = 4  # others than Lernende may do so much more


def counted(actor: Actor, *wanted: Limit) -> list[tuple[Limit, str]]:
    """The limits of a person with how she is counted: four times as much with any role beyond learning."""
    more = bool(actor.roles - {"learner"})
    return [
        (Limit(f"{one.name}-more", one.tries * TIMES, one.seconds) if more else one, str(actor.owner))
        for one in wanted
    ]


def spend(session: Session, actor: Actor, *wanted: Limit) -> None:
    """Count something that is stored in this transaction. Raises TooMany, which undoes both."""
    waits = [limits.take(session, *one) for one in counted(actor, *wanted)]
    if any(waits):
        raise TooMany(max(waits))


def earlier(session: Session, actor: Actor, key: str, *wanted: Limit) -> Post | None:
    """The post that a form with this key has become before; else count a new one. Raises TooMany.

    Counting locks, so that of many sent at once all but one find the post of the first.
    """
    waits = [limits.take(session, *one) for one in counted(actor, *wanted)]
    found = asking.sent(session, actor, key)
    if found is not None:
        limits.give_back(session, *counted(actor, *wanted))
    elif any(waits):
        raise TooMany(max(waits))
    return found


def question_of(session: Session, who: Reader, post: Post | None) -> Question:
    """The question of a post that was stored before. Raises NotFound."""
    found = queries.question(session, who, post.question_id) if post else None
    if found is None:
        raise NotFound
    return found
