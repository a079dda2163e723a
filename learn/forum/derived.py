"""What the columns of a question must be, as its posts and reactions add up; statements for many at once."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    Table,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from learn.accounts.models import Person, PersonRole, PersonTopic
from learn.forum.models import Helped, MeToo, Post, PostAuthor, Question, QuestionTopic
from learn.network.models import Municipality

OPEN, ANSWERED, ADOPTED = "offen", "beantwortet", "uebernommen"
SOLVED, PARTLY, UNSOLVED = "geloest", "teilweise", "ungeloest"
VERDICTS = (SOLVED, PARTLY, UNSOLVED)
PER_TOWN = timedelta(days=2)
TOWNS = 10  # that count
NOBODY_COMPETENT = timedelta(days=5)
ASKS_BACK = timedelta(days=10)
COPIED = ("listed", "state", "latest_at", "waits_since")


@dataclass(frozen=True, slots=True)
class Waiting:
    """„Warum hier?“: from when a question waits, and what moves it in the list „Offen“."""

    asked_at: datetime
    towns: int  # with the same question; at most ten count
    competent: bool  # some Kommune answers for the main topic
    asks_back: bool  # the latest post asks something of the asker

    @property
    def since(self) -> datetime:
        """The instant that the list is sorted by, earliest first."""
        since = self.asked_at - PER_TOWN * min(self.towns, TOWNS)
        since -= timedelta(0) if self.competent else NOBODY_COMPETENT
        return since + (ASKS_BACK if self.asks_back else timedelta(0))


@dataclass(frozen=True, slots=True)
class Derived:
    """The derived columns of a question, as its posts add up."""

    answers: int
    solutions: int
    me_too: int
    top_number: int
    last_number: int
    latest_at: datetime
    listed: str
    state: str
    waits_since: datetime


NAMES = tuple(field.name for field in fields(Derived))


def differing(session: Session, question_ids: Collection[int]) -> set[int]:
    """Those of some questions whose columns, or the copies of them, differ from what they add up to."""
    right = computed(session, question_ids)
    columns = [getattr(Question, name) for name in NAMES]
    statement = select(Question.id, *columns).where(Question.id.in_(question_ids))
    found = {row[0] for row in session.execute(statement) if Derived(*row[1:]) != right[row[0]]}
    copies = [getattr(QuestionTopic, name) for name in COPIED]
    beside = select(QuestionTopic.question_id, *copies).where(QuestionTopic.question_id.in_(question_ids))
    for number, *values in session.execute(beside):
        if values != [getattr(right[number], name) for name in COPIED]:
            found.add(number)
    return found | set(session.scalars(wrongly_helped(Post.question_id, question_ids)))


def computed(session: Session, question_ids: Collection[int]) -> dict[int, Derived]:
    """The derived columns of some questions, from their posts and reactions: two statements."""
    sums = {row.question_id: row for row in session.execute(_sums(question_ids))}
    return {row.id: _derived(row, sums[row.id]) for row in session.execute(_questions(question_ids))}


def _derived(row: Row[Any], sums: Row[Any]) -> Derived:
    waiting = Waiting(row.asked_at, row.towns, bool(row.competent), bool(row.asks_back))
    return Derived(
        answers=sums.answers,
        solutions=sums.solutions,
        me_too=row.towns,
        top_number=sums.top_number,
        last_number=max(row.last_number, sums.last_number),
        latest_at=sums.latest_at or row.asked_at,
        listed=listed(row, row.hidden),
        state=state(row.state, row.verdict, sums.solutions),
        waits_since=waiting.since,
    )


def listed(question: Any, hidden: str) -> str:
    """The circle while the question is shown: neither hidden, nor merged, nor without its first post."""
    shown = question.status == "gezeigt" and question.merged_into is None and not hidden
    return str(question.circle) if shown else ""


def state(state: str, verdict: str, solutions: int) -> str:
    if state == ADOPTED:
        return ADOPTED
    return ANSWERED if solutions > 0 and verdict in {SOLVED, PARTLY} else OPEN


def _sums(question_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Posts that were moved here count, but do not move the question up: their stubs lie elsewhere."""
    stub = aliased(Post)
    at_home = ~exists().where(stub.moved_to == Post.id, stub.hidden == "")  # hidden: left by what came back
    shown = Post.hidden == ""
    answer = shown & (Post.kind == "antwort")
    found: Select[*tuple[Any, ...]] = (
        select(
            Post.question_id,
            func.count().filter(answer).label("answers"),
            func.count().filter(answer & Post.solution).label("solutions"),
            func.coalesce(func.max(Post.number).filter(shown), 0).label("top_number"),
            func.max(Post.number).label("last_number"),
            func.max(Post.at).filter(shown & (Post.kind != "verweis") & at_home).label("latest_at"),
        )
        .where(Post.question_id.in_(question_ids))
        .group_by(Post.question_id)
    )
    return found


