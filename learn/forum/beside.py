"""What stands beside lists: a question for a contact, whom to ask about a topic, whether one follows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole, PersonTopic
from learn.forum import audience, walks
from learn.forum.audience import Reader
from learn.forum.models import Question, QuestionTopic, TopicFollow
from learn.network.models import Municipality

MOST_TOWNS = 5


@dataclass(frozen=True, slots=True)
class Picks:
    """The topics that a contact answers for, and the oldest open questions in them of other towns."""

    topics: tuple[str, ...] = ()
    ids: frozenset[int] = field(default_factory=frozenset)


def picks(session: Session, who: Reader) -> Picks:
    """For a contact: her topics, and what waits longest in them, not of her own town: one statement."""
    own_town = who.actor.municipality_id
    columns: list[ColumnElement[Any]] = []
    few = who.circles is not None and len(who.circles) <= walks.MOST_CIRCLES
    for circle in who.circles or () if few else (None,):
        shown = (
            audience.visible(who, QuestionTopic.listed) if circle is None else QuestionTopic.listed == circle
        )
        oldest = (
            select(QuestionTopic.question_id)
            .join(Question, Question.id == QuestionTopic.question_id)
            .where(QuestionTopic.topic == PersonTopic.topic, shown, QuestionTopic.state.in_(walks.OPEN))
            .where(func.coalesce(Question.municipality_id, 0) != (own_town or -1))
            .order_by(QuestionTopic.waits_since, QuestionTopic.question_id)
            .limit(1)
            .correlate(PersonTopic)
        )
        columns.append(oldest.scalar_subquery())
    statement = select(PersonTopic.topic, *columns).where(PersonTopic.person_id == who.actor.person_id)
    found = session.execute(statement.order_by(PersonTopic.topic)).all()
    ids = {one for row in found for one in row[1:] if one is not None}
    return Picks(tuple(row.topic for row in found), frozenset(ids))


def towns_for(session: Session, topic: str) -> Sequence[tuple[str, str]]:
    """Pioneer towns with a contact for a topic: their names and addresses: one statement."""
    answers = (
        select(PersonTopic.person_id)
        .join(Person, Person.id == PersonTopic.person_id)
        .join(PersonRole, (PersonRole.person_id == Person.id) & (PersonRole.role == "expert"))
        .where(PersonTopic.topic == topic, Person.municipality_id == Municipality.id, Person.active)
    )
    statement = select(Municipality.kind, Municipality.name, Municipality.ags).where(
        Municipality.role == "pionier", answers.exists()
    )
    found = session.execute(statement.order_by(Municipality.sort, Municipality.id).limit(MOST_TOWNS))
    return [(f"{row.kind} {row.name}".strip(), f"/kommunen/{row.ags}") for row in found]


def follows_topic(session: Session, who: Reader, topic: str) -> str:
    """How she follows a topic; empty when she does not."""
    mine = (TopicFollow.person_id == who.actor.person_id, TopicFollow.topic == topic)
    return session.scalar(select(TopicFollow.level).where(*mine)) or ""
