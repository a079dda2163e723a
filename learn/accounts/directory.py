"""The list of people at the desk: search, filters, 25 rows at a time, as fast for a million as for a hundred.

Each list walks one index from the cursor on. What that index does not know is checked row by row, for
at most `LOOK` rows a page: a page may then hold fewer than 25 people, and the next one goes on.
Nothing here tells of anybody's learning or last visit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, not_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from learn.accounts import words
from learn.accounts.models import Person, PersonRole, PersonWord
from learn.accounts.queries import ROLES_OF
from learn.core import paging
from learn.core.folding import fold
from learn.network.models import Municipality

LOOK = 200
Condition = ColumnElement[bool]
STATES: dict[str, Condition] = {
    "aktiv": and_(Person.active, Person.erase_on.is_(None)),
    "gesperrt": and_(not_(Person.active), Person.erase_on.is_(None)),
    "geloescht": Person.erase_on.is_not(None),
    "ohne-passwort": Person.password_hash.is_(None),
}
INDEXED: dict[str, Condition] = {
    "gesperrt": not_(Person.active),
    "geloescht": STATES["geloescht"],
    "ohne-passwort": STATES["ohne-passwort"],
}
RARE = ("gesperrt", "geloescht")  # fewer people than a town has
LISTED = (
    Person.id,
    Person.name,
    Person.email,
    Person.active,
    Person.erase_on,
    Person.password_hash.is_not(None).label("has_password"),
    Municipality.name.label("town"),
    ROLES_OF.label("roles"),
)
Column = InstrumentedAttribute[Any]
Key = tuple[str, int]
Holder = aliased(PersonRole)  # apart from the rows that name everybody's roles
BEGINNING: Key = ("", 0)  # before every entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; an empty part asks for nothing. `state` is one of STATES, `query` as typed."""

    query: str = ""
    municipality_id: int | None = None
    role: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the list shows her; `state` is one of STATES."""

    id: int
    name: str
    email: str
    town: str
    roles: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """Some people and the cursor of the next ones; a page with a cursor may hold few people, or none."""

    people: Sequence[Listed]
    after: str


@dataclass(frozen=True, slots=True)
class Way:
    """An index to walk, ordered by `keys`, the second a person; `where` it knows, `rest` it does not.

    `beginning`: of the first key, as far as the way leads; the whole key where it is `fixed`.
    """

    name: str
    keys: tuple[Column, Column]
    where: tuple[Condition, ...] = ()
    rest: tuple[Condition, ...] = ()
    beginning: str = ""
    fixed: bool = False

    def place(self, name: str, key: Key | None) -> Key | None:
        """Where to go on: the place in a cursor of this way, None for another's and for the beginning."""
        mine = name == self.name and key is not None and key[0].startswith(self.beginning)
        return key if mine and key != BEGINNING else None

    def span(self, key: Key | None, stop: Key | None) -> tuple[Condition, ...]:
        """What holds behind one place and up to another: one bound for each end, as SQLite takes no more."""
        if self.fixed:
            first = None if key is None else self.keys[1] > key[1]
            last = None if stop is None else self.keys[1] <= stop[1]
        else:
            begins = _within(self.keys[0], self.beginning) if self.beginning else (None, None)
            first = begins[0] if key is None else tuple_(*self.keys) > key
            last = begins[1] if stop is None else tuple_(*self.keys) <= tuple(stop)
        return (*self.where, *(bound for bound in (first, last) if bound is not None))


def people(session: Session, wanted: Wanted, after: str | None) -> Found:
    """The next people in the order of the index; a list that fits on one page is sorted by name."""
    asked = words.asked(wanted.query)
    if wanted.query.strip() and not asked:
        return Found((), "")
    begun, key = _place(after)
    rows: list[Listed] = []
    for way in _ways(session, wanted, asked, begun):
        some, last = _walk(session, way, way.place(begun, key), paging.ROWS - len(rows))
        rows += some
        if last is not None:
            return Found(rows, paging.write([way.name, *last]))
    return Found(rows if begun else sorted(rows, key=lambda row: (fold(row.name), row.id)), "")


def state_of(*, active: bool, erase_on: date | None, has_password: bool) -> str:
    """The state a person is listed under."""
    if erase_on is not None:
        return "geloescht"
    if not active:
        return "gesperrt"
    return "aktiv" if has_password else "ohne-passwort"


def _place(after: str | None) -> tuple[str, Key | None]:
    """On which way a cursor was, and where."""
    found = paging.read(after, 3)
    if found is None or [type(part) for part in found] != [str, str, int]:
        return "", None
    return found[0], (found[1], found[2])


