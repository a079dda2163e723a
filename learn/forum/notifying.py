"""Whom a new post, a Lösung or an act of the Koordination concerns, and for which reason."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.accounts.models import Person, PersonRole, PersonTopic
from learn.accounts.queries import actors
from learn.config import Config
from learn.core import clock, jobs, workdays
from learn.core.access import Actor, trainer
from learn.forum import audience
from learn.forum.audience import Reader
from learn.forum.models import (
    Post,
    PostAuthor,
    PostMention,
    Question,
    QuestionReader,
    QuestionTopic,
    Report,
    TopicFollow,
    TownFollow,
)
from learn.network.models import Municipality
from learn.notices import kinds
from learn.notices.kinds import BATCH, Batch, Recipient, concerns
from learn.notices.models import Event

QUESTION, ANSWER, COMMENT, SOLUTION = "frage", "antwort", "rueckfrage", "loesung"
POSTS = (QUESTION, ANSWER, COMMENT, SOLUTION)
MODERATION, DECISION, OBJECTION, REPORT, WAITING = (
    "moderation",
    "entscheidung",
    "widerspruch",
    "meldung",
    "wartet",
)
DUTIES = (OBJECTION, REPORT, WAITING)
ALL, IMPORTANT, NOTHING = "alles", "wichtiges", "nichts"
REASONS = (  # by rank
    kinds.MENTION,
    kinds.ANSWER,
    kinds.TOWN_ASKED,
    kinds.TOWN_FOLLOWED,
    kinds.FOLLOWED,
    kinds.TOPIC,
)
MENTIONED, ANSWERED, TOWN_ASKED, TOWN, FOLLOWED, TOPIC = range(6)
ADDRESSED = frozenset({MENTIONED, ANSWERED, TOWN_ASKED})  # nobody mutes these, and quiet does not hold them
TO_MAILBOX = "send_to_mailbox"


@dataclass(frozen=True, slots=True)
class News:
    """A post as an event tells of it. `before`: highest number shown until then; `number`: 0 for a Lösung."""

    event: Event
    question: Question
    post: Post
    author_id: int | None  # of the post
    before: int
    number: int

    @property
    def by(self) -> int:
        """Who did it; she hears nothing of it. 0 when she is gone."""
        return int(self.event.data.get("by") or (0 if self.event.kind == SOLUTION else self.author_id) or 0)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of Folgen that hear of it."""
        return (ALL, IMPORTANT) if self.event.kind in {ANSWER, SOLUTION} else (ALL,)


