"""Asking, answering, commenting: a post with the next number, once for each key, told in one event."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from learn.core import clock
from learn.core.access import Actor, Forbidden, NotFound
from learn.core.folding import fold
from learn.forum import counting, indexing, policy, queries, reading, references
from learn.forum.audience import COHORT, Reader, circle_of
from learn.forum.checks import (
    ATTRIBUTIONS,
    NOT_ASCII,
    PHASES,
    SLUG,
    TITLE,
    TOPICS,
    Anchor,
    NewQuestion,
    check,
    check_attribution,
    check_circle,
    check_phase,
    clean_title,
    known_topics,
    preset,
    seen,
    slug_of,
)
from learn.forum.models import Post, PostAuthor, PostRevision, Question, QuestionTopic
from learn.forum.texts import Prepared
from learn.network.models import Municipality, Topic
from learn.network.vocabulary import vocabulary
from learn.notices import events

__all__ = [
    "ATTRIBUTIONS",
    "PHASES",
    "TITLE",
    "TOPICS",
    "Anchor",
    "NewQuestion",
    "add_topics",
    "answer",
    "ask",
    "check",
    "check_circle",
    "check_phase",
    "clean_title",
    "comment",
    "known_topics",
    "next_number",
    "preset",
    "sent",
    "slug_of",
    "stored_key",
]


def ask(
    session: Session,
    who: Reader,
    new: NewQuestion,
    *,
    key: str,
    at: datetime | None = None,
    quiet: bool = False,
) -> Question:
    """Publish a question. Raises Refused, Forbidden.

    `key` sent again gives the first result. `quiet`: neither told nor unread, for data from elsewhere.
    """
    _check_writer(who)
    topics = check(session, who, new)
    return _question_of(
        session, _once(session, who, key, lambda: _ask(session, who, new, topics, key, at, quiet))
    )


def answer(
    session: Session,
    who: Reader,
    question: Question,
    text: Prepared,
    *,
    attribution: str,
    key: str,
    at: datetime | None = None,
    quiet: bool = False,
) -> Post:
    """Publish an Antwort. Raises NotFound, Forbidden (locked), Refused."""
    held = queries.held(session, who, question.id)
    post = Post(kind="antwort", attribution=attribution, at=at or clock.now())
    return _once(session, who, key, lambda: _reply(session, who, held, post, text, key, quiet))


def comment(
    session: Session,
    who: Reader,
    about: Post,
    text: Prepared,
    *,
    attribution: str,
    key: str,
    at: datetime | None = None,
    quiet: bool = False,
) -> Post:
    """Publish a Rückfrage about a post, likewise."""
    asked, held = queries.held_post(session, who, about.id)
    if asked.hidden or asked.kind == "verweis":
        raise NotFound
    post = Post(kind="rueckfrage", about_id=asked.id, attribution=attribution, at=at or clock.now())
    return _once(session, who, key, lambda: _reply(session, who, held, post, text, key, quiet))


def sent(session: Session, actor: Actor, key: str) -> Post | None:
    """The post that a form with this key has become."""
    stored = stored_key(actor, key)
    return session.scalar(select(Post).where(Post.key == stored)) if stored else None


def stored_key(actor: Actor, key: str) -> str | None:
    """The key as it is stored: another for each person; None without one."""
    return hashlib.sha256(f"{actor.owner}|{key}".encode()).hexdigest() if key else None


def _check_writer(who: Reader) -> None:
    if not policy.may_write(who.actor):
        raise Forbidden


def _once(session: Session, who: Reader, key: str, write: Callable[[], Post]) -> Post:
    """What `write` stores, or what the same key has stored before; the database decides races."""
    found = sent(session, who.actor, key)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return write()
    except IntegrityError:
        found = sent(session, who.actor, key)
        if found is None:
            raise
        return found


def _question_of(session: Session, post: Post) -> Question:
    return session.scalars(select(Question).where(Question.id == post.question_id)).one()


def _ask(
    session: Session,
    who: Reader,
    new: NewQuestion,
    topics: tuple[str, ...],
    key: str,
    at: datetime | None,
    quiet: bool,
) -> Post:
    at = at or clock.now()
    circle = circle_of(new.level, new.cohort_id)
    town = _town(session, who.actor)
    title = clean_title(new.title)
    question = Question(
        title=title,
        slug=slug_of(title),
        tried=new.tried.source if new.tried else "",
        tried_parts=new.tried.parts if new.tried else [],
        phase=new.phase,
        level=new.level,
        cohort_id=new.cohort_id if new.level == COHORT else None,
        circle=circle,
        listed=circle,
        municipality_id=town.id if town else None,
        size=town.size if town else "",
        topic=topics[0],
        asked_at=at,
        latest_at=at,
        waits_since=at,
        last_number=0,
        top_number=0,
        quiet_number=0,
        answers=0,
        me_too=0,
        solutions=0,
        status="gezeigt",
        state=counting.OPEN,
        verdict="",
    )
    _anchor(question, new.anchor)
    session.add(question)
    session.flush()
    add_topics(session, question, topics)
    _propose(session, new.suggested_topic)
    post = Post(kind="frage", attribution=new.attribution, at=at)
    _store(session, who, question, post, new.body, key, quiet, tried=new.tried)
    reading.asked(session, who.actor, question)
    _tell(session, "frage", question, post, 0, quiet)
    return post


def _anchor(question: Question, anchor: Anchor | None) -> None:
    if anchor is not None:
        question.lesson_id, question.course_id = anchor.lesson_id, anchor.course_id
        question.heading, question.edition = anchor.heading, anchor.edition


def add_topics(session: Session, question: Question, topics: Sequence[str]) -> None:
    """Put a question under its topics; what lists sort by is copied by `counting.settle`."""
    copied = {name: getattr(question, name) for name in counting.COPIED}
    session.add_all(
        QuestionTopic(question_id=question.id, topic=slug, position=position, **copied)
        for position, slug in enumerate(topics)
    )
    session.flush()


def _propose(session: Session, name: str) -> None:
    """A topic that somebody misses waits for the Koordination, invisible until accepted."""
    line = " ".join("".join(map(seen, name)).split())[:100]
    slug = NOT_ASCII.sub("-", fold(line)).strip("-")[:SLUG]
    if not slug or vocabulary(session).find(line):
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    proposed = insert(Topic).values(slug=slug, name=line, position=0, accepted=False)
    session.execute(proposed.on_conflict_do_nothing())


def _reply(
    session: Session, who: Reader, question: Question, post: Post, text: Prepared, key: str, quiet: bool
) -> Post:
    if not policy.may_post_in(who, question.circle) or question.locked:
        raise Forbidden
    if not question.listed:
        raise NotFound
    check_attribution(post.attribution)
    before = question.top_number
    _store(session, who, question, post, text, key, quiet)
    reading.wrote(session, who.actor, question, post, before)
    _tell(session, post.kind, question, post, before, quiet)
    return post


def _store(
    session: Session,
    who: Reader,
    question: Question,
    post: Post,
    text: Prepared,
    key: str,
    quiet: bool,
    tried: Prepared | None = None,
) -> None:
    """Give the post its number and keep it with author, first revision and references."""
    town = _town(session, who.actor)
    post.question_id, post.number = question.id, next_number(session, question)
    post.body, post.parts, post.renderer = text.source, text.parts, text.renderer
    post.excerpt, post.key, post.revision = text.excerpt, stored_key(who.actor, key), 1
    post.municipality_id, post.size = (town.id, town.size) if town else (None, "")
    post.hidden = ""
    session.add(post)
    session.flush()
    session.add(PostAuthor(post_id=post.id, person_id=who.actor.owner))
    first = (question.title, question.tried) if post.number == 1 else ("", "")
    session.add(
        PostRevision(
            post_id=post.id, revision=1, title=first[0], tried=first[1], body=text.source, at=post.at
        )
    )
    references.store(session, question, post, who.actor.person_id, *filter(None, (text, tried)), fresh=True)
    counting.added(question, post)
    if quiet:
        question.quiet_number = post.number
    counting.settle(session, question)
    indexing.reindex(session, question.id, post.id)


def next_number(session: Session, question: Question) -> int:
    """The next number of a question: dense, never given twice."""
    statement = (
        update(Question)
        .where(Question.id == question.id)
        .values(last_number=Question.last_number + 1)
        .returning(Question.last_number)
        .execution_options(synchronize_session=False)
    )
    number = session.execute(statement).scalar_one()
    set_committed_value(question, "last_number", number)
    return number


def _tell(session: Session, kind: str, question: Question, post: Post, before: int, quiet: bool) -> None:
    """One event for each post; `before`: the highest number that was shown until then."""
    if not quiet:
        ids = {"question": question.id, "post": post.id, "number": post.number, "before": before}
        events.record(session, kind, f"frage:{question.id}", **ids)


def _town(session: Session, actor: Actor) -> Municipality | None:
    """The writer's town as it is now."""
    return session.get(Municipality, actor.municipality_id) if actor.municipality_id is not None else None
