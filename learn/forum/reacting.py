"""„Ich auch“ and „Hat geholfen“: a town says so, through a person; only the number of towns is shown."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, NotFound
from learn.forum import counting, policy, queries
from learn.forum.audience import Reader
from learn.forum.models import Helped, MeToo, Post, Question


def me_too(session: Session, who: Reader, question: Question, *, on: bool) -> None:
    """Say that her town has the same question, or no longer. Raises NotFound, Forbidden (own town, none)."""
    question = queries.held(session, who, question.id)
    _authorise(who, question, question.municipality_id)
    _set(session, MeToo, {"question_id": question.id}, who, on=on)
    question.me_too = counting.towns_with(session, question)
    counting.settle(session, question)


def helped(session: Session, who: Reader, post: Post, *, on: bool) -> None:
    """Say that an Antwort helped her town, likewise."""
    post, question = queries.held_post(session, who, post.id)
    if post.kind != "antwort" or post.hidden:
        raise NotFound
    _authorise(who, question, post.municipality_id)
    _set(session, Helped, {"post_id": post.id}, who, on=on)
    post.helped = counting.towns_helped(session, post)
    session.flush()


def _authorise(who: Reader, question: Question, own_town: int | None) -> None:
    if not question.listed:
        raise NotFound
    if not policy.may_react(who, question) or who.actor.municipality_id == own_town:
        raise Forbidden


def _set(
    session: Session, table: type[MeToo] | type[Helped], what: dict[str, Any], who: Reader, *, on: bool
) -> None:
    """One row per person; the town is the one she has at that time."""
    key = {**what, "person_id": who.actor.owner}
    if not on:
        session.execute(delete(table).filter_by(**key))
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(**key, municipality_id=who.actor.municipality_id)
    session.execute(statement.on_conflict_do_nothing())
