"""Asking, answering, commenting: a post with the next number, once for each key, told in one event."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from learn.core import clock
from learn.core.access import Actor, Forbidden, NotFound, Refused
from learn.core.folding import fold
from learn.forum import counting, indexing, policy, queries, reading, references
from learn.forum.audience import COHORT, LEVELS, NETWORK, PUBLIC, Reader, circle_of
from learn.forum.models import Post, PostAuthor, PostRevision, Question, QuestionTopic
from learn.forum.texts import Prepared
from learn.network.models import Cohort, Municipality, Topic
from learn.network.vocabulary import vocabulary
from learn.notices import events

PHASES = ("idee", "konzept", "vergabe", "betrieb")
ATTRIBUTIONS = ("name", "funktion")
TITLE = range(10, 151)
TOPICS = range(1, 4)
CHOOSE_TOPICS = "Wählen Sie 1 bis 3 Themen aus der Liste."
CHOOSE_CIRCLE = "Wählen Sie einen Kreis, zu dem Ihre Kommune gehört."
CHOOSE_PHASE = "Wählen Sie, wie weit Ihr Vorhaben ist."
CHOOSE_NAME = "Wählen Sie, unter welchem Namen Ihr Beitrag erscheint."
NOT_ASCII = re.compile(r"[^a-z0-9]+")
SLUG = 80  # characters


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place in a course under which a question stands; `heading` is a slug or empty."""

    lesson_id: str
    course_id: str
    heading: str
    edition: int


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What the ask form holds. `topics` as typed or chosen, the main one first; a synonym will do."""

    title: str
    body: Prepared
    tried: Prepared | None
    topics: tuple[str, ...]
    phase: str
    level: str
    cohort_id: int | None
    attribution: str
    anchor: Anchor | None = None
    suggested_topic: str = ""


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


def preset(who: Reader) -> str:
    """The level a new question starts with."""
    return NETWORK if who.member else PUBLIC


def check(session: Session, who: Reader, new: NewQuestion) -> tuple[str, ...]:
    """The slugs of a question's topics, once everything about it is right. Raises Refused."""
    clean_title(new.title)
    topics = known_topics(session, new.topics)
    check_phase(new.phase)
    check_attribution(new.attribution)
    check_circle(session, who, new.level, new.cohort_id)
    return topics


def clean_title(title: str) -> str:
    """A title on one line, without characters that cannot be seen. Raises Refused."""
    visible = "".join(_seen(sign) for sign in unicodedata.normalize("NFC", title))
    line = " ".join(visible.split())
    if len(line) not in TITLE:
        raise Refused(f"Der Titel braucht 10 bis 150 Zeichen. Er hat {len(line)}.", field="title")
    return line


def known_topics(session: Session, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The slugs of topics given by slug, name or synonym, each once. Raises Refused."""
    words = vocabulary(session)
    found = dict.fromkeys(words.find(word) for word in wanted)
    topics = tuple(slug for slug in found if slug)
    if None in found or len(topics) not in TOPICS:
        raise Refused(CHOOSE_TOPICS, field="topic")
    return topics


def check_phase(phase: str) -> None:
    if phase not in PHASES:
        raise Refused(CHOOSE_PHASE, field="phase")


def check_attribution(attribution: str) -> None:
    if attribution not in ATTRIBUTIONS:
        raise Refused(CHOOSE_NAME, field="attribution")


def check_circle(session: Session, who: Reader, level: str, cohort_id: int | None) -> str:
    """The circle of a level that she may write in. Raises Refused."""
    circle = circle_of(level, cohort_id)
    known = level in LEVELS and policy.may_post_in(who, circle)
    if level == COHORT:  # the Koordination reads all Klassen, but only those that there are
        known = known and cohort_id is not None and session.get(Cohort, cohort_id) is not None
    if not known:
        raise Refused(CHOOSE_CIRCLE, field="visibility")
    return circle


def slug_of(title: str) -> str:
    """A title as it stands in addresses."""
    return NOT_ASCII.sub("-", fold(title)).strip("-")[:SLUG].rstrip("-") or "frage"


def _seen(sign: str) -> str:
    """The character, a blank in place of a control, nothing in place of one without a shape."""
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Co", "Cs", "Cn"} else sign


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
    line = " ".join("".join(map(_seen, name)).split())[:100]
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