def news(session: Session, event: Event) -> News | None:
    """What an event tells of, as it is now; None once the post or its question is out of sight."""
    statement = (
        select(Question, Post, PostAuthor.person_id)
        .join(Post, Post.question_id == Question.id)
        .outerjoin(PostAuthor, PostAuthor.post_id == Post.id)
        .where(Post.id == event.data.get("post", 0), Post.hidden == "", Question.listed != "")
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    question, post, author_id = found
    if event.kind == SOLUTION:
        return News(event, question, post, author_id, question.top_number, 0) if post.solution else None
    return News(event, question, post, author_id, event.data.get("before", post.number - 1), post.number)


@concerns(*POSTS)
def readers_of_post(session: Session, config: Config, event: Event, after: int) -> Batch:
    """Who was addressed, who was answered, who follows; each for the first of these reasons."""
    found = news(session, event)
    if found is None:
        return Batch()
    contacts = _town_contacts(session, config, found, ask_mailboxes=after == 0)
    ranked = session.execute(_ranked(session, found, contacts, after)).all()
    people = actors(session, [row.person_id for row in ranked])
    seen = _readers(session, people.values())
    read = _rows(session, found.question, list(people))
    recipients = [
        recipient
        for row in ranked
        if (who := seen.get(row.person_id)) is not None and who.reads(found.question.listed)
        for recipient in _recipient(found, row.person_id, row.rank, *read.get(row.person_id, (0, "")))
    ]
    last = ranked[-1].person_id if len(ranked) == BATCH else None
    return Batch(recipients, last, f"frage:{found.question.id}", found.question.id)


def _recipient(found: News, person_id: int, rank: int, last_read: int, followed: str) -> Iterable[Recipient]:
    """How she hears of it: not of what she has read; by mail only if she had read all before it."""
    if found.number and last_read >= found.number:
        return
    reason = REASONS[rank]
    if rank == FOLLOWED and followed in {kinds.ASKED, kinds.ANSWERED}:
        reason = followed
    up_to_date = last_read >= found.before or found.before <= found.question.quiet_number
    unread = found.question.top_number > max(last_read, found.question.quiet_number)
    yield Recipient(person_id, reason, mail=rank in ADDRESSED or up_to_date, line=unread)


def _ranked(session: Session, found: News, contacts: Collection[int], after: int) -> Select[int, int]:
    """The next people with the first reason that fits each: columns `person_id`, `rank`."""
    every = union_all(
        _chosen(_addressed(session, found), ANSWERED),
        _chosen(contacts, TOWN_ASKED),
        select(PostMention.person_id.label("person_id"), literal(MENTIONED).label("rank")).where(
            PostMention.post_id == found.post.id,
            PostMention.person_id.is_not(None),
            literal(found.number > 0),
        ),
        _following(found),
        *_following_around(found),
    ).subquery()
    return (
        select(every.c.person_id, func.min(every.c.rank).label("rank"))
        .join(Person, Person.id == every.c.person_id)
        .where(Person.active, Person.id > after, Person.id != found.by)
        .group_by(every.c.person_id)
        .order_by(every.c.person_id)
        .limit(BATCH)
    )


def _chosen(ids: Collection[int], rank: int) -> Select[int, int]:
    return select(Person.id.label("person_id"), literal(rank).label("rank")).where(Person.id.in_(ids))


def _following(found: News) -> Select[int, int]:
    mine = QuestionReader.question_id == found.question.id
    return select(QuestionReader.person_id, literal(FOLLOWED)).where(
        mine, QuestionReader.follow.in_(found.levels)
    )


def _following_around(found: News) -> tuple[Select[int, int], ...]:
    """Who follows a topic or a town of it and chose nothing else for this question."""
    topics = select(QuestionTopic.topic).where(QuestionTopic.question_id == found.question.id)
    towns = {found.question.municipality_id, found.post.municipality_id} - {None}
    return (
        select(TopicFollow.person_id, literal(TOPIC)).where(
            TopicFollow.topic.in_(topics),
            TopicFollow.level.in_(found.levels),
            ~_decided(found, TopicFollow.person_id),
        ),
        select(TownFollow.person_id, literal(TOWN)).where(
            TownFollow.municipality_id.in_(towns),
            TownFollow.level.in_(found.levels),
            ~_decided(found, TownFollow.person_id),
        ),
    )


def _decided(found: News, person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(
        QuestionReader.question_id == found.question.id,
        QuestionReader.person_id == person,
        QuestionReader.follow != "",
    )


def _addressed(session: Session, found: News) -> set[int]:
    """Whom it answers: who asked, for an Antwort; the author of what a Rückfrage asks about; of a Lösung."""
    if found.event.kind == SOLUTION:
        return {found.author_id} if found.author_id else set()
    if found.event.kind == QUESTION:
        return set()
    about = Post.id == found.post.about_id if found.event.kind == COMMENT else Post.number == 1
    authors = select(PostAuthor.person_id).join(Post, Post.id == PostAuthor.post_id)
    return set(session.scalars(authors.where(Post.question_id == found.question.id, about)))


def _town_contacts(session: Session, config: Config, found: News, *, ask_mailboxes: bool) -> set[int]:
    """For each town that the post names: its contact for the main topic, else another, else its mailbox."""
    if not found.number:
        return set()
    named = select(Municipality).join(PostMention, PostMention.municipality_id == Municipality.id)
    contacts: set[int] = set()
    for town in session.scalars(named.where(PostMention.post_id == found.post.id)):
        contact = contact_of(session, town.id, found.question.topic, but=found.by)
        if contact is not None:
            contacts.add(contact)
        elif ask_mailboxes and town.mailbox:
            when = workdays.leaves(clock.now(), town.ags, config.holidays)
            jobs.enqueue(session, TO_MAILBOX, run_at=when, event_id=found.event.id, municipality_id=town.id)
    return contacts


def contact_of(session: Session, municipality_id: int, topic: str, *, but: int = 0) -> int | None:
    """Who answers for a topic in a town: its contact with that topic, else any; None without one."""
    knows = exists().where(PersonTopic.person_id == Person.id, PersonTopic.topic == topic)
    statement = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.municipality_id == municipality_id, Person.active, Person.id != but)
        .where(PersonRole.role == "expert")
        .order_by(knows.desc(), Person.id)
    )
    return session.scalar(statement.limit(1))


def _readers(session: Session, people: Iterable[Actor]) -> dict[int, Reader]:
    """What each may read; people of one town read alike unless they accompany Klassen."""
    known: dict[object, Reader] = {}
    found = {}
    for actor in people:
        alike = actor.owner if trainer(actor) else (actor.municipality_id, "coordinator" in actor.roles)
        key = (trainer(actor), alike)
        if key not in known:
            known[key] = audience.reader(session, actor)
        found[actor.owner] = known[key]
    return found


def _rows(session: Session, question: Question, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """How far people have read a question, and why they follow it."""
    statement = select(QuestionReader.person_id, QuestionReader.last_read, QuestionReader.reason)
    mine = statement.where(QuestionReader.question_id == question.id, QuestionReader.person_id.in_(ids))
    return {row.person_id: (row.last_read, row.reason) for row in session.execute(mine)}


@concerns(MODERATION)
def authors_of_moderated(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """The authors of what the Koordination changed, as it was then."""
    return _told(session, event, event.data.get("people", ()), kinds.MODERATION)


@concerns(DECISION)
def reporters(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """Who reported a post hears what became of it."""
    ids = session.scalars(select(Report.person_id).where(Report.id == event.data.get("report")))
    return _told(session, event, ids.all(), kinds.REPORTED)


@concerns(*DUTIES)
def coordinators(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """What waits for the Koordination reaches all of it."""
    ids = session.scalars(select(PersonRole.person_id).where(PersonRole.role == "coordinator"))
    return _told(session, event, ids.all(), kinds.DUTY)


def _told(session: Session, event: Event, ids: Collection[int], reason: str) -> Batch:
    """A few people, all at once; not who did it herself."""
    people = session.scalars(select(Person.id).where(Person.id.in_(ids), Person.active).order_by(Person.id))
    by = event.data.get("by")
    recipients = [Recipient(person_id, reason) for person_id in people if person_id != by]
    return Batch(recipients, None, event.subject, event.data.get("question"))
