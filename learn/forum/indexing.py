"""Keeps the search index in step with questions and posts, in the transaction of every write."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from learn.forum.audience import Reader
from learn.forum.models import Post, Question, QuestionTopic
from learn.network.models import Topic
from learn.search import documents, finding
from learn.search.documents import Document
from learn.search.finding import Hit
from learn.search.plain import plain
from learn.search.sources import Batch, source

QUESTIONS_AT_ONCE = 50
LIKE = 0.35  # of the words of a title must be answered
QUESTION = (
    Question.id,
    Question.title,
    Question.slug,
    Question.tried_parts,
    Question.listed,
    Question.state,
    Question.answers,
)
POST = (Post.id, Post.number, Post.kind, Post.parts, Post.hidden)


def reindex(session: Session, question_id: int, post_id: int | None = None) -> None:
    """Index what a question says today; with `post_id` only that post and the question's own row.

    What is hidden, withdrawn or gone is not indexed; a question that is not listed leaves the index whole.
    """
    session.flush()
    question = session.execute(select(*QUESTION).where(Question.id == question_id)).one_or_none()
    if question is None or not question.listed:
        documents.remove_group(session, ref(question_id))
        return
    if documents.circle_of(session, ref(question_id)) != question.listed:
        post_id = None  # moved, or new here: all of it stands where its question does
    posts = _posts(session, question_id, post_id)
    found = _documents(question, posts, _topics(session, question_id))
    gone = _gone(session, question_id, post_id, found)
    if gone:
        documents.remove(session, gone)
    documents.put(session, found)


def index_post(session: Session, post_id: int) -> None:
    """Index one post anew, and the row of its question."""
    question_id = session.scalar(select(Post.question_id).where(Post.id == post_id))
    if question_id is not None:
        reindex(session, question_id, post_id)


def similar(session: Session, who: Reader, text: str, limit: int = 5) -> Sequence[Hit]:
    """What she may read that is like a question she is about to ask, titles before texts."""
    return finding.search(session, who.circles, text, limit=limit, least=LIKE).rows


@source("Fragen")
def index_all(session: Session, after: int) -> Batch:
    """Some questions with all their posts at a time."""
    statement = select(Question.id, Question.last_number).where(Question.id > after).order_by(Question.id)
    rows = session.execute(statement.limit(QUESTIONS_AT_ONCE)).all()
    for row in rows:
        reindex(session, row.id)
    done = sum(row.last_number for row in rows)
    return Batch(done, rows[-1].id if len(rows) == QUESTIONS_AT_ONCE else None)


def ref(question_id: int) -> str:
    """The name of a question in the index."""
    return f"frage:{question_id}"


def _posts(session: Session, question_id: int, post_id: int | None) -> Sequence[Row[Any]]:
    statement = select(*POST).where(Post.question_id == question_id)
    if post_id is not None:
        statement = statement.where((Post.id == post_id) | (Post.number == 1))
    return session.execute(statement.order_by(Post.number)).all()


def _topics(session: Session, question_id: int) -> tuple[str, ...]:
    found = select(Topic.name).join(QuestionTopic, QuestionTopic.topic == Topic.slug)
    wanted = found.where(QuestionTopic.question_id == question_id, Topic.accepted)
    return tuple(session.scalars(wanted.order_by(QuestionTopic.position)))


def _documents(question: Row[Any], posts: Sequence[Row[Any]], topics: tuple[str, ...]) -> list[Document]:
    shown = [post for post in posts if not post.hidden and post.kind != "verweis"]
    first = [post for post in shown if post.number == 1]
    body = [_words(post.parts) for post in first]
    head = Document(
        ref=ref(question.id),
        kind="frage",
        circle=question.listed,
        title=question.title,
        text="\n".join([*body, _words(question.tried_parts)]).strip(),
        subjects=topics,
        detail={
            "id": question.id,
            "slug": question.slug,
            "state": question.state,
            "answered": question.answers > 0,
        },
    )
    return [head, *(_answer(question, post) for post in shown if post.number != 1)]


def _answer(question: Row[Any], post: Row[Any]) -> Document:
    return Document(
        ref=f"beitrag:{post.id}",
        kind="frage",
        circle=question.listed,
        title="",
        text=_words(post.parts),
        group=ref(question.id),
        detail={"post": post.id, "kind": post.kind},
    )


def _gone(session: Session, question_id: int, post_id: int | None, found: Sequence[Document]) -> set[str]:
    """Documents of this question that must not stay."""
    here = {document.ref for document in found}
    if post_id is not None:
        return {f"beitrag:{post_id}"} - here
    return documents.refs_of_group(session, ref(question_id)) - here


def _words(parts: Sequence[dict[str, Any]]) -> str:
    """The words of a post without those it quotes: they are found where they were written."""
    return " ".join(plain(part["html"]) for part in parts if "html" in part)
