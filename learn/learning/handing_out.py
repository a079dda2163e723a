"""Notes and bookmarks handed out to their person: as rows, and as one text to read."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.core.export import escaped, quoted
from learn.core.i18n import day
from learn.core.owndata import Found, Owner, exports, writes
from learn.courses.stands import stands
from learn.learning import kept
from learn.learning.kept import Entry
from learn.learning.models import Bookmark, Note


@exports(
    Note,
    "notizen",
    "Notizen",
    (
        "Tag",
        "Kurs",
        "Lektion",
        "Abschnitt",
        "Notiz",
        "Ausgabe",
        "Stelle",
        "Fassung",
        "Anfrage",
        "Kennung des Kurses",
        "Kennung der Lektion",
    ),
)
def notes(session: Session, owner: Owner) -> Found:
    """As written, with the titles that course and lesson bear today or bore last."""
    own = select(Note).where(Note.person_id == owner.person_id).order_by(Note.id)
    known = stands(session, _lessons(session, Note, owner))
    for row in session.scalars(own):
        stand = known[row.lesson_id]
        told = (row.day, stand.course, stand.title, row.heading, row.body, row.edition, row.slug)
        yield (*told, row.revision, row.key, row.course_id, row.lesson_id)


@exports(
    Bookmark,
    "gemerkt",
    "Gemerkt",
    (
        "Tag",
        "Kurs",
        "Lektion",
        "Abschnitt",
        "Ausgabe",
        "Stelle",
        "Kennung des Kurses",
        "Kennung der Lektion",
    ),
)
def bookmarks(session: Session, owner: Owner) -> Found:
    """Likewise."""
    own = select(Bookmark).where(Bookmark.person_id == owner.person_id).order_by(Bookmark.id)
    known = stands(session, _lessons(session, Bookmark, owner))
    for row in session.scalars(own):
        stand = known[row.lesson_id]
        told = (row.day, stand.course, stand.title, row.heading, row.edition, row.slug)
        yield (*told, row.course_id, row.lesson_id)


@writes("notizen", "Meine Notizen und gemerkten Stellen")
def kept_in_words(session: Session, owner: Owner) -> Iterator[str]:
    """By course and lesson in reading order, as `/lernen/gemerkt` shows them."""
    actor = Actor(person_id=owner.person_id)
    for (course, title), rows in groupby(kept.entries(session, actor), key=_chapter):
        entries = list(rows)
        yield f"## {escaped(title or 'Lektion')}\n\nKurs „{escaped(course or 'Kurs')}“.\n\n"
        texts = kept.bodies(session, actor, [each.id for each in entries if each.kind == kept.NOTE])
        for entry in entries:
            yield from _in_words(entry, texts.get(entry.id, ""))


def _chapter(entry: Entry) -> tuple[str, str]:
    return entry.stand.course, entry.stand.title


def _in_words(entry: Entry, body: str) -> Iterator[str]:
    words = entry.heading.text if entry.heading else entry.spot.heading
    place = f"Abschnitt „{escaped(words)}“" if words else "Ganze Lektion"
    if entry.kind == kept.BOOKMARK:
        yield f"{place}, gemerkt am {day(entry.day)}.\n\n"
    else:
        yield f"{place}, Notiz vom {day(entry.day)}:\n\n{quoted(body)}\n\n"


def _lessons(session: Session, table: type[Bookmark | Note], owner: Owner) -> dict[str, str]:
    """The lessons she has written at, and in which course each was last."""
    own = select(table.lesson_id, table.course_id).where(table.person_id == owner.person_id)
    return {row.lesson_id: row.course_id for row in session.execute(own.order_by(table.id))}
