"""How many people have asked about a lesson, for the figures of its course; never who."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.prepared import one_of
from learn.forum.audience import NETWORK, PUBLIC
from learn.forum.models import Post, PostAuthor, Question


def by_lesson(session: Session, course_id: str) -> dict[str, int]:
    """People by lesson: one statement. Hidden questions and those of a Klasse do not count.

    What only a Klasse reads stays there: few people write in it, and fewer still read all Klassen.
    """
    people = func.count(PostAuthor.person_id.distinct())
    statement = (
        select(Question.lesson_id, people)
        .join(Post, (Post.question_id == Question.id) & (Post.number == 1) & (Post.hidden == ""))
        .join(PostAuthor, PostAuthor.post_id == Post.id)
        .where(Question.course_id == course_id, one_of(Question.listed, (PUBLIC, NETWORK)))
        .group_by(Question.lesson_id)
    )
    return {lesson_id: number for lesson_id, number in session.execute(statement) if lesson_id}
