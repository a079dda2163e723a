"""What a person keeps beside one lesson, read with the lesson's page: bookmarks, notes, „unklar“."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, String, bindparam, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.core.prepared import ask
from learn.learning.models import Bookmark, Note, UnclearMark


@dataclass(frozen=True, slots=True)
class Bookmarked:
    """A place she keeps: `slug` and `heading` as they were then, both empty at the lesson itself."""

    id: int
    slug: str
    heading: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A note of hers: plain text, `day` of its last change; the place likewise."""

    id: int
    slug: str
    heading: str
    body: str
    day: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What is hers beside a lesson, in the order in which it was written; `more` notes than the latest."""

    bookmarks: tuple[Bookmarked, ...] = ()
    notes: tuple[Noted, ...] = ()
    unclear: bool = False
    more: bool = False


NOTHING = Beside()
NOTES = 50  # shown beside a lesson, the latest
OWNER = bindparam("owner", type_=Integer)
LESSON = bindparam("lesson", type_=String)


def _of(table: type[Bookmark | Note], kind: str, *texts: Any) -> Select[*tuple[Any, ...]]:
    columns = (literal(kind).label("kind"), table.id, table.slug, table.heading, *texts)
    return select(*columns).where(table.person_id == OWNER, table.lesson_id == LESSON)


def _notes() -> Select[*tuple[Any, ...]]:
    written = _of(Note, "notiz", Note.body.label("body"), Note.day.label("day"))
    return select(written.order_by(Note.id.desc()).limit(NOTES + 1).subquery())


def _unclear() -> Select[*tuple[Any, ...]]:
    columns = (UnclearMark.id, literal(""), literal(""), literal(""), type_coerce(null(), Date))
    mine = (UnclearMark.person_id == OWNER, UnclearMark.lesson_id == LESSON)
    found = select(literal("unklar").label("kind"), *columns).where(*mine)
    return found.where(UnclearMark.edition == bindparam("edition", type_=Integer))


# Built once: it runs on every lesson that somebody signed in reads.
BESIDE = union_all(
    _notes(),
    _of(Bookmark, "gemerkt", literal(""), Bookmark.day),
    _unclear(),
)


def beside(session: Session, actor: Actor, lesson_id: str, edition: int) -> Beside:
    """The actor's own things beside a lesson in one statement; `unclear`: she has marked this edition.

    Empty for visitors, without a statement.
    """
    if not actor.signed_in:
        return NOTHING
    wanted = {"owner": actor.owner, "lesson": lesson_id, "edition": edition}
    rows = sorted(ask(session, BESIDE, wanted).all(), key=lambda row: (row.kind, row.id))
    notes = [Noted(row.id, row.slug, row.heading, row.body, row.day) for row in rows if row.kind == "notiz"]
    return Beside(
        tuple(Bookmarked(row.id, row.slug, row.heading) for row in rows if row.kind == "gemerkt"),
        tuple(notes[-NOTES:]),
        any(row.kind == "unklar" for row in rows),
        len(notes) > NOTES,
    )
