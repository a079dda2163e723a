"""Lists of questions as rows: tabs, filters, 25 at a time; a page may hold fewer rows and still go on.

Two statements each, whatever is asked: which questions (learn/forum/walks.py), then their words.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session, aliased

from learn.accounts.models import Person, PersonRole, PersonTopic
from learn.core import paging
from learn.forum import audience, counting, reading, walks
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor, Question, QuestionLink, QuestionTopic, TopicFollow
from learn.forum.walks import Wanted
from learn.network.models import Cohort, Municipality, Topic

__all__ = [
    "Found",
    "Picks",
    "Row",
    "Wanted",
    "brief",
    "follows_topic",
    "linked",
    "page",
    "picks",
    "questions",
    "towns_for",
]
LISTED, SOLVED, ANY = range(3)  # what a row of keys is for
MOST_SOLVED = 3
MOST_TOWNS = 5
MOST_LINKED = 5
Helper, HelpingTown = aliased(Post), aliased(Municipality)


@dataclass(frozen=True, slots=True)
class Row:
    """A question in a list. `town` is like „Stadt Olpe“ or empty, `cohort` the name of its Klasse or empty.

    `helper`: the town of its first Lösung, or empty.
    """

    id: int
    href: str
    title: str
    excerpt: str
    town: str
    pioneer: bool
    topic: str
    topic_name: str
    level: str
    cohort: str
    state: str
    answers: int
    me_too: int
    asked_at: datetime
    waits_since: datetime
    latest_at: datetime
    helper: str
    heading: str = ""  # slug of the section of the lesson it stands under

    @property
    def waiting(self) -> counting.Waiting:
        """What places it in the list „Offen“, told from its columns alone."""
        towns = min(self.me_too, counting.TOWNS)
        rest = self.waits_since - (self.asked_at - counting.PER_TOWN * towns)
        asks_back = rest > counting.ASKS_BACK / 4
        competent = rest - (counting.ASKS_BACK if asks_back else rest * 0) >= -counting.NOBODY_COMPETENT / 2
        return counting.Waiting(self.asked_at, self.me_too, competent, asks_back)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a list and the cursor of the next ones; `solved` lately; `any`: whether the list has questions
    in any state; `pick`: a question for a contact, not repeated among the rows.
    """

    rows: Sequence[Row]
    after: str
    solved: Sequence[Row] = ()
    any: bool = True
    pick: Row | None = None


@dataclass(frozen=True, slots=True)
class Picks:
    """The topics that a contact answers for, and the oldest open questions in them of other towns."""

    topics: tuple[str, ...] = ()
    ids: frozenset[int] = field(default_factory=frozenset)


def questions(session: Session, who: Reader, wanted: Wanted, after: str | None) -> Found:
    """The next rows of a list: two statements."""
    return page(session, who, wanted, after, Picks())


def page(session: Session, who: Reader, wanted: Wanted, after: str | None, picks: Picks) -> Found:
    """The next rows with what stands beside them: recently solved questions, the picked one."""
    walk = walks.walk(who, wanted)
    place = walk.place(after)
    parts = (
        walk.keys(place, LISTED),
        walks.walk(who, Wanted(walks.GELOEST, wanted.topic)).keys(None, SOLVED, MOST_SOLVED),
        walks.walk(who, Wanted(walks.NEU, wanted.topic)).keys(None, ANY, 1),
    )
    keys = session.execute(union_all(*(select(part.subquery()) for part in parts))).all()
    looked = sorted((key for key in keys if key.tag == LISTED), key=_place, reverse=walk.newest)
    solved = sorted((key for key in keys if key.tag == SOLVED and key.fits), key=_place, reverse=True)
    chosen, last = _chosen(looked, walk.look)
    rows = _rows(session, who, {key.id for key in (*chosen, *solved)} | picks.ids)
    pick = min((rows[one] for one in picks.ids if one in rows), key=_oldest, default=None)
    return Found(
        rows=[rows[key.id] for key in chosen if key.id in rows and rows[key.id] != pick],
        after=walk.cursor((last.at, last.id)) if last else "",
        solved=[rows[key.id] for key in solved if key.id in rows],
        any=any(key.tag == ANY for key in keys),
        pick=pick,
    )


