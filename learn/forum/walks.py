"""Ways along the indexes of questions: which one a list follows, from where on, what it checks row by row.

A reader of few circles walks one index for each of them, and the walks are merged; whoever reads all, or
more than a handful, walks the index over all circles. So a list of 25 rows costs the same among a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import Subquery

from learn.core import paging
from learn.core.prepared import one_of
from learn.forum import audience, reading
from learn.forum.audience import Reader
from learn.forum.models import Question, QuestionTopic

OPEN, SOLVED = ("offen",), ("beantwortet", "uebernommen")
OFFEN, NEU, GELOEST, UNGELESEN = VIEWS = ("offen", "neu", "geloest", "ungelesen")
STATES = {OFFEN: OPEN, GELOEST: SOLVED}
LOOK, LOOK_UNREAD = 200, 400  # rows that a page examines at most
MOST_CIRCLES = 12  # walked one by one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Condition = ColumnElement[bool]
Column = InstrumentedAttribute[Any]
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows; an empty part asks for nothing. `view` is one of VIEWS, `size` a class of towns."""

    view: str = OFFEN
    topic: str = ""
    phase: str = ""
    size: str = ""
    cohort: int | None = None
    course: str = ""
    lesson: str = ""

    @property
    def filtered(self) -> bool:
        """Whether something but view and topic narrows the list."""
        return replace(self, view=OFFEN, topic="") != Wanted()


