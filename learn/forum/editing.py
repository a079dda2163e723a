"""Editing against a base revision, the stored revisions, withdrawing one's own post."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Forbidden, Refused
from learn.forum import asking, counting, indexing, policy, queries, references
from learn.forum.audience import Reader
from learn.forum.comparing import Merge, Pair, differences, merged
from learn.forum.models import Post, PostRevision, Question, QuestionTopic
from learn.forum.texts import Prepared

__all__ = [
    "Change",
    "Conflict",
    "Merge",
    "Pair",
    "differences",
    "edit",
    "merged",
    "retitle",
    "revisions",
    "withdraw",
]

GIVE_REASON = "Schreiben Sie, warum Sie das ändern."
HAS_ANSWERS = "Auf diese Frage gibt es Antworten. Sie bleibt stehen."
NOWHERE = asking.Anchor("", "", "", 0)  # takes a question from the place in a course where it stands


@dataclass(frozen=True, slots=True)
class Change:
    """A new state of a post. All but `text` belong to questions; None leaves them, and the text, as they are.

    `tried` may be `texts.EMPTY`, `anchor` `NOWHERE`.
    """

    text: Prepared | None = None
    title: str | None = None
    tried: Prepared | None = None
    topics: tuple[str, ...] | None = None
    phase: str | None = None
    anchor: asking.Anchor | None = None


class Conflict(Exception):
    """Somebody saved meanwhile; carries what is stored now. 409."""

    def __init__(self, current: PostRevision) -> None:
        super().__init__("outdated base_revision")
        self.current = current


def edit(
    session: Session, who: Reader, post: Post, change: Change, *, base_revision: int, reason: str = ""
) -> Post:
    """Store a new revision of a post. Raises NotFound, Forbidden, Refused, Conflict.

    The Koordination's change of somebody's words is a redaction: earlier words leave the history.
    """
    post, question = queries.held_post(session, who, post.id)
    mine = queries.wrote(session, who, post.id)
    if not policy.may_edit(who, post, mine=mine):
        raise Forbidden
    _check_base(session, post, base_revision)
    reason = reason.strip()
    if post.solution and not reason:
        raise Refused(GIVE_REASON, field="reason")
    redacted = not mine and (change.text is not None or change.tried is not None)
    return _store(session, question, post, change, reason, redacted=redacted)


def retitle(
    session: Session,
    who: Reader,
    question: Question,
    change: Change,
    *,
    base_revision: int,
    reason: str = "",
) -> Post:
    """Change title, topics, phase or lesson of a question and nothing of its text, likewise."""
    question = queries.held(session, who, question.id)
    post = queries.first_post(session, question.id)
    if not policy.may_retitle(who, question, mine=queries.wrote(session, who, post.id)):
        raise Forbidden
    _check_base(session, post, base_revision)
    bare = Change(title=change.title, topics=change.topics, phase=change.phase, anchor=change.anchor)
    return _store(session, question, post, bare, reason.strip(), redacted=False)


def revisions(session: Session, post_id: int) -> Sequence[PostRevision]:
    """All stored states of a post, the earliest first."""
    mine = select(PostRevision).where(PostRevision.post_id == post_id)
    return session.scalars(mine.order_by(PostRevision.revision)).all()


def withdraw(session: Session, who: Reader, post: Post) -> None:
    """Hide one's own post; its number stays. Raises NotFound, Forbidden, Refused for an answered question."""
    post, question = queries.held_post(session, who, post.id)
    if not policy.may_withdraw(who, post, mine=queries.wrote(session, who, post.id)):
        raise Forbidden
    if post.number == 1 and question.answers:
        raise Refused(HAS_ANSWERS)
    post.hidden = "zurueckgezogen"
    counting.refresh(session, question.id)
    indexing.reindex(session, question.id, post.id)


def _check_base(session: Session, post: Post, base_revision: int) -> None:
    if post.revision != base_revision:
        current = session.get(PostRevision, (post.id, post.revision))
        assert current is not None  # the current state is stored, too
        raise Conflict(current)


def _store(
    session: Session, question: Question, post: Post, change: Change, reason: str, *, redacted: bool
) -> Post:
    """The new state as the next revision; nothing where nothing differs."""
    before = _state(question, post)
    if change.text is not None:
        text = change.text
        post.body, post.parts, post.renderer, post.excerpt = (
            text.source,
            text.parts,
            text.renderer,
            text.excerpt,
        )
    if post.number == 1:
        _change_question(session, question, change)
    changed = [text for text in (change.text, change.tried) if text is not None]
    if changed:
        author = queries.author_of(session, post.id)
        references.store(session, question, post, author, *changed)
    if _state(question, post) != before:
        post.revision += 1
        session.add(_revision(question, post, reason, redacted=redacted))
        if redacted:
            _empty_history(session, post)
    counting.settle(session, question)
    indexing.reindex(session, question.id, post.id)
    return post


def _state(question: Question, post: Post) -> tuple[str, ...]:
    """What a revision keeps."""
    first = post.number == 1
    return (question.title if first else "", question.tried if first else "", post.body)


def _revision(question: Question, post: Post, reason: str, *, redacted: bool) -> PostRevision:
    title, tried, body = _state(question, post)
    return PostRevision(
        post_id=post.id,
        revision=post.revision,
        title=title,
        tried=tried,
        body=body,
        at=clock.now(),
        reason=reason,
        redacted=redacted,
    )


def _empty_history(session: Session, post: Post) -> None:
    """What the Koordination has taken out of a post must not be read in its history."""
    session.flush()
    earlier = (PostRevision.post_id == post.id) & (PostRevision.revision < post.revision)
    session.execute(update(PostRevision).where(earlier).values(title="", tried="", body="", reason=""))


def _change_question(session: Session, question: Question, change: Change) -> None:
    """The fields that lie beside a question's text. Raises Refused."""
    if change.title is not None:
        question.title = asking.clean_title(change.title)
        question.slug = asking.slug_of(question.title)
    if change.tried is not None:
        question.tried, question.tried_parts = change.tried.source, change.tried.parts
    if change.phase is not None:
        asking.check_phase(change.phase)
        question.phase = change.phase
    if change.anchor is not None:
        place = None if change.anchor == NOWHERE else change.anchor
        question.lesson_id, question.course_id = (place.lesson_id, place.course_id) if place else (None, None)
        question.heading, question.edition = (place.heading, place.edition) if place else ("", None)
    if change.topics is not None:
        set_topics(session, question, asking.known_topics(session, change.topics))


def set_topics(session: Session, question: Question, topics: Sequence[str]) -> None:
    """Give a locked question these topics, the main one first."""
    session.execute(delete(QuestionTopic).where(QuestionTopic.question_id == question.id))
    question.topic = topics[0]
    asking.add_topics(session, question, topics)
