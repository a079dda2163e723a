"""The lines of a person's Mitteilungen: which are open, in one predicate for the badge and the list.

The line of a question is open while she has not read that far and may read it; others until „Erledigt“.
`Notice.done` only spares looking at what was closed before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import paging
from learn.core.access import Actor, coordinator, trainer
from learn.core.prepared import ask, one_of
from learn.forum import reading
from learn.forum.audience import Reader, alike, numbers, readable
from learn.forum.models import Question, QuestionReader, Report
from learn.forum.notifying import DECISION, DUTIES
from learn.notices.kinds import COURSE
from learn.notices.models import AddressState, Notice

COLUMNS = ("id", "subject", "kind", "reason", "happened_on", "event_id", "done", "question_id", "data")
MOST = 100  # counted; the badge says „99+“
QUESTION = "frage:"
NOTHING = literal(value=False)  # is asked beside


@dataclass(frozen=True, slots=True)
class Line:
    """A line; `stand`: its latest event. `first_unread` is a number. `subject`: like `frage:12`.

    `title` and `slug` are empty out of sight; `reachable`: the question's page tells her at least why.
    `decision`: of a report (verborgen, bleibt), with the words of the Koordination.
    """

    id: int
    kind: str
    reason: str
    day: date
    stand: int
    new: bool
    question_id: int | None
    post_id: int
    moderation_id: int
    title: str
    slug: str
    reachable: bool
    first_unread: int
    decision: str = ""
    answer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines, the latest first, and the cursor of the next ones."""

    rows: Sequence[Line]
    after: str


def standing(session: Session, actor: Actor) -> tuple[int, str]:
    """How many lines are open, up to 100, and the state of her address: one statement."""
    number, address, _beside = standing_beside(session, actor, NOTHING)
    return number, address


def standing_beside(session: Session, actor: Actor, beside: ColumnElement[bool]) -> tuple[int, str, bool]:
    """The same with one more answer, of a package above, about `person` or `town`: the same statement."""
    number, address, found = ask(session, _standing(alike(actor), beside), numbers(actor)).one()
    return number, address or "", bool(found)


@lru_cache(maxsize=16)
def _standing(actor: Actor, beside: ColumnElement[bool]) -> Select[Any]:
    """Every page asks it, so it is written down once for all with the same roles."""
    some = _joined(select(literal(1)), actor).where(*_open(actor)).limit(MOST).subquery()
    state = (
        select(AddressState.state)
        .join(Person, Person.id == AddressState.person_id)
        .where(AddressState.person_id == actor.owner, AddressState.email_key == Person.email_key)
    )
    return select(select(func.count()).select_from(some).scalar_subquery(), state.scalar_subquery(), beside)


def lines(session: Session, actor: Actor, *, closed: bool, after: str | None) -> Lines:
    """The next open lines, with `closed` all of them: two statements at most."""
    place = paging.read(after, 1)
    statement = _lines(alike(actor), closed=closed, placed=place is not None)
    values = {**numbers(actor), "before": place[0]} if place is not None else numbers(actor)
    found = ask(session, statement, values).all()
    rows = found[: paging.ROWS]
    decisions = _decisions(session, rows)
    more = len(found) > paging.ROWS
    return Lines([_line(row, decisions) for row in rows], paging.write([rows[-1].event_id]) if more else "")


@lru_cache(maxsize=32)
def _lines(actor: Actor, *, closed: bool, placed: bool) -> Select[Any]:
    """Written down once for all with the same roles."""
    statement = _joined(
        select(
            *(getattr(Notice, name) for name in COLUMNS),
            _when(_named(actor), Question.slug).label("slug"),
            func.coalesce(QuestionReader.last_read, 0).label("last_read"),
            func.coalesce(Question.quiet_number, 0).label("quiet_number"),
            _when(_named(actor), Question.title).label("title"),
            func.coalesce(readable(actor, Question.circle), literal(value=False)).label("reachable"),
            func.coalesce(_is_open(actor), literal(value=False)).label("open"),
        ),
        actor,
    )
    shown = (_mine(actor), or_(_other(), readable(actor))) if closed else _open(actor)
    if placed:
        statement = statement.where(Notice.event_id < bindparam("before", type_=Integer))
    return statement.where(*shown).order_by(Notice.event_id.desc()).limit(paging.ROWS + 1)


def _line(row: Any, decisions: dict[int, tuple[str, str]]) -> Line:
    decision, answer = decisions.get(row.data.get("report", 0), ("", ""))
    return Line(
        id=row.id,
        kind=row.kind,
        reason=row.reason,
        day=row.happened_on,
        stand=row.event_id,
        new=bool(row.open) and not row.done,
        question_id=row.question_id,
        post_id=row.data.get("post", 0),
        moderation_id=row.data.get("moderation", 0),
        title=row.title or "",
        slug=row.slug or "",
        reachable=bool(row.reachable),
        first_unread=max(row.last_read, row.quiet_number) + 1,
        decision=decision,
        answer=answer,
        subject=row.subject,
    )


def _decisions(session: Session, notices: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """What became of the reports that these lines tell of."""
    wanted = [notice.data.get("report", 0) for notice in notices if notice.kind == DECISION]
    if not wanted:
        return {}
    statement = select(Report.id, Report.state, Report.answer).where(Report.id.in_(wanted))
    return {row.id: (row.state, row.answer) for row in session.execute(statement)}


def _joined(statement: Select[Any], actor: Actor) -> Select[Any]:
    read = (QuestionReader.question_id == Notice.question_id) & (QuestionReader.person_id == actor.owner)
    return (
        statement.select_from(Notice)
        .outerjoin(Question, Question.id == Notice.question_id)
        .outerjoin(QuestionReader, read)
    )


def _open(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (_mine(actor), ~Notice.done, _is_open(actor))


def _is_open(actor: Actor) -> ColumnElement[bool]:
    return or_(_other(), readable(actor) & reading.unread(Reader(actor, ())))


def _named(actor: Actor) -> ColumnElement[bool]:
    """Where she reads the title: in what is shown to her; the Koordination also in what is hidden or merged.

    A question that was merged away stays in its circle, but its words went to where the other one is read.
    """
    return readable(actor, Question.circle if coordinator(actor) else Question.listed)


def _other() -> ColumnElement[bool]:
    return Notice.subject.not_like(f"{QUESTION}%")


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Hers; what waits for the Koordination only while she belongs to it, courses while she writes them."""
    mine = Notice.person_id == actor.owner
    if coordinator(actor):
        return mine
    mine = mine & ~one_of(Notice.kind, DUTIES)
    return mine if trainer(actor) else mine & (Notice.reason != COURSE)


def _when(condition: ColumnElement[bool], value: Any) -> ColumnElement[Any]:
    return case((condition, value), else_=None)
