"""What a person has typed and not saved yet, per text and window; nobody else reads it."""

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.courses.files import TEXT_LIMIT
from learn.workshop import copies
from learn.workshop.models import Autosave

WINDOWS = 10  # of one text; the one unused longest goes first
NAME = 40
LATEST = 2_000_000_000  # a number beyond is none of ours


def keep(
    session: Session, actor: Actor, key: str, window: str, sequence: int, base_revision: int, text: str
) -> bool:
    """Store what stands in a window; False when something newer from there is stored.

    One statement decides which of two requests that overtake each other is newer. Raises NotFound, Refused.
    """
    if copies.course_of(session, key) is None:
        raise NotFound
    if not 0 < len(window) <= NAME or not 0 <= base_revision <= LATEST:
        raise Refused("Laden Sie die Seite neu.")
    if len(text.encode()) > 2 * TEXT_LIMIT:
        raise Refused("Kürzen Sie den Text. Er fasst 256 KB.", field="body", status=413)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "sequence": min(max(sequence, 1), LATEST),
        "base_revision": base_revision,
        "text": text,
        "saved_at": clock.now(),
    }
    statement = insert(Autosave).values(person_id=actor.owner, key=key, window=window, **values)
    newer = statement.on_conflict_do_update(
        index_elements=[Autosave.person_id, Autosave.key, Autosave.window],
        set_=values,
        where=Autosave.sequence < values["sequence"],
    )
    stored = session.execute(newer.returning(Autosave.id)).one_or_none() is not None
    _forget_oldest(session, actor, key)
    session.expire_all()  # what was read before the statement is old now
    return stored


def unsaved(session: Session, actor: Actor, key: str) -> Autosave | None:
    """The newest of her unsaved texts that differs from what is saved."""
    current = copies.text(session, key)
    saved = current.text if current else ""
    mine = (Autosave.person_id == actor.owner) & (Autosave.key == key)
    found = session.scalars(
        select(Autosave).where(mine).order_by(Autosave.saved_at.desc(), Autosave.id.desc())
    )
    return next((row for row in found if plain(row.text) != saved), None)


def forget(session: Session, actor: Actor, key: str, *, window: str = "", text: str | None = None) -> None:
    """Remove her unsaved texts: all, or only this window's and those that say just this text."""
    mine = (Autosave.person_id == actor.owner) & (Autosave.key == key)
    if window or text is not None:
        rows = session.scalars(select(Autosave).where(mine))
        gone = [row.id for row in rows if row.window == window or plain(row.text) == text]
        session.execute(delete(Autosave).where(Autosave.id.in_(gone)))
    else:
        session.execute(delete(Autosave).where(mine))


def plain(text: str) -> str:
    """The text with LF, as it is saved."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _forget_oldest(session: Session, actor: Actor, key: str) -> None:
    mine = (Autosave.person_id == actor.owner) & (Autosave.key == key)
    newest = select(Autosave.id).where(mine).order_by(Autosave.saved_at.desc(), Autosave.id.desc())
    kept = session.scalars(newest.limit(WINDOWS)).all()
    if len(kept) == WINDOWS:
        session.execute(delete(Autosave).where(mine, Autosave.id.not_in(kept)))
