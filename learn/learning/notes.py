"""Private notes at lessons and their headings: plain text, written, changed and removed by their person."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.learning import log
from learn.learning.models import Note
from learn.learning.spots import Spot

TEXT_LIMIT = 10_000
LIMIT = 1000  # of one person
KEY_LENGTH = 64
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Held:
    """A stored note with the spot it was written at."""

    id: int
    spot: Spot
    body: str
    revision: int
    day: date


class Conflict(Exception):
    """Saved elsewhere meanwhile, most likely by the same person; carries what is stored. 409."""

    def __init__(self, saved: Held) -> None:
        super().__init__("outdated base_revision")
        self.saved = saved


def add(session: Session, actor: Actor, spot: Spot, body: str, key: str) -> int:
    """Store a note and give its id. Raises Refused (422), Conflict.

    `key` sent again with the same text gives the first note; with another text both are shown.
    """
    text = checked(body)
    if not 0 < len(key) <= KEY_LENGTH or not key.isprintable():
        raise Refused("Speichern Sie noch einmal. Die Anfrage hatte keine gültige Kennung.", field="key")
    known = _by_key(session, actor, key)
    if known is None:
        _check_room(session, actor)
        values = {**spot.columns(), "body": text, "revision": 1, "key": key, "day": clock.today()}
        number = log.insert_new(session, Note, {**values, "person_id": actor.owner})
        known = _by_key(session, actor, key) if number is None else None
        if known is None:
            assert number is not None
            return number
    if known.body != text:
        raise Conflict(known)
    return known.id


def change(session: Session, actor: Actor, number: int, body: str, base_revision: int) -> None:
    """Store another text. Raises NotFound, Refused (422), Conflict. Saving the same twice is saving once."""
    text = checked(body)
    saved = held(session, actor, number, lock=True)
    if saved.body == text:
        return
    if saved.revision != base_revision:
        raise Conflict(saved)
    values = {"body": text, "revision": saved.revision + 1, "day": clock.today()}
    session.execute(update(Note).where(Note.id == number).values(values))


def remove(session: Session, actor: Actor, number: int) -> None:
    """Remove a note for good. Raises NotFound, also for those of others."""
    mine = (Note.person_id == actor.owner, Note.id == number)
    if session.execute(delete(Note).where(*mine).returning(Note.id)).scalar() is None:
        raise NotFound


def held(session: Session, actor: Actor, number: int, *, lock: bool = False) -> Held:
    """A note of the actor's. Raises NotFound, also for those of others."""
    statement = select(Note).where(Note.person_id == actor.owner, Note.id == number)
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return _held(row)


def checked(body: str) -> str:
    """The text as it is stored: ends of lines as Unix has them, no control signs. Raises Refused (422)."""
    text = UNSEEN.sub("", body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise Refused("Schreiben Sie Ihre Notiz in das Feld.", field="body")
    if len(text) > TEXT_LIMIT:
        raise Refused("Kürzen Sie die Notiz auf 10.000 Zeichen.", field="body")
    return text


def _held(row: Note) -> Held:
    spot = Spot(row.course_id, row.lesson_id, row.edition, row.slug, row.heading)
    return Held(row.id, spot, row.body, row.revision, row.day)


def _by_key(session: Session, actor: Actor, key: str) -> Held | None:
    row = session.scalar(select(Note).where(Note.person_id == actor.owner, Note.key == key))
    return _held(row) if row is not None else None


def _check_room(session: Session, actor: Actor) -> None:
    mine = select(func.count()).select_from(Note).where(Note.person_id == actor.owner)
    if (session.scalar(mine) or 0) >= LIMIT:
        raise Refused("Sie haben 1.000 Notizen. Entfernen Sie zuerst eine unter „Gemerkt“.", field="body")
