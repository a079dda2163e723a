"""Changing who may read a question: narrower at once, wider only while nobody else has written in it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, Refused
from learn.forum import asking, counting, indexing, policy, queries, references
from learn.forum.audience import COHORT, Reader, narrower
from learn.forum.models import Post, PostAuthor, Question

SMALLER = "Diese Frage wurde für einen kleineren Kreis beantwortet."


def change_level(
    session: Session, who: Reader, question: Question, level: str, cohort_id: int | None
) -> None:
    """Move a question with all its posts into another circle, in all channels at once.

    Who asked and the Koordination may. Raises NotFound, Forbidden, Refused: widening needs the consent of
    everybody who wrote inside, so only who wrote all of it can do it.
    """
    question = queries.held(session, who, question.id)
    if not policy.may_change_level(who, question, mine=queries.asked(session, who, question.id)):
        raise Forbidden
    circle = asking.check_circle(session, who, level, cohort_id)
    if not narrower(circle, question.circle) and not _wrote_all(session, who, question):
        raise Refused(SMALLER, field="visibility")
    question.level, question.circle = level, circle
    question.cohort_id = cohort_id if level == COHORT else None
    counting.settle(session, question)
    indexing.reindex(session, question.id)
    references.settle_pictures(session, question)


def _wrote_all(session: Session, who: Reader, question: Question) -> bool:
    """Whether every post in it, hidden ones too, is by this person."""
    mine = (PostAuthor.post_id == Post.id) & (PostAuthor.person_id == who.actor.person_id)
    others = select(func.count()).select_from(Post).outerjoin(PostAuthor, mine)
    others = others.where(Post.question_id == question.id, PostAuthor.person_id.is_(None))
    return not session.execute(others).scalar_one()
