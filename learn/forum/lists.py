"""Lists of questions as rows: tabs, filters, 25 at a time; a page may hold fewer rows and still go on.

Two statements each, whatever is asked: which questions (learn/forum/walks.py), then their words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased

from learn.core import paging
from learn.core.access import VISITOR
from learn.core.prepared import ask, one_of
from learn.forum import audience, counting, reading, walks
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor, Question, QuestionLink
from learn.forum.walks import Walk, Wanted
from learn.network.models import Cohort, Municipality, Topic

__all__ = ["Found", "Row", "Wanted", "brief", "linked", "page", "questions", "solved_with"]
LISTED, SOLVED, ANY = range(3)  # what a row of keys is for
MOST_SOLVED = 3
MOST_LINKED = 5
Circles = tuple[str, ...] | None
Helper, HelpingTown = aliased(Post), aliased(Municipality)
IDS = bindparam("ids", type_=Integer, expanding=True)
PLACE: Any = bindparam("asked_for", type_=Integer)  # the person, question or town whose questions are shown


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


def questions(session: Session, who: Reader, wanted: Wanted, after: str | None) -> Found:
    """The next rows of a list: two statements."""
    return page(session, who, wanted, after, ())


def page(session: Session, who: Reader, wanted: Wanted, after: str | None, picked: Collection[int]) -> Found:
    """The next rows with what stands beside them: solved questions, and the oldest of those `picked`."""
    walk, statement = _plan(_alike(who, wanted), wanted, placed=False)
    place = walk.place(after)
    if place is not None:
        walk, statement = _plan(_alike(who, wanted), wanted, placed=True)
    at = {"at": place[0], "last": place[1]} if place else {}
    keys = ask(session, statement, {**audience.numbers(who.actor), **at}).all()
    looked = sorted((key for key in keys if key.tag == LISTED), key=_place, reverse=walk.newest)
    solved = sorted((key for key in keys if key.tag == SOLVED and key.fits), key=_place, reverse=True)
    chosen, last = _chosen(looked, walk.look)
    ids = [*picked, *(key.id for key in (*chosen, *solved))]
    rows = _found(session, who, _named(who.circles), {"ids": ids})
    pick = min((rows[one] for one in picked if one in rows), key=_oldest, default=None)
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
    solved: bool = False,
    asked_by: int | None = None,
    unread: bool = False,
    limit: int = 3,
) -> Sequence[Row]:
    """A few questions for another page, the latest first: one statement.

    Of a lesson, a course or a person, `solved` ones or all; `unread`: with something new for her.
    """
    if asked_by is not None:
        return _asked(session, who, asked_by, solved=solved, unread=unread, limit=limit)
    view = walks.GELOEST if solved else walks.UNGELESEN if unread else walks.NEU
    wanted = Wanted(view=view, lesson=lesson_id or "", course=course_id or "")
    rows = _found(session, who, _few(_alike(who, wanted), wanted, limit))
    return sorted(rows.values(), key=_latest, reverse=True)


def linked(session: Session, who: Reader, question_id: int) -> Sequence[Row]:
    """Questions that somebody found like this one: one statement."""
    rows = _found(session, who, _linked(who.circles), {"asked_for": question_id})
    return sorted(rows.values(), key=_latest, reverse=True)


def solved_with(session: Session, who: Reader, municipality_id: int, *, limit: int = 3) -> Sequence[Row]:
    """Solved questions that a town asked, or that one of its latest answers solved: one statement."""
    rows = _found(session, who, _solved_with(who.circles, limit), {"asked_for": municipality_id})
    return sorted(rows.values(), key=_latest, reverse=True)[:limit]


def _asked(
    session: Session, who: Reader, person_id: int, *, solved: bool, unread: bool, limit: int
) -> Sequence[Row]:
    """What a person has asked."""
    alike = Reader(audience.alike(who.actor), who.circles)
    statement = _asked_by(alike, solved=solved, unread=unread, limit=limit)
    rows = _found(session, who, statement, {"asked_for": person_id})
    return sorted(rows.values(), key=_latest, reverse=True)


@lru_cache(maxsize=200)
def _linked(circles: Circles) -> Select[Any]:
    """What was found like a question."""
    ids = select(QuestionLink.other_id).where(QuestionLink.question_id == PLACE)
    ids = ids.join(Question, Question.id == QuestionLink.other_id).where(_visible(circles))
    return _rows(circles, ids.order_by(Question.latest_at.desc(), Question.id).limit(MOST_LINKED))


@lru_cache(maxsize=200)
def _solved_with(circles: Circles, limit: int) -> Select[Any]:
    """What a town asked or solved."""
    asked = walks.of_town(Reader(VISITOR, circles), PLACE, walks.GELOEST).keys(LISTED).subquery()
    own = select(asked.c.id).where(asked.c.fits).order_by(asked.c.at.desc(), asked.c.id.desc()).limit(limit)
    answers = select(Post.id).where(Post.municipality_id == PLACE, Post.kind == "antwort")
    latest = answers.order_by(Post.id.desc()).limit(walks.LOOK).subquery()
    helped = (
        select(Question.id)
        .join(Post, Post.question_id == Question.id)
        .join(latest, latest.c.id == Post.id)
        .where(Post.solution, Post.hidden == "", one_of(Question.state, walks.SOLVED))
        .where(_visible(circles))
        .order_by(Post.id.desc())
        .limit(limit)
    )
    both = union_all(select(own.subquery()), select(helped.subquery())).subquery()
    return _rows(circles, select(both.c[0]))


@lru_cache(maxsize=200)
def _asked_by(who: Reader, *, solved: bool, unread: bool, limit: int) -> Select[Any]:
    """What somebody has asked."""
    ids = (
        select(Question.id)
        .join(Post, (Post.question_id == Question.id) & (Post.number == 1))
        .join(PostAuthor, PostAuthor.post_id == Post.id)
        .where(PostAuthor.person_id == PLACE, _visible(who.circles))
    )
    if solved:
        ids = ids.where(one_of(Question.state, walks.SOLVED))
    if unread:
        ids = ids.where(reading.unread(who))
    return _rows(who.circles, ids.order_by(Question.latest_at.desc(), Question.id.desc()).limit(limit))


@lru_cache(maxsize=200)
def _plan(who: Reader, wanted: Wanted, *, placed: bool) -> tuple[Walk, CompoundSelect[Any]]:
    """The statement of a page's keys, made once for all who read the same circles."""
    walk = walks.walk(who, wanted)
    parts = (
        walk.keys(LISTED, placed=placed),
        walks.walk(who, Wanted(walks.GELOEST, wanted.topic)).keys(SOLVED, MOST_SOLVED),
        walks.walk(who, Wanted(walks.NEU, wanted.topic)).keys(ANY, 1),
    )
    return walk, union_all(*(select(part.subquery()) for part in parts))


