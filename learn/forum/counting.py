"""What lists sort and filter by: every derived column of a question, computed here alone.

Answering and reacting change a few of them by one step (`added`, `settle`); whatever may change more, and the
nightly repair, computes all of them anew from the posts (`refresh`). A property test proves both alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

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
class Sums:
    """What the posts of a question add up to."""

    answers: int
    solutions: int
    top_number: int
    last_number: int
    latest_at: datetime | None


def state_of(question: Question) -> str:
    """Offen, beantwortet or übernommen: the one place that decides."""
    if question.state == ADOPTED:
        return ADOPTED
    answered = question.solutions > 0 and question.verdict in {SOLVED, PARTLY}
    return ANSWERED if answered else OPEN


def refresh(session: Session, question_id: int) -> bool:
    """Compute every derived column anew; True where something differed. Locks the question.

    A few aggregates over one question, so it stays quick with thousands of posts.
    """
    session.flush()
    fresh = select(Question).where(Question.id == question_id).with_for_update()
    question = session.scalars(fresh.execution_options(populate_existing=True)).one()
    before = derived(question)
    sums = _sums(session, question_id)
    question.answers, question.solutions = sums.answers, sums.solutions
    question.top_number = sums.top_number
    question.last_number = max(question.last_number, sums.last_number)
    question.latest_at = sums.latest_at or question.asked_at
    question.me_too = towns_with(session, question)
    settle(session, question)
    helped = _count_helped(session, question_id)
    return helped or derived(question) != before


def added(question: Question, post: Post) -> None:
    """One step of the same: a post has come, unhidden and with the highest number."""
    question.top_number = post.number
    question.latest_at = max(question.latest_at, post.at)
    if post.kind == "antwort":
        question.answers += 1


def settle(session: Session, question: Question) -> None:
    """What follows from the other columns: shown or not, state, place in the list, copies beside topics."""
    session.flush()
    parts = _parts(session, question)
    shown = question.status == "gezeigt" and question.merged_into is None and not parts.hidden
    question.listed = question.circle if shown else ""
    question.state = state_of(question)
    question.waits_since = _waiting(question, parts).since
    session.flush()
    session.execute(COPY, {"of_question": question.id, **{name: getattr(question, name) for name in COPIED}})


def waiting_parts(session: Session, question: Question) -> Waiting:
    """The parts of the instant that „Offen“ is sorted by; one statement."""
    return _waiting(question, _parts(session, question))


def towns_with(session: Session, question: Question) -> int:
    """„Ich auch“: towns besides the asking one."""
    mine = select(func.count(MeToo.municipality_id.distinct())).where(MeToo.question_id == question.id)
    if question.municipality_id is not None:
        mine = mine.where(MeToo.municipality_id != question.municipality_id)
    return session.execute(mine).scalar_one()


def towns_helped(session: Session, post: Post) -> int:
    """„Hat geholfen“: towns besides the answering one."""
    mine = select(func.count(Helped.municipality_id.distinct())).where(Helped.post_id == post.id)
    if post.municipality_id is not None:
        mine = mine.where(Helped.municipality_id != post.municipality_id)
    return session.execute(mine).scalar_one()


def derived(question: Question) -> tuple[Any, ...]:
    """All derived columns, to compare."""
    counted = (
        question.answers,
        question.solutions,
        question.me_too,
        question.top_number,
        question.last_number,
    )
    return (*counted, *(getattr(question, name) for name in COPIED))


def _sums(session: Session, question_id: int) -> Sums:
    """Posts that were moved here count, but do not move the question up: their stubs lie elsewhere."""
    stub = aliased(Post)
    at_home = ~exists().where(stub.moved_to == Post.id, stub.hidden == "")  # hidden: left by what came back
    shown = Post.hidden == ""
    answer = shown & (Post.kind == "antwort")
    statement = select(
        func.count().filter(answer),
        func.count().filter(answer & Post.solution),
        func.coalesce(func.max(Post.number).filter(shown), 0),
        func.coalesce(func.max(Post.number), 0),
        func.max(Post.at).filter(shown & (Post.kind != "verweis") & at_home),
    ).where(Post.question_id == question_id)
    return Sums(*session.execute(statement).one())


def _parts(session: Session, question: Question) -> Row[bool, bool, str]:
    return session.execute(PARTS, {"question_id": question.id, "topic": question.topic}).one()


def _waiting(question: Question, parts: Row[bool, bool, str]) -> Waiting:
    return Waiting(question.asked_at, question.me_too, bool(parts.competent), bool(parts.asks_back))


def _competent(topic: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether some pioneer town has a contact for a topic."""
    return (
        exists()
        .where(PersonTopic.topic == topic, PersonTopic.person_id == Person.id, Person.active)
        .where(PersonRole.person_id == Person.id, PersonRole.role == "expert")
        .where(Municipality.id == Person.municipality_id, Municipality.role == "pionier")
    )


def _asks_back(question_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the latest shown post is a Rückfrage by somebody else about something that the asker wrote."""
    first, about = aliased(Post), aliased(Post)
    asker, writer, asked = aliased(PostAuthor), aliased(PostAuthor), aliased(PostAuthor)
    shown = (Post.question_id == question_id) & (Post.hidden == "") & (Post.kind != "verweis")
    latest = select(Post.number).where(shown).order_by(Post.number.desc()).limit(1).scalar_subquery()
    return (
        select(Post.id)
        .join(first, (first.question_id == Post.question_id) & (first.number == 1))
        .join(asker, asker.post_id == first.id)
        .join(about, about.id == Post.about_id)
        .outerjoin(writer, writer.post_id == Post.id)
        .outerjoin(asked, asked.post_id == about.id)
        .where(Post.question_id == question_id, Post.number == latest, Post.kind == "rueckfrage")
        .where((about.id == first.id) | (asked.person_id == asker.person_id))
        .where(func.coalesce(writer.person_id, 0) != asker.person_id)
        .exists()
    )


def _count_helped(session: Session, question_id: int) -> bool:
    """Correct „Hat geholfen“ of all posts of a question; True where one differed."""
    other = Post.municipality_id.is_(None) | (Helped.municipality_id != Post.municipality_id)
    number = func.count(Helped.municipality_id.distinct()).filter(other)
    statement = (
        select(Post.id, number)
        .outerjoin(Helped, Helped.post_id == Post.id)
        .where(Post.question_id == question_id)
        .group_by(Post.id, Post.helped)
        .having(number != Post.helped)
    )
    wrong = session.execute(statement).all()
    for post_id, right in wrong:
        session.execute(update(Post).where(Post.id == post_id).values(helped=right))
    return bool(wrong)


# Built once: every post, reaction and mark asks and writes these.
PARTS = select(
    _competent(bindparam("topic", type_=String)).label("competent"),
    _asks_back(bindparam("question_id", type_=Integer)).label("asks_back"),
    func.coalesce(
        select(Post.hidden)
        .where(Post.question_id == bindparam("question_id", type_=Integer), Post.number == 1)
        .scalar_subquery(),
        "",
    ).label("hidden"),
)
_COPIES = cast("Table", QuestionTopic.__table__)
COPY = (
    update(_COPIES)
    .where(_COPIES.c.question_id == bindparam("of_question"))
    .values({name: bindparam(name) for name in COPIED})
)
