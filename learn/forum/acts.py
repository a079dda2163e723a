"""Acts of moderation as they are kept: recorded with their reason, told to authors, listed in the log.

An act names the posts it touches, never people: whose they are says `PostAuthor`, while there is an account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.core.paging import Slice, slice_of
from learn.forum import texts
from learn.forum.models import Moderation, Post, PostAuthor, Question
from learn.notices import events

HIDE, LOCK, MOVE, MERGE, SPLIT = "ausblenden", "schliessen", "verschieben", "zusammenfuehren", "teilen"
UNDO, KEEP = "zuruecknehmen", "bestaetigen"
ACTIONS = (HIDE, LOCK, MOVE, MERGE, SPLIT, UNDO, KEEP)
REARRANGING = frozenset({MOVE, MERGE, SPLIT})  # the Koordination's alone
STANDING = (HIDE, LOCK, MERGE)  # whose reason stands at the question
REPORTED = "gemeldet"
OPEN, REVIEWED = "offen", "geprueft"
LONGEST = 500
WHY = "Schreiben Sie, warum. Der Grund steht sichtbar bei der Frage."
SHORTER = "Kürzen Sie auf 500 Zeichen."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is asked for; an empty part asks for nothing."""

    action: str = ""
    question_id: int | None = None
    objections: bool = False  # only those with an open objection


@dataclass(frozen=True, slots=True)
class Entry:
    """An act in the log: what, where, why, by whom while she has an account, and what became of it."""

    id: int
    at: datetime
    action: str
    who: str | None
    question_id: int
    title: str
    slug: str
    post_id: int | None
    number: int | None
    reason: str
    data: dict[str, Any]
    undone: bool
    objection: str
    objection_state: str

    @property
    def can_be_undone(self) -> bool:
        return not self.undone and self.action not in {UNDO, KEEP} and not self.data.get("reported")


def clean(reason: str, sentence: str = WHY) -> str:
    """The reason of an act. Raises Refused."""
    reason = reason.replace("\r\n", "\n").strip()
    if texts.is_blank(reason):
        raise Refused(sentence, field="reason")
    if len(reason) > LONGEST:
        raise Refused(SHORTER, field="reason")
    return reason


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    question: Question,
    reason: str,
    posts: Sequence[int],
    *,
    post: Post | None = None,
    **data: Any,
) -> Moderation:
    """Keep an act and let the authors of `posts`, ids, be told; without an actor the rules did it."""
    made = Moderation(
        at=clock.now(),
        actor_id=actor.person_id if actor else None,
        action=action,
        question_id=question.id,
        post_id=post.id if post else None,
        reason=reason,
        data={**data, "posts": list(posts)},
        undone=False,
        objection="",
        objection_state="",
    )
    session.add(made)
    session.flush()
    tell(session, actor, made)
    return made


def tell(session: Session, actor: Actor | None, act: Moderation) -> None:
    """One event for the authors whom an act concerns, but not for who did it."""
    people = sorted(one for one in authors(session, act) if actor is None or one != actor.person_id)
    ids = {"moderation": act.id, "question": act.question_id, "post": act.post_id or 0, "people": people}
    events.record(session, "moderation", f"moderation:{act.id}", **ids)


def authors(session: Session, act: Moderation) -> set[int]:
    """Who wrote the posts that an act touches, as far as they still have accounts."""
    posts = act.data.get("posts", ())
    return set(session.scalars(select(PostAuthor.person_id).where(PostAuthor.post_id.in_(posts))))


def one(session: Session, act_id: int) -> Moderation | None:
    """The act of this number."""
    return session.get(Moderation, act_id)


def held(session: Session, act_id: int) -> Moderation:
    """The act as it is now, locked. Raises NotFound."""
    statement = select(Moderation).where(Moderation.id == act_id).with_for_update()
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def log(session: Session, wanted: Wanted, after: str | None) -> Slice[Entry]:
    """The latest acts, 25 at a time."""
    statement = select(Moderation)
    if wanted.action:
        statement = statement.where(Moderation.action == wanted.action)
    if wanted.question_id is not None:
        statement = statement.where(Moderation.question_id == wanted.question_id)
    if wanted.objections:
        statement = statement.where(Moderation.objection_state == OPEN)
    found = slice_of(session, statement, [Moderation.id], after, descending=True)
    return Slice(_told(session, [act.id for act in found.rows]), found.after)


def entry(session: Session, act_id: int) -> Entry | None:
    """One act as the log shows it."""
    return next(iter(_told(session, [act_id])), None)


def objections(session: Session, limit: int) -> int:
    """How many objections wait for an answer, counted to a limit."""
    waiting = select(Moderation.id).where(Moderation.objection_state == OPEN).limit(limit)
    return len(session.scalars(waiting).all())


def _told(session: Session, ids: Sequence[int]) -> list[Entry]:
    return [Entry(*row) for row in session.execute(_entries().where(Moderation.id.in_(ids)))] if ids else []


def _entries() -> Any:
    return (
        select(
            Moderation.id,
            Moderation.at,
            Moderation.action,
            Person.name,
            Moderation.question_id,
            Question.title,
            Question.slug,
            Moderation.post_id,
            Post.number,
            Moderation.reason,
            Moderation.data,
            Moderation.undone,
            Moderation.objection,
            Moderation.objection_state,
        )
        .join(Question, Question.id == Moderation.question_id)
        .outerjoin(Post, Post.id == Moderation.post_id)
        .outerjoin(Person, Person.id == Moderation.actor_id)
        .order_by(Moderation.id.desc())
    )
