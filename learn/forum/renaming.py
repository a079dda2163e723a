"""After a topic was renamed, its questions are indexed anew: they are found by its name, too."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import jobs
from learn.forum import indexing
from learn.forum.models import QuestionTopic

AT_ONCE = 50  # questions of one transaction


def reindex_later(session: Session, topic: str) -> None:
    """Ask for it, in the transaction of the change."""
    jobs.enqueue(session, "reindex_topic", dedupe=f"reindex_topic:{topic}", topic=topic)


@jobs.job("reindex_topic")
def reindex(work: jobs.Work, *, topic: str, after: int = 0) -> None:
    """Index some questions and ask for the next ones in the same transaction."""
    mine = select(QuestionTopic.question_id).where(
        QuestionTopic.topic == topic, QuestionTopic.question_id > after
    )
    with work.database.writing() as session:
        found = session.scalars(mine.order_by(QuestionTopic.question_id).limit(AT_ONCE)).all()
        for question_id in found:
            indexing.reindex(session, question_id)
        if len(found) == AT_ONCE:
            jobs.enqueue(session, "reindex_topic", topic=topic, after=found[-1])
