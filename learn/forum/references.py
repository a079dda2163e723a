"""What a stored text refers to: mentions, quotes, pictures. Written with the text, replaced with it."""

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.forum import pictures as files
from learn.forum.audience import narrower
from learn.forum.models import Picture, Post, PostMention, PostPicture, PostQuote, Question
from learn.forum.quotes import WIDER
from learn.forum.texts import Prepared


def store(
    session: Session,
    question: Question,
    post: Post,
    author_id: int | None,
    *texts: Prepared,
    fresh: bool = False,
) -> None:
    """Keep what a post refers to, in place of what it referred to before; `texts`: all of its texts.

    `fresh`: there was nothing before. Raises Refused.
    """
    for table in () if fresh else (PostMention, PostQuote, PostPicture):
        session.execute(delete(table).where(table.post_id == post.id))
    quotes = {(quote.post_id, quote.revision) for text in texts for quote in text.quotes}
    _check_circles(session, question, {quoted_id for quoted_id, _revision in quotes})
    session.add_all(PostQuote(post_id=post.id, quoted_id=one, revision=at) for one, at in sorted(quotes))
    mentions = dict.fromkeys(mention for text in texts for mention in text.mentions)
    session.add_all(
        PostMention(post_id=post.id, person_id=one.person_id, municipality_id=one.municipality_id)
        for one in mentions
    )
    _show(session, question, post, author_id, {number for text in texts for number in text.pictures})


def _check_circles(session: Session, question: Question, quoted: set[int]) -> None:
    """The question may have changed its circle since the text was prepared."""
    if not quoted:
        return
    statement = select(Question.circle).join(Post, Post.question_id == Question.id).where(Post.id.in_(quoted))
    if not all(narrower(question.circle, circle) for circle in session.scalars(statement)):
        raise Refused(WIDER, field="body")


def _show(
    session: Session, question: Question, post: Post, author_id: int | None, pictures: set[int]
) -> None:
    """Pictures that were the author's alone belong to the question from now on."""
    if not pictures:
        return
    session.execute(
        update(Picture)
        .where(Picture.id.in_(pictures), Picture.question_id.is_(None), Picture.person_id == author_id)
        .values(question_id=question.id)
    )
    settle_pictures(session, question)
    here = select(Picture.id).where(Picture.id.in_(pictures), Picture.question_id == question.id)
    session.add_all(PostPicture(post_id=post.id, picture_id=number) for number in session.scalars(here))


def settle_pictures(session: Session, question: Question) -> None:
    """Ask for the files to follow the question into its circle's folder."""
    if session.scalar(select(exists().where(Picture.question_id == question.id))):
        files.settle_later(session, question.id)