def _questions(question_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What else the derived columns depend on."""
    other = Question.municipality_id.is_(None) | (MeToo.municipality_id != Question.municipality_id)
    towns = select(func.count(MeToo.municipality_id.distinct())).where(
        MeToo.question_id == Question.id, other
    )
    found: Select[*tuple[Any, ...]] = select(
        Question.id,
        Question.asked_at,
        Question.state,
        Question.verdict,
        Question.status,
        Question.merged_into,
        Question.circle,
        Question.last_number,
        towns.correlate(Question).scalar_subquery().label("towns"),
        _competent(Question.topic).label("competent"),
        _asks_back(Question.id).label("asks_back"),
        _first_hidden(Question.id).label("hidden"),
    ).where(Question.id.in_(question_ids))
    return found


def _competent(topic: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether some pioneer town has a contact for a topic."""
    return (
        exists()
        .where(PersonTopic.topic == topic, PersonTopic.person_id == Person.id, Person.active)
        .where(PersonRole.person_id == Person.id, PersonRole.role == "expert")
        .where(Municipality.id == Person.municipality_id, Municipality.role == "pionier")
        .correlate(Question)
    )


def _asks_back(question_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the latest shown post is a Rückfrage by somebody else about something that the asker wrote."""
    newest, first, about = aliased(Post), aliased(Post), aliased(Post)
    asker, writer, asked = aliased(PostAuthor), aliased(PostAuthor), aliased(PostAuthor)
    shown = (newest.question_id == question_id) & (newest.hidden == "") & (newest.kind != "verweis")
    latest = select(newest.number).where(shown).order_by(newest.number.desc()).limit(1).correlate(Question)
    return (
        select(Post.id)
        .join(first, (first.question_id == Post.question_id) & (first.number == 1))
        .join(asker, asker.post_id == first.id)
        .join(about, about.id == Post.about_id)
        .outerjoin(writer, writer.post_id == Post.id)
        .outerjoin(asked, asked.post_id == about.id)
        .where(Post.question_id == question_id, Post.number == latest.scalar_subquery())
        .where(Post.kind == "rueckfrage", (about.id == first.id) | (asked.person_id == asker.person_id))
        .where(func.coalesce(writer.person_id, 0) != asker.person_id)
        .correlate(Question)
        .exists()
    )


def _first_hidden(question_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[str]:
    first = select(Post.hidden).where(Post.question_id == question_id, Post.number == 1)
    return func.coalesce(first.correlate(Question).scalar_subquery(), "")


def wrongly_helped(
    column: InstrumentedAttribute[int], question_ids: Collection[int]
) -> Select[*tuple[Any, ...]]:
    """Posts of some questions whose „Hat geholfen“ is wrong, and the right number."""
    other = Post.municipality_id.is_(None) | (Helped.municipality_id != Post.municipality_id)
    number = func.count(Helped.municipality_id.distinct()).filter(other)
    found: Select[*tuple[Any, ...]] = (
        select(column, number)
        .outerjoin(Helped, Helped.post_id == Post.id)
        .where(Post.question_id.in_(question_ids))
        .group_by(Post.id, Post.question_id, Post.helped)
        .having(number != Post.helped)
    )
    return found


# Built once: every post, reaction and mark asks and writes these.
_ASKED_ID = bindparam("question_id", type_=Integer)
PARTS = select(
    _competent(bindparam("topic", type_=String)).label("competent"),
    _asks_back(_ASKED_ID).label("asks_back"),
    _first_hidden(_ASKED_ID).label("hidden"),
)
_COPIES = cast("Table", QuestionTopic.__table__)
COPY = (
    update(_COPIES)
    .where(_COPIES.c.question_id == bindparam("of_question"))
    .values({name: bindparam(name) for name in COPIED})
)