@dataclass(frozen=True, slots=True)
class Walk:
    """An index to walk: by `order` and `key`, once for each of `starts`, which the index begins with.

    `shown` is checked on the way, `rest` for at most `look` rows a page; `name` stands in cursors.
    """

    name: str
    order: Column
    key: Column
    starts: tuple[tuple[Condition, ...], ...]
    shown: tuple[Condition, ...] = ()
    rest: tuple[Condition, ...] = ()
    newest: bool = True
    look: int = paging.ROWS + 1

    def place(self, after: str | None) -> Place | None:
        """Where a cursor of this walk goes on; None for another's and for the beginning."""
        found = paging.read(after, 3)
        if found is None or [type(part) for part in found] != [str, int, int] or found[0] != self.name:
            return None
        try:
            return EPOCH + found[1] * MICROSECOND, found[2]
        except OverflowError:
            return None

    def cursor(self, place: Place) -> str:
        """The cursor that goes on behind a row."""
        return paging.write([self.name, (place[0] - EPOCH) // MICROSECOND, place[1]])

    def merged(self, count: int, *, placed: bool) -> Subquery:
        """The next rows of all starts, `id` and `at`, in order; `placed`: behind the place of a cursor."""
        parts = [select(self._part(start, count, placed=placed).subquery()) for start in self.starts]
        both = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery()
        order = [both.c.at.desc(), both.c.id.desc()] if self.newest else [both.c.at, both.c.id]
        return select(both.c.id, both.c.at).order_by(*order).limit(count).subquery()

    def keys(self, tag: int, count: int = 0, *, placed: bool = False) -> Select[Any]:
        """Rows of `tag`, `id`, `at`, and in `fits` whether they are what the index does not know of."""
        near = self.merged(count or self.look, placed=placed)
        if not self.rest:
            return select(literal(tag).label("tag"), near.c.id, near.c.at, true().label("fits"))
        statement = select(literal(tag).label("tag"), near.c.id, near.c.at, and_(*self.rest).label("fits"))
        return statement.join(Question, Question.id == near.c.id)

    def _part(self, start: Sequence[Condition], count: int, *, placed: bool) -> Select[Any]:
        statement = select(self.key.label("id"), self.order.label("at")).where(*start, *self.shown)
        if placed:
            here = tuple_(self.order, self.key)
            behind = tuple_(bindparam("at", type_=self.order.type), bindparam("last", type_=self.key.type))
            statement = statement.where(here < behind if self.newest else here > behind)
        order = [self.order.desc(), self.key.desc()] if self.newest else [self.order, self.key]
        return statement.order_by(*order).limit(count)


def walk(who: Reader, wanted: Wanted) -> Walk:
    """The index that serves a list."""
    if wanted.lesson or wanted.course:
        return _beside(who, wanted)
    table = QuestionTopic if wanted.topic else Question
    waiting = wanted.view == OFFEN
    rest = _rest(who, replace(wanted, topic=""))
    circles = _circles(who, wanted)
    beginnings: list[tuple[Condition, ...]] = [
        (table.state == state,) for state in STATES.get(wanted.view, ())
    ] or [()]
    if wanted.topic:
        beginnings = [(QuestionTopic.topic == wanted.topic, *start) for start in beginnings]
    shown: tuple[Condition, ...] = ()
    if circles is None:
        shown = (audience.within(None, table.listed),)
    elif len(circles) > MOST_CIRCLES:
        rest = (plainly(audience.visible(who)), *rest)
    else:
        beginnings = [(table.listed == circle, *start) for start in beginnings for circle in circles]
    return Walk(
        name=f"{wanted.view} {wanted.topic}",
        order=table.waits_since if waiting else table.latest_at,
        key=QuestionTopic.question_id if wanted.topic else Question.id,
        starts=tuple(beginnings),
        shown=shown,
        rest=rest,
        newest=not waiting,
        look=_look(wanted, rest),
    )


def of_town(who: Reader, municipality_id: int, view: str) -> Walk:
    """Along the questions of a town, the latest first."""
    states = STATES.get(view, (*OPEN, *SOLVED))
    starts = tuple((Question.municipality_id == municipality_id, Question.state == state) for state in states)
    rest = (plainly(audience.visible(who)), *_rest(who, Wanted(view)))
    return Walk(view, Question.latest_at, Question.id, starts, (), rest, look=LOOK)


def _beside(who: Reader, wanted: Wanted) -> Walk:
    """Along the questions of a lesson or course, the latest first."""
    at = Question.lesson_id == wanted.lesson if wanted.lesson else Question.course_id == wanted.course
    states = STATES.get(wanted.view)
    rest = [plainly(audience.visible(who)), *_rest(who, wanted)]
    if states:
        rest.append(plainly(one_of(Question.state, states)))
    if wanted.cohort is not None:
        circle = audience.circle_of(audience.COHORT, wanted.cohort)
        rest.append(plainly(Question.listed == circle))
    name = f"{wanted.view} {wanted.lesson or wanted.course}"
    order, key = Question.latest_at, Question.id
    return Walk(name, order, key, ((at,),), (), tuple(rest), look=_look(wanted, tuple(rest)))


def _circles(who: Reader, wanted: Wanted) -> Sequence[str] | None:
    """The circles to walk; of a Klasse only its own, which stays empty for who does not read it."""
    if wanted.cohort is None:
        return who.circles
    circle = audience.circle_of(audience.COHORT, wanted.cohort)
    return (circle,) if who.reads(circle) else ("-",)


def _rest(who: Reader, wanted: Wanted) -> tuple[Condition, ...]:
    """What no index knows."""
    found: list[Condition] = []
    if wanted.topic:
        mine = (QuestionTopic.question_id == Question.id, QuestionTopic.topic == wanted.topic)
        found.append(exists().where(*mine))
    if wanted.phase:
        found.append(Question.phase == wanted.phase)
    if wanted.size:
        found.append(Question.size == wanted.size)
    if wanted.view == UNGELESEN:
        found.append(reading.unread(who))
    return tuple(found)


def _look(wanted: Wanted, rest: Sequence[Condition]) -> int:
    if not rest:
        return paging.ROWS + 1
    return LOOK_UNREAD if wanted.view == UNGELESEN else LOOK


def plainly(condition: Condition) -> Condition:
    """A condition that SQLite answers by no index: without figures it would walk the wrong one."""
    return condition == true()
