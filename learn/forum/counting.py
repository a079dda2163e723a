"""Keeps the derived columns of a question, which lists sort and filter by.

Answering and reacting change a few of them by one step (`added`, `settle`); whatever may change more, and the
nightly repair, computes all of them anew from the posts (`refresh`). A property test proves both alike.
"""

from dataclasses import asdict

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from learn.forum.derived import (
    ANSWERED,
    ASKS_BACK,
    COPIED,
    COPY,
    NOBODY_COMPETENT,
    OPEN,
    PARTLY,
    PARTS,
    PER_TOWN,
    SOLVED,
    TOWNS,
    VERDICTS,
    Waiting,
    computed,
    differing,
    listed,
    state,
    wrongly_helped,
)
from learn.forum.models import Helped, MeToo, Post, Question

__all__ = [
    "ANSWERED",
    "ASKS_BACK",
    "COPIED",
    "NOBODY_COMPETENT",
    "OPEN",
    "PARTLY",
    "PER_TOWN",
    "SOLVED",
    "TOWNS",
    "VERDICTS",
    "Waiting",
    "added",
    "computed",
    "differing",
    "refresh",
    "settle",
    "state_of",
    "towns_helped",
    "towns_with",
    "waiting_parts",
]


def state_of(question: Question) -> str:
    """Offen, beantwortet or übernommen: the one place that decides."""
    return state(question.state, question.verdict, question.solutions)


def refresh(session: Session, question_id: int) -> bool:
    """Compute every derived column anew; True where something differed. Locks the question.

    A few aggregates over one question, so it stays quick with thousands of posts.
    """
    session.flush()
    fresh = select(Question).where(Question.id == question_id).with_for_update()
    question = session.scalars(fresh.execution_options(populate_existing=True)).one()
    wrong = question_id in differing(session, [question_id])
    if wrong:
        for name, value in asdict(computed(session, [question_id])[question_id]).items():
            setattr(question, name, value)
        _count_helped(session, question_id)
        session.flush()
        _copy(session, question)
    return wrong


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
    question.listed = listed(question, parts.hidden)
    question.state = state_of(question)
    question.waits_since = _waiting(question, parts).since
    session.flush()
    _copy(session, question)


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


def _copy(session: Session, question: Question) -> None:
    session.execute(COPY, {"of_question": question.id, **{name: getattr(question, name) for name in COPIED}})


def _parts(session: Session, question: Question) -> Row[bool, bool, str]:
    return session.execute(PARTS, {"question_id": question.id, "topic": question.topic}).one()


def _waiting(question: Question, parts: Row[bool, bool, str]) -> Waiting:
    return Waiting(question.asked_at, question.me_too, bool(parts.competent), bool(parts.asks_back))


def _count_helped(session: Session, question_id: int) -> None:
    """Correct „Hat geholfen“ of all posts of a question."""
    for post_id, right in session.execute(wrongly_helped(Post.id, [question_id])).all():
        session.execute(update(Post).where(Post.id == post_id).values(helped=right))