def brief(
    session: Session,
    who: Reader,
    *,
    lesson_id: str | None = None,
    course_id: str | None = None,
    municipality_id: int | None = None,
    solved: bool = False,
    asked_by: int | None = None,
    unread: bool = False,
    limit: int = 3,
) -> Sequence[Row]:
    """A few questions for another page, the latest first: one statement.

    Of a lesson, a course, a town or a person, `solved` ones or all; `unread`: with something new for her.
    """
    if asked_by is not None:
        return _asked(session, who, asked_by, solved=solved, unread=unread, limit=limit)
    view = walks.GELOEST if solved else walks.UNGELESEN if unread else walks.NEU
    if municipality_id is not None:
        walk = walks.of_town(who, municipality_id, view)
    else:
        walk = walks.walk(who, Wanted(view=view, lesson=lesson_id or "", course=course_id or ""))
    near = walk.keys(None, LISTED).subquery()
    ids = select(near.c.id).where(near.c.fits).order_by(near.c.at.desc(), near.c.id.desc()).limit(limit)
    rows = _rows(session, who, ids)
    return sorted(rows.values(), key=_latest, reverse=True)


def linked(session: Session, who: Reader, question_id: int) -> Sequence[Row]:
    """Questions that somebody found like this one: one statement."""
    ids = select(QuestionLink.other_id).where(QuestionLink.question_id == question_id)
    ids = ids.join(Question, Question.id == QuestionLink.other_id).where(audience.visible(who))
    rows = _rows(session, who, ids.order_by(Question.latest_at.desc(), Question.id).limit(MOST_LINKED))
    return sorted(rows.values(), key=_latest, reverse=True)


def solved_with(session: Session, who: Reader, municipality_id: int, *, limit: int = 3) -> Sequence[Row]:
    """Solved questions that a town asked, or that one of its latest answers solved: one statement."""
    asked = walks.of_town(who, municipality_id, walks.GELOEST).keys(None, LISTED).subquery()
    own = select(asked.c.id).where(asked.c.fits).order_by(asked.c.at.desc(), asked.c.id.desc()).limit(limit)
    answers = select(Post.id).where(Post.municipality_id == municipality_id, Post.kind == "antwort")
    latest = answers.order_by(Post.id.desc()).limit(walks.LOOK).subquery()
    helped = (
        select(Question.id)
        .join(Post, Post.question_id == Question.id)
        .join(latest, latest.c.id == Post.id)
        .where(Post.solution, Post.hidden == "", Question.state.in_(walks.SOLVED), audience.visible(who))
        .order_by(Post.id.desc())
        .limit(limit)
    )
    both = union_all(select(own.subquery()), select(helped.subquery())).subquery()
    rows = _rows(session, who, select(both.c[0]))
    return sorted(rows.values(), key=_latest, reverse=True)[:limit]


def picks(session: Session, who: Reader) -> Picks:
    """For a contact: her topics, and what waits longest in them, not of her own town: one statement."""
    own_town = who.actor.municipality_id
    columns: list[ColumnElement[Any]] = []
    few = who.circles is not None and len(who.circles) <= walks.MOST_CIRCLES
    for circle in who.circles or () if few else (None,):
        shown = (
            audience.visible(who, QuestionTopic.listed) if circle is None else QuestionTopic.listed == circle
        )
        oldest = (
            select(QuestionTopic.question_id)
            .join(Question, Question.id == QuestionTopic.question_id)
            .where(QuestionTopic.topic == PersonTopic.topic, shown, QuestionTopic.state.in_(walks.OPEN))
            .where(func.coalesce(Question.municipality_id, 0) != (own_town or -1))
            .order_by(QuestionTopic.waits_since, QuestionTopic.question_id)
            .limit(1)
            .correlate(PersonTopic)
        )
        columns.append(oldest.scalar_subquery())
    statement = select(PersonTopic.topic, *columns).where(PersonTopic.person_id == who.actor.person_id)
    found = session.execute(statement.order_by(PersonTopic.topic)).all()
    ids = {one for row in found for one in row[1:] if one is not None}
    return Picks(tuple(row.topic for row in found), frozenset(ids))


def towns_for(session: Session, topic: str) -> Sequence[tuple[str, str]]:
    """Pioneer towns with a contact for a topic: their names and addresses: one statement."""
    answers = (
        select(PersonTopic.person_id)
        .join(Person, Person.id == PersonTopic.person_id)
        .join(PersonRole, (PersonRole.person_id == Person.id) & (PersonRole.role == "expert"))
        .where(PersonTopic.topic == topic, Person.municipality_id == Municipality.id, Person.active)
    )
    statement = select(Municipality.kind, Municipality.name, Municipality.ags).where(
        Municipality.role == "pionier", answers.exists()
    )
    found = session.execute(statement.order_by(Municipality.sort, Municipality.id).limit(MOST_TOWNS))
    return [(f"{row.kind} {row.name}".strip(), f"/kommunen/{row.ags}") for row in found]