@lru_cache(maxsize=200)
def _few(who: Reader, wanted: Wanted, limit: int) -> Select[Any]:
    """The latest rows of a walk, likewise."""
    near = walks.walk(who, wanted).keys(LISTED).subquery()
    ids = select(near.c.id).where(near.c.fits).order_by(near.c.at.desc(), near.c.id.desc()).limit(limit)
    return _rows(who.circles, ids)


def _alike(who: Reader, wanted: Wanted) -> Reader:
    """Whoever reads the same; what is unread differs for each person."""
    unread = wanted.view == walks.UNGELESEN
    return Reader(audience.alike(who.actor) if unread else VISITOR, who.circles)


def _chosen(looked: Sequence[Any], look: int) -> tuple[Sequence[Any], Any]:
    """The rows of a page, and the one to go on behind; None at the end of the list."""
    fitting = [key for key in looked if key.fits]
    chosen = fitting[: paging.ROWS]
    if len(fitting) > paging.ROWS:
        return chosen, chosen[-1]
    full = len(looked) >= look > paging.ROWS + 1
    return chosen, looked[-1] if full else None


def _found(
    session: Session, who: Reader, statement: Select[Any], values: Mapping[str, Any] | None = None
) -> dict[int, Row]:
    """Rows by id: one statement; what has become invisible meanwhile is left out."""
    found = ask(session, statement, {**audience.numbers(who.actor), **(values or {})})
    return {row.id: _row(row) for row in found}


@lru_cache(maxsize=200)
def _named(circles: Circles) -> Select[Any]:
    """The rows of questions whose `ids` are known, for all who read the same circles."""
    return _rows(circles, IDS)


def _rows(circles: Circles, ids: Any) -> Select[Any]:
    return _words().where(Question.id.in_(ids), _visible(circles))


def _visible(circles: Circles) -> Any:
    return walks.plainly(audience.within(circles, Question.listed))


@cache
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
