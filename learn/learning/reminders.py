"""Quiet reminders that a person asks for: a weekday, by mail, by a calendar with a secret address, or both.

What comes next is told to her alone; nothing says how long she was away.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.core.access import Actor, Refused
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import queries
from learn.learning.models import Reminder
from learn.learning.progress import progress
from learn.learning.queries import Enrolled

WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Setting:
    """What a person chose. `weekday` from 0 (Monday)."""

    weekday: int
    mail: bool
    calendar: bool


@dataclass(frozen=True, slots=True)
class Following:
    """Where she continues: the next lesson of the course in which she completed something last."""

    course: str
    lesson: str
    minutes: int
    path: str

    @property
    def words(self) -> str:
        """„Messen“ im Kurs „Sensoren“, etwa 5 Minuten."""
        length = "1 Minute" if self.minutes == 1 else f"{self.minutes} Minuten"
        return f"„{self.lesson}“ im Kurs „{self.course}“, etwa {length}"


def setting(session: Session, actor: Actor) -> Setting | None:
    """The actor's reminder; None without one."""
    found = session.get(Reminder, actor.owner)
    return Setting(found.weekday, found.mail, bool(found.feed_hash)) if found is not None else None


def choose(session: Session, actor: Actor, weekday: int, *, mail: bool, calendar: bool) -> str:
    """Keep what she chose; without mail and calendar nothing stays. Raises Refused.

    Gives the key of a calendar that begins now, else an empty text. Only its hash is kept.
    """
    if not 0 <= weekday < WEEK:
        raise Refused("Wählen Sie einen Wochentag.", field="weekday")
    if not mail and not calendar:
        end(session, actor)
        return ""
    found = _row(session, actor, weekday)
    found.weekday, found.mail = weekday, mail
    if calendar and not found.feed_hash:
        return _new_key(found)
    found.feed_hash = found.feed_hash if calendar else ""
    return ""


def renew(session: Session, actor: Actor) -> str:
    """Another key of her calendar; the one before opens nothing any more. Empty without a calendar."""
    found = session.get(Reminder, actor.owner, with_for_update=True)
    return _new_key(found) if found is not None and found.feed_hash else ""


def end(session: Session, actor: Actor) -> None:
    """No reminder at all."""
    session.execute(delete(Reminder).where(Reminder.person_id == actor.owner))


def end_mail(session: Session, person_id: int) -> None:
    """No mails any more; a calendar stays. Doing it twice is doing it once."""
    found = session.get(Reminder, person_id, with_for_update=True)
    if found is not None and found.feed_hash:
        found.mail = False
    elif found is not None:
        session.delete(found)


def behind(session: Session, key: str) -> tuple[Actor, int, str] | None:
    """Whose calendar a key opens, her weekday, and a name for its one entry; None for a dead key."""
    rows = select(Reminder.person_id, Reminder.weekday).where(Reminder.feed_hash == _hashed(key))
    found = session.execute(rows).one_or_none()
    actor = people.actors(session, [found.person_id]).get(found.person_id) if found else None
    return (actor, found.weekday, _hashed(f"entry {key}")[:32]) if found and actor else None


def following(session: Session, actor: Actor) -> Following | None:
    """What comes next in her latest course that is not finished: one statement, two for uncached releases."""
    begun = queries.enrolments(session, actor)
    known = shelf.releases(session, {key for each in begun for key in _releases(each)})
    begun.sort(key=lambda each: (max((row.number for row in each.rows), default=0), each.id), reverse=True)
    for each in begun:
        release = known.get(each.current) if each.current is not None else None
        lesson = _next(each, release, known) if release is not None else None
        if release is not None and lesson is not None:
            tree = release.manifest
            path = f"/kurse/{tree.slug}/{lesson.slug}"
            return Following(tree.title, lesson.title, lesson.minutes, path)
    return None


def _next(begun: Enrolled, release: CourseRelease, known: Mapping[int, CourseRelease]) -> LessonEntry | None:
    started = known.get(begun.started)
    finished = known.get(begun.finished) if begun.finished is not None else None
    state = progress(
        release.manifest,
        begun.rows,
        started.manifest if started else None,
        finished.manifest if finished else None,
    )
    return release.manifest.lesson(state.following) if state.following else None


def _releases(begun: Enrolled) -> set[int]:
    return {key for key in (begun.started, begun.current, begun.finished) if key is not None}


def _row(session: Session, actor: Actor, weekday: int) -> Reminder:
    """Her row, made where there is none; two forms sent at once make one."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = insert(Reminder).values(person_id=actor.owner, weekday=weekday, mail=False, feed_hash="")
    session.execute(made.on_conflict_do_nothing(index_elements=[Reminder.person_id]))
    return session.get_one(Reminder, actor.owner, with_for_update=True)


def _new_key(found: Reminder) -> str:
    key = secrets.token_urlsafe(24)
    found.feed_hash = _hashed(key)
    return key


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
