"""The list of towns by district and name, narrowed by filters: with 10,000 towns it costs what 100 do.

District, role and size are columns of the indexes that hold the order. Topics and words of the name lie in
tables of their own: a rare one names its few towns, which are then sorted; a common one is looked up for
each town in order, and 25 of them are soon found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core.paging import Slice, slice_of
from learn.network.models import Municipality, TownTopic, TownWord
from learn.network.words import wanted

ORDER = (Municipality.district, Municipality.sort, Municipality.ags)
FEW = 300  # towns that are sorted; those of a more common filter are met every so often in order
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; empty ones narrow nothing. `size` as in `sizes.KEYS`, `q` words contained in the name."""

    district: str = ""
    size: str = ""
    role: str = ""
    topic: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter in a table of its own: the towns it names, and whether it names this one."""

    ids: Select[int]
    holds: ColumnElement[bool]


def towns(session: Session, asked: Wanted, after: str | None) -> Slice[Municipality]:
    """The next 25 towns by district and name: one statement, up to two more for topic and text."""
    facets = list(_facets(asked))
    rare = None if asked.district else _rare(session, facets)
    statement = select(Municipality)
    for column, value in _columns(asked):
        # Of a few known towns each is looked at anyway: an index on this column would lead astray.
        statement = statement.where((column if rare is None else column + "") == value)
    for facet in facets:
        statement = statement.where(Municipality.id.in_(facet.ids) if facet is rare else facet.holds)
    return slice_of(session, statement, ORDER, after)


def districts(session: Session) -> tuple[str, ...]:
    """The names of all districts in order: one statement that steps from each to the next in the index."""
    first = select(func.min(Municipality.district).label("name")).where(Municipality.district > "")
    step = first.cte("kreis", recursive=True)
    following = (
        select(func.min(Municipality.district))
        .where(Municipality.district > step.c.name)
        .correlate(step)
        .scalar_subquery()
    )
    step = step.union_all(select(following).where(step.c.name.is_not(None)))
    return tuple(session.scalars(select(step.c.name).where(step.c.name.is_not(None))))


def _columns(asked: Wanted) -> Iterator[tuple[InstrumentedAttribute[str], str]]:
    for column, value in (
        (Municipality.district, asked.district),
        (Municipality.role, asked.role),
        (Municipality.size, asked.size),
    ):
        if value:
            yield column, value


def _facets(asked: Wanted) -> Iterator[Facet]:
    """The topic, then the words, the longest first: it names the fewest towns."""
    if asked.topic:
        yield _facet(TownTopic.municipality_id, TownTopic.topic == asked.topic)
    for word in sorted(wanted(asked.q), key=len, reverse=True):
        begins = (TownWord.word >= word) & (TownWord.word < word + LAST)
        yield _facet(TownWord.municipality_id, begins)


def _facet(owner: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> Facet:
    holds = select(literal(1)).where(owner == Municipality.id, condition).exists()
    return Facet(select(owner).where(condition), holds)


def _rare(session: Session, facets: list[Facet]) -> Facet | None:
    """The topic or one of the longest words, if few towns bear it."""
    for facet in facets[:2]:
        if session.scalar(facet.ids.offset(FEW).limit(1)) is None:
            return facet
    return None
