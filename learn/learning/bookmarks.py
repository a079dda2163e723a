"""Bookmarks: places in lessons that a person keeps for herself."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.learning import log
from learn.learning.models import Bookmark
from learn.learning.spots import Spot

LIMIT = 1000  # of one person


def keep(session: Session, actor: Actor, spot: Spot) -> None:
    """Keep a place; a second click changes nothing. Raises Refused (422) where there are too many."""
    if (_number(session, actor) or 0) >= LIMIT:
        raise Refused("Sie haben 1.000 Stellen gemerkt. Entfernen Sie zuerst eine unter „Gemerkt“.")
    log.insert_new(session, Bookmark, {**spot.columns(), "person_id": actor.owner, "day": clock.today()})


def drop(session: Session, actor: Actor, lesson_id: str, slug: str = "") -> None:
    """Keep a lesson, or the heading that had this slug, no longer; without a bookmark nothing changes."""
    mine = (Bookmark.person_id == actor.owner, Bookmark.lesson_id == lesson_id)
    session.execute(delete(Bookmark).where(*mine, Bookmark.slug == slug))


def remove(session: Session, actor: Actor, number: int) -> None:
    """Remove one bookmark. Raises NotFound, also for those of others."""
    mine = (Bookmark.person_id == actor.owner, Bookmark.id == number)
    if session.execute(delete(Bookmark).where(*mine).returning(Bookmark.id)).scalar() is None:
        raise NotFound


def _number(session: Session, actor: Actor) -> int | None:
    return session.scalar(select(func.count()).select_from(Bookmark).where(Bookmark.person_id == actor.owner))
