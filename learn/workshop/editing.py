"""Saving what the editor's form holds, and forgetting what was kept of it meanwhile."""

from sqlalchemy.orm import Session

from learn.core.access import Actor, NotFound
from learn.workshop import copies, history, holding, saving, shaping
from learn.workshop.copies import Text
from learn.workshop.saving import Write

BEGUN = "angelegt"


def save(
    session: Session,
    actor: Actor,
    key: str,
    text: str,
    *,
    base_revision: int,
    window: str,
    adopted: str = "",
    path: str = "",
) -> None:
    """Save a text as `window` has it; `adopted` is the window whose unsaved text it was made from.

    `path`: where a text that nobody has begun is to lie. Raises NotFound, Conflict, Refused.
    """
    if path and copies.text(session, key) is None:
        begin(session, actor, key, path, text)
        saving.forget(session, actor, key, window=window, text=text)
    else:
        saving.save(session, actor, key, text, base_revision=base_revision, window=window)
    if adopted:
        saving.forget(session, actor, key, window=adopted)


def begin(session: Session, actor: Actor, key: str, path: str, text: str) -> None:
    """The first state of a lesson's plain version. Raises NotFound, Refused."""
    course_id = copies.course_of(session, key)
    copy = copies.copy(session, course_id) if course_id else None
    if copy is None:
        raise NotFound
    saving.apply(
        session, actor, copy.course_id, [Write(key, path, text)], revision=copy.revision, cause=BEGUN
    )


def keep(
    session: Session, actor: Actor, key: str, text: str, *, window: str, sequence: int, base_revision: int
) -> None:
    """Store what stands in a window, unless something newer is stored. Raises NotFound, Refused."""
    if window:
        saving.keep(session, actor, key, window, sequence, base_revision, text)


def give_up(session: Session, actor: Actor, key: str, *windows: str) -> None:
    """Forget what was typed in these windows."""
    for window in filter(None, windows):
        saving.forget(session, actor, key, window=window)


def begun_from(session: Session, text: Text, revision: int) -> str | None:
    """What a text was at this revision; None where nobody knows any more."""
    if text.base_sha and revision == holding.as_published(text.base_sha):
        return shaping.released(session, text)
    return history.text_of(session, text.key, revision)
