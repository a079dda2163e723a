"""Reads questions and posts for somebody; what she may not read does not exist for her."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import NotFound
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor, Question, QuestionTopic


def question(session: Session, who: Reader, question_id: int) -> Question | None:
    """A question that she may read; a hidden or merged one too, whose page says why it is empty."""
    found = session.get(Question, question_id)
    return found if found is not None and who.reads(found.circle) else None


def post_with_question(session: Session, who: Reader, post_id: int) -> tuple[Post, Question] | None:
    """A post and its question, likewise; hidden posts too."""
    statement = select(Post, Question).join(Question, Question.id == Post.question_id)
    found = session.execute(statement.where(Post.id == post_id)).one_or_none()
    return (found[0], found[1]) if found is not None and who.reads(found[1].circle) else None


def post(session: Session, who: Reader, post_id: int) -> Post | None:
    """A post that she may read."""
    found = post_with_question(session, who, post_id)
    return found[0] if found else None


def held(session: Session, who: Reader, question_id: int) -> Question:
    """The question as it is now, locked until the transaction ends. Raises NotFound.

    Every write to a question or anything in it begins here, so that two of them follow one another.
    """
    statement = select(Question).where(Question.id == question_id).with_for_update()
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None or not who.reads(found.circle):
        raise NotFound
    return found


def held_post(session: Session, who: Reader, post_id: int) -> tuple[Post, Question]:
    """A post as it is now and its question, which is locked. Raises NotFound."""
    question_id = session.scalar(select(Post.question_id).where(Post.id == post_id))
    question = held(session, who, question_id or 0)
    fresh = select(Post).where(Post.id == post_id).execution_options(populate_existing=True)
    post = session.scalars(fresh).one()
    if post.question_id != question.id:  # moved while we waited for the lock
        return held_post(session, who, post_id)
    return post, question


def first_post(session: Session, question_id: int) -> Post:
    """The question's own text."""
    return session.scalars(select(Post).where(Post.question_id == question_id, Post.number == 1)).one()


def topics(session: Session, question_id: int) -> tuple[str, ...]:
    """Slugs of a question's topics, the main one first."""
    mine = select(QuestionTopic.topic).where(QuestionTopic.question_id == question_id)
    return tuple(session.scalars(mine.order_by(QuestionTopic.position)))


def author_of(session: Session, post_id: int) -> int | None:
    """The person who wrote a post; None when she is gone."""
    return session.scalar(select(PostAuthor.person_id).where(PostAuthor.post_id == post_id))


def asker_of(session: Session, question_id: int) -> int | None:
    """The person who asked."""
    statement = select(PostAuthor.person_id).join(Post, Post.id == PostAuthor.post_id)
    return session.scalar(statement.where(Post.question_id == question_id, Post.number == 1))


def own_posts(session: Session, who: Reader, post_ids: Collection[int]) -> frozenset[int]:
    """Which of these posts are hers."""
    if not who.actor.signed_in or not post_ids:
        return frozenset()
    mine = select(PostAuthor.post_id).where(PostAuthor.person_id == who.actor.person_id)
    return frozenset(session.scalars(mine.where(PostAuthor.post_id.in_(post_ids))))


def wrote(session: Session, who: Reader, post_id: int) -> bool:
    """Whether a post is hers."""
    return who.actor.signed_in and author_of(session, post_id) == who.actor.person_id


def asked(session: Session, who: Reader, question_id: int) -> bool:
    """Whether a question is hers."""
    return who.actor.signed_in and asker_of(session, question_id) == who.actor.person_id


def posts(session: Session, question_id: int, numbers: Iterable[int]) -> dict[int, Post]:
    """Some posts of a question by number."""
    wanted = select(Post).where(Post.question_id == question_id, Post.number.in_(list(numbers)))
    return {found.number: found for found in session.scalars(wanted)}