def follows_topic(session: Session, who: Reader, topic: str) -> str:
    """How she follows a topic; empty when she does not."""
    mine = (TopicFollow.person_id == who.actor.person_id, TopicFollow.topic == topic)
    return session.scalar(select(TopicFollow.level).where(*mine)) or ""


def _asked(
    session: Session, who: Reader, person_id: int, *, solved: bool, unread: bool, limit: int
) -> Sequence[Row]:
    """What a person has asked."""
    ids = (
        select(Question.id)
        .join(Post, (Post.question_id == Question.id) & (Post.number == 1))
        .join(PostAuthor, PostAuthor.post_id == Post.id)
        .where(PostAuthor.person_id == person_id, audience.visible(who))
    )
    if solved:
        ids = ids.where(Question.state.in_(walks.SOLVED))
    if unread:
        ids = ids.where(reading.unread(who))
    ids = ids.order_by(Question.latest_at.desc(), Question.id.desc()).limit(limit)
    return sorted(_rows(session, who, ids).values(), key=_latest, reverse=True)


def _chosen(looked: Sequence[Any], look: int) -> tuple[Sequence[Any], Any]:
    """The rows of a page, and the one to go on behind; None at the end of the list."""
    fitting = [key for key in looked if key.fits]
    chosen = fitting[: paging.ROWS]
    if len(fitting) > paging.ROWS:
        return chosen, chosen[-1]
    full = len(looked) >= look > paging.ROWS + 1
    return chosen, looked[-1] if full else None


def _rows(session: Session, who: Reader, ids: Collection[int] | Select[Any]) -> dict[int, Row]:
    """Rows by id: one statement; what has become invisible meanwhile is left out."""
    found = session.execute(_words().where(Question.id.in_(ids), audience.visible(who)))
    return {row.id: _row(row) for row in found}


def _words() -> Select[Any]:
    """What a row says, for each question."""
    helper = (
        select(func.trim(HelpingTown.kind + " " + HelpingTown.name))
        .select_from(Helper)
        .join(HelpingTown, HelpingTown.id == Helper.municipality_id)
        .where(Helper.question_id == Question.id, Helper.solution, Helper.hidden == "")
        .order_by(Helper.number)
        .limit(1)
        .scalar_subquery()
    )
    columns = [getattr(Question, name) for name in COLUMNS]
    return (
        select(
            *columns,
            Post.excerpt,
            func.trim(Municipality.kind + " " + Municipality.name).label("town"),
            (Municipality.role == "pionier").label("pioneer"),
            Topic.name.label("topic_name"),
            Cohort.name.label("cohort"),
            helper.label("helper"),
        )
        .join(Post, (Post.question_id == Question.id) & (Post.number == 1))
        .outerjoin(Municipality, Municipality.id == Question.municipality_id)
        .outerjoin(Topic, Topic.slug == Question.topic)
        .outerjoin(Cohort, Cohort.id == Question.cohort_id)
    )


COLUMNS = (
    *("id", "slug", "title", "topic", "level", "state", "answers", "me_too"),
    *("asked_at", "latest_at", "waits_since", "municipality_id", "heading"),
)


def _row(row: Any) -> Row:
    return Row(
        id=row.id,
        href=f"/forum/fragen/{row.id}-{row.slug}",
        title=row.title,
        excerpt=row.excerpt,
        town=row.town or "",
        pioneer=bool(row.pioneer),
        topic=row.topic,
        topic_name=row.topic_name or row.topic,
        level=row.level,
        cohort=row.cohort or "",
        state=row.state,
        answers=row.answers,
        me_too=row.me_too,
        asked_at=row.asked_at,
        waits_since=row.waits_since,
        latest_at=row.latest_at,
        helper=row.helper or "",
        heading=row.heading,
    )


def _place(key: Any) -> tuple[datetime, int]:
    return key.at, key.id


def _latest(row: Row) -> tuple[datetime, int]:
    return row.latest_at, row.id


def _oldest(row: Row) -> tuple[datetime, int]:
    return row.waits_since, row.id
