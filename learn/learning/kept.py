"""Everything a person has noted and bookmarked, in the order in which its places are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, literal, select, union_all
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.core.folding import fold
from learn.courses.stands import Stand, stands
from learn.learning import spots
from learn.learning.models import Bookmark, Note
from learn.learning.spots import Spot
from learn.markup.model import Heading

BOOKMARK, NOTE = "gemerkt", "notiz"
Order = tuple[str, str, int, str, int, str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A note or bookmark (`kind`) where it stands today.

    `heading` is None at the lesson itself and where none is like the one it was written at; `lost` says
    the latter. `plain`: the heading is one of the version in Einfache Sprache.
    """

    kind: str
    id: int
    spot: Spot
    day: date
    stand: Stand
    heading: Heading | None
    plain: bool
    place: int  # of the heading in its lesson, 0 at the lesson itself

    @property
    def lost(self) -> bool:
        """Whether the heading, the lesson or the course is gone."""
        return self.stand.lesson is None or bool(self.spot.slug and self.heading is None)

    @property
    def href(self) -> str:
        """The heading's address, else the lesson's, else the course's; empty while that is withdrawn."""
        if self.heading is None:
            return self.stand.href
        return f"{self.stand.href}{'?fassung=einfach' if self.plain else ''}#s-{self.heading.slug}"

    @property
    def order(self) -> Order:
        """Courses by title, lessons and headings as they are read; a bookmark before the notes."""
        stand, spot = self.stand, self.spot
        lesson = (fold(stand.course), spot.course_id, stand.position, spot.lesson_id)
        return (*lesson, self.place, self.kind, self.id)


def entries(session: Session, actor: Actor) -> list[Entry]:
    """All of the actor's notes and bookmarks in reading order, without the texts of notes."""
    rows = session.execute(_all(actor)).all()
    lessons = {row.lesson_id: row.course_id for row in sorted(rows, key=lambda row: (row.day, row.id))}
    known = stands(session, lessons)
    found = (_entry(row, known[row.lesson_id]) for row in rows)
    return sorted(found, key=lambda entry: entry.order)


def bodies(session: Session, actor: Actor, numbers: Iterable[int]) -> dict[int, str]:
    """Texts of these notes of the actor's."""
    wanted = list(numbers)
    if not wanted:
        return {}
    statement = select(Note.id, Note.body).where(Note.person_id == actor.owner, Note.id.in_(wanted))
    return {row.id: row.body for row in session.execute(statement)}


def entry(session: Session, number: int, spot: Spot, day: date) -> Entry:
    """One note where it stands today."""
    stand = stands(session, {spot.lesson_id: spot.course_id})[spot.lesson_id]
    return _placed(NOTE, number, spot, day, stand)


def _all(actor: Actor) -> CompoundSelect[*tuple[Any, ...]]:
    parts = []
    for kind, table in ((NOTE, Note), (BOOKMARK, Bookmark)):
        columns = [getattr(table, name) for name in Spot.__slots__]
        statement = select(literal(kind).label("kind"), table.id, table.day, *columns)
        parts.append(statement.where(table.person_id == actor.owner))
    return union_all(*parts)


def _entry(row: Any, stand: Stand) -> Entry:
    spot = Spot(*(getattr(row, name) for name in Spot.__slots__))
    return _placed(row.kind, row.id, spot, row.day, stand)


def _placed(kind: str, number: int, spot: Spot, day: date, stand: Stand) -> Entry:
    at = spots.index(stand.headings, spot.slug, spot.heading)
    if at is not None:
        return Entry(kind, number, spot, day, stand, stand.headings[at], plain=False, place=at + 1)
    easy = spots.index(stand.plain, spot.slug, spot.heading)
    heading = stand.plain[easy] if easy is not None else None
    place = easy + 1 if easy is not None else 0
    return Entry(kind, number, spot, day, stand, heading, plain=heading is not None, place=place)
