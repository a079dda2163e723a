"""What a person has read and follows: one row per person and question, without any time."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    case,
    delete,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core.access import Actor, Forbidden, Refused
from learn.core.prepared import ask
from learn.forum import policy
from learn.forum.audience import Reader
from learn.forum.models import Post, Question, QuestionReader, QuestionTopic, TopicFollow, TownFollow
from learn.notices import lines

ALL, IMPORTANT, NOTHING = "alles", "wichtiges", "nichts"
FOLLOWS = (ALL, IMPORTANT, NOTHING)
ASKED, ANSWERED, CHOSEN, TOPIC, TOWN = "gefragt", "geantwortet", "gewaehlt", "thema", "kommune"
_PERSON, _QUESTION, _TOWN = (bindparam(name, type_=Integer) for name in ("person", "question", "town"))
FOLLOWINGS = union_all(  # of a person: the question, its topics, its town
    select(QuestionReader.follow, QuestionReader.reason, QuestionReader.last_read).where(
        QuestionReader.person_id == _PERSON, QuestionReader.question_id == _QUESTION
    ),
    select(TopicFollow.level, literal(TOPIC), literal(0)).where(
        TopicFollow.person_id == _PERSON,
        TopicFollow.topic.in_(select(QuestionTopic.topic).where(QuestionTopic.question_id == _QUESTION)),
    ),
    select(TownFollow.level, literal(TOWN), literal(0)).where(
        TownFollow.person_id == _PERSON, TownFollow.municipality_id == _TOWN
    ),
)
CHOOSE = "Wählen Sie, was Sie davon hören möchten."


@dataclass(frozen=True, slots=True)
class Following:
    """How a person follows a question and why; `level` is empty when she does not. `last_read`: a number.

    `reason`: gefragt, geantwortet, gewaehlt, thema, kommune.
    """

    level: str = ""
    reason: str = ""
    last_read: int = 0


def unread(who: Reader) -> ColumnElement[bool]:
    """Questions with something new for her; for visitors nothing is. To be joined with `visible`."""
    if not who.actor.signed_in:
        return false()
    read = (
        select(QuestionReader.last_read)
        .where(QuestionReader.question_id == Question.id, QuestionReader.person_id == who.actor.person_id)
        .correlate(Question)
        .scalar_subquery()
    )
    new = Question.top_number > func.coalesce(read, 0)
    return new & (Question.top_number > Question.quiet_number)


def following_of(session: Session, actor: Actor, question: Question) -> Following:
    """How she follows a question: her choice for it, else the most that its topics and its town say."""
    if not actor.signed_in:
        return Following()
    values = {"person": actor.person_id, "question": question.id, "town": question.municipality_id}
    found = [Following(*row) for row in ask(session, FOLLOWINGS, values)]
    own = next((one for one in found if one.reason not in {TOPIC, TOWN}), Following())
    if own.level:
        return own
    others = [one for one in found if one.reason in {TOPIC, TOWN}]
    best = min(others, key=lambda one: FOLLOWS.index(one.level), default=Following())
    return Following(best.level, best.reason, own.last_read)


def read_to(session: Session, actor: Actor, question: Question, number: int) -> None:
    """Note up to which number she has read; it only grows and never passes the last one."""
    if number > 0:
        _keep(session, actor, question, last_read=min(number, question.last_number))
    if number >= question.last_number:
        lines.close(session, actor.owner, f"frage:{question.id}")


def follow(session: Session, who: Reader, question: Question, level: str) -> None:
    """Follow a question by her own choice. Raises Refused, Forbidden."""
    _check(level, allowed=policy.may_follow(who, question))
    _keep(session, who.actor, question, follow=level, reason=CHOSEN)


def follow_topic(session: Session, actor: Actor, topic: str, level: str) -> None:
    """Follow a topic, or with an empty level no longer. Raises Refused, Forbidden."""
    _choose(session, actor, TopicFollow, {"topic": topic}, level)


def follow_town(session: Session, actor: Actor, municipality_id: int, level: str) -> None:
    """Follow what a town asks and answers, likewise."""
    _choose(session, actor, TownFollow, {"municipality_id": municipality_id}, level)


def asked(session: Session, actor: Actor, question: Question) -> None:
    """Who asks follows everything, and has read what she wrote."""
    _keep(session, actor, question, last_read=question.top_number, follow=ALL, reason=ASKED)


def wrote(session: Session, actor: Actor, question: Question, post: Post, before: int) -> None:
    """Who answers follows what matters; had she read all that was shown before, she still has."""
    follow, reason = (IMPORTANT, ANSWERED) if post.kind == "antwort" else ("", "")
    since = 0 if before <= question.quiet_number else before
    _keep(session, actor, question, last_read=post.number, since=since, follow=follow, reason=reason)


def _keep(
    session: Session,
    actor: Actor,
    question: Question,
    *,
    last_read: int = 0,
    since: int = 0,
    follow: str = "",
    reason: str = "",
) -> None:
    """Write her row in one statement, which decides races. What she chose is changed by her alone.

    `last_read` counts only for who has read up to `since`.
    """
    values: dict[str, Any] = {
        "person_id": actor.owner,
        "question_id": question.id,
        "last_read": 0 if since else last_read,
        "follow": follow,
        "reason": reason,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(QuestionReader).values(values)
    free = QuestionReader.reason == "" if reason != CHOSEN else literal(value=True)
    further = (QuestionReader.last_read < last_read) & (QuestionReader.last_read >= since)
    sets: dict[str, Any] = {"last_read": case((further, last_read), else_=QuestionReader.last_read)}
    if follow:
        sets["follow"] = case((free, follow), else_=QuestionReader.follow)
        sets["reason"] = case((free, reason), else_=QuestionReader.reason)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[QuestionReader.person_id, QuestionReader.question_id], set_=sets
        )
    )


def _choose(
    session: Session,
    actor: Actor,
    table: type[TopicFollow] | type[TownFollow],
    what: dict[str, Any],
    level: str,
) -> None:
    _check(level or ALL, allowed=policy.may_write(actor))
    key = {"person_id": actor.owner, **what}
    if not level:
        session.execute(delete(table).filter_by(**key))
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    columns = [getattr(table, name) for name in key]
    statement = insert(table).values(**key, level=level)
    session.execute(statement.on_conflict_do_update(index_elements=columns, set_={"level": level}))


def _check(level: str, *, allowed: bool) -> None:
    if not allowed:
        raise Forbidden
    if level not in FOLLOWS:
        raise Refused(CHOOSE, field="follow")
