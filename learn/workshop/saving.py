"""Saving texts of a working copy: in order, with a history; a course's beginning and its address."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from learn.core.access import Actor, NotFound, Refused
from learn.workshop import copies, founding, laying, settling
from learn.workshop.copies import Text
from learn.workshop.founding import create
from learn.workshop.laying import Write
from learn.workshop.models import WorkText
from learn.workshop.rebase import same
from learn.workshop.settling import published
from learn.workshop.unsaved import forget, keep, unsaved

__all__ = [
    "Conflict",
    "Write",
    "apply",
    "create",
    "discard",
    "forget",
    "keep",
    "published",
    "readdress",
    "save",
    "unsaved",
]
CHANGED = "Inzwischen wurde der Kurs geändert. Sehen Sie nach und versuchen Sie es noch einmal."
SAVED = "gespeichert"


class Conflict(Exception):
    """Somebody has saved or published another text meanwhile: `current`."""

    def __init__(self, current: Text) -> None:
        super().__init__(current.key)
        self.current = current


def save(
    session: Session,
    actor: Actor,
    key: str,
    text: str,
    *,
    base_revision: int,
    cause: str = SAVED,
    window: str = "",
) -> int:
    """Save a text over the state `base_revision` names; gives the revision of what is saved now.

    What merely says the same again changes nothing. Forgets what this `window` and any other of hers holds
    of just this text. Raises NotFound; Conflict when the state is another by now; Refused (413, 422).
    """
    course_id = copies.course_of(session, key)
    if course_id is None:
        raise NotFound
    opened = settling.open_copy(session, course_id)
    current = copies.text(session, key)
    if current is None or current.removed:
        raise NotFound
    text = laying.checked(key, text)
    if not same(current.text, text):
        if current.revision != base_revision:
            raise Conflict(current)
        laying.lay(session, actor, opened, [Write(key, current.path, text)], cause)
        settling.touched(opened.work, actor)
        session.flush()
    forget(session, actor, key, window=window, text=text)
    found = copies.text(session, key)
    assert found is not None
    return found.revision


def apply(
    session: Session,
    actor: Actor,
    course_id: str,
    writes: Sequence[Write],
    *,
    revision: int,
    cause: str,
) -> int:
    """Write several texts of a course at once; `revision` is that of the copy they were made from.

    Gives the copy's new revision. Raises NotFound; Refused: 409 when the copy is another by now, 413, 422.
    """
    opened = settling.open_copy(session, course_id)
    if opened.revision != revision:
        raise Refused(CHANGED, status=409)
    laying.lay(session, actor, opened, writes, cause)
    settling.touched(opened.work, actor)
    session.flush()
    return _revision(session, course_id)


def readdress(session: Session, actor: Actor, course_id: str, slug: str, *, revision: int) -> int:
    """Give a course another address; the copy's new revision.

    Raises NotFound; Refused: 409 when the copy is another by now, 422 when the address is taken.
    """
    opened = settling.open_copy(session, course_id)
    if opened.revision != revision:
        raise Refused(CHANGED, status=409)
    if slug != opened.holding.slug:
        founding.free(session, slug, course_id)
        opened.work.slug = slug
        settling.touched(opened.work, actor)
        session.flush()
    return _revision(session, course_id)


def discard(session: Session, actor: Actor, key: str) -> None:
    """Give up what was changed in a text: it is as published again, a new one is gone."""
    row = session.get(WorkText, key)
    if row is not None:
        opened = settling.open_copy(session, row.course_id)
        laid = opened.holding.laid.get(key)
        if laid is not None and laid.row is not None:
            session.delete(laid.row)
            settling.touched(opened.work, actor)
            session.flush()
    forget(session, actor, key)


def _revision(session: Session, course_id: str) -> int:
    found = copies.copy(session, course_id)
    assert found is not None
    return found.revision