def _ways(session: Session, wanted: Wanted, asked: Sequence[str], begun: str) -> Iterator[Way]:
    """The indexes to walk one after the other, from the one that was begun."""
    if asked:
        yield from _by_words(session, wanted, asked, begun)
    elif wanted.role:
        keys = (Holder.role, Holder.person_id)
        where = (Holder.role == wanted.role,)
        yield Way("rolle", keys, where, tuple(_checks(replace(wanted, role=""))), wanted.role, fixed=True)
    else:
        yield _by_name(wanted)


def _by_name(wanted: Wanted) -> Way:
    """Along the names of all, of those in a rare state, or of a town."""
    town, state = wanted.municipality_id, wanted.state
    where: tuple[Condition, ...] = ()
    if state in RARE or (state in INDEXED and town is None):
        where = (INDEXED[state],)
    elif town is not None:
        where, wanted = (Person.municipality_id == town,), replace(wanted, municipality_id=None)
    return Way("name", (Person.name, Person.id), where, tuple(_checks(wanted)))


def _by_words(session: Session, wanted: Wanted, asked: Sequence[str], begun: str) -> Iterator[Way]:
    """First who is called so in this order, then along the rarest word who has the others somewhere."""
    keys = (PersonWord.word, PersonWord.person_id)
    checks = tuple(_checks(wanted))
    phrase = " ".join(asked)
    names = [f"wort{number}" for number in range(len(asked))]
    if begun not in names:
        yield Way("worte", keys, (), (_first(phrase), *checks), phrase)
    if len(asked) > 1:
        number = names.index(begun) if begun in names else _rarest(session, asked)
        others = [_has(word) for place, word in enumerate(asked) if place != number]
        rest = (_first(asked[number]), *others, not_(_has(phrase)), *checks)
        yield Way(names[number], keys, (), rest, asked[number])


def _rarest(session: Session, asked: Sequence[str]) -> int:
    """Which of the words has the fewest entries, as far as a look tells; of two the longer."""
    counts = []
    for number, word in enumerate(asked):
        some = select(PersonWord.person_id).where(*_within(PersonWord.word, word)).limit(LOOK).subquery()
        counts.append((session.scalar(select(func.count()).select_from(some)) or 0, -len(word), number))
    return min(counts)[2]


def _walk(session: Session, way: Way, key: Key | None, count: int) -> tuple[list[Listed], Key | None]:
    """Up to `count` people, and the place to go on from; None at the end of the index."""
    stop = session.execute(_end_of_look(way, key)).first() if way.rest else None
    rows = session.execute(_rows(way, key, stop, count)).all()
    found = [_listed(row) for row in rows[:count]]
    if len(rows) > count:
        return found, (rows[count - 1].key, rows[count - 1].id) if count else BEGINNING
    return found, None if stop is None else (stop[0], stop[1])


def _end_of_look(way: Way, key: Key | None) -> Select[Any]:
    """The last entry that this page looks at."""
    return select(*way.keys).where(*way.span(key, None)).order_by(*way.keys).offset(LOOK - 1).limit(1)


def _rows(way: Way, key: Key | None, stop: Key | None, count: int) -> Select[Any]:
    """The people from one place of the index to another, and one more than are shown."""
    statement = select(*LISTED, way.keys[0].label("key")).where(*way.span(key, stop), *way.rest)
    if way.keys[1] is not Person.id:
        statement = statement.select_from(way.keys[1].parent).join(Person, Person.id == way.keys[1])
    statement = statement.outerjoin(Municipality, Municipality.id == Person.municipality_id)
    return statement.order_by(*way.keys).limit(count + 1)


def _listed(row: Row[Any]) -> Listed:
    state = state_of(active=row.active, erase_on=row.erase_on, has_password=row.has_password)
    roles = tuple(sorted(row.roles.split(","))) if row.roles else ()
    return Listed(row.id, row.name, row.email, row.town or "", roles, state)


def _checks(wanted: Wanted) -> Iterator[Condition]:
    """What each row is checked for."""
    if wanted.municipality_id is not None:
        yield Person.municipality_id + 0 == wanted.municipality_id  # for no index, on either database
    if wanted.role:
        yield exists().where(PersonRole.person_id == Person.id, PersonRole.role == wanted.role)
    if wanted.state:
        yield _plainly(STATES[wanted.state])


def _plainly(condition: Condition) -> Condition:
    """A condition that SQLite answers by no index: without figures it would walk the wrong one."""
    return condition == true()


def _within(column: Column, beginning: str) -> tuple[Condition, Condition]:
    """Texts that begin so."""
    return column >= beginning, column < beginning + words.END


def _has(beginning: str) -> Condition:
    """Whether a person has an entry that begins so."""
    entry = aliased(PersonWord)
    return exists().where(entry.person_id == Person.id, *_within(entry.word, beginning))


def _first(beginning: str) -> Condition:
    """Whether it is the person's first entry that begins so: nobody is listed twice."""
    entry = aliased(PersonWord)
    earlier = (entry.word >= beginning, entry.word < PersonWord.word)
    return not_(exists().where(entry.person_id == PersonWord.person_id, *earlier))
