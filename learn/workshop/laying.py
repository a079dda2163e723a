"""Laying changed texts over the release: rows for what differs, none for what merely says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, Refused
from learn.courses.files import TEXT_LIMIT
from learn.courses.frontmatter import LINE_END
from learn.courses.published import chunks
from learn.workshop import history, queries
from learn.workshop.keys import PLAIN, kind_of
from learn.workshop.models import WorkText
from learn.workshop.rebase import Laid, same
from learn.workshop.settling import Opened


@dataclass(frozen=True, slots=True)
class Write:
    """What becomes of a text: its place and the whole file, or None when it goes."""

    key: str
    path: str
    text: str | None


def lay(session: Session, actor: Actor, opened: Opened, writes: Sequence[Write], cause: str) -> None:
    """Store these texts. Raises Refused: too long, an id that is another's."""
    _own(session, opened, writes)
    laid = {write.key: opened.holding.laid.get(write.key) for write in writes}
    released = queries.texts_of(session, {found.sha for found in laid.values() if found})
    for write in writes:
        found = laid[write.key]
        text = released.get(found.sha) if found else None
        if write.text is None:
            _take_away(session, actor, opened, write, found, text)
        else:
            _put(session, actor, opened, write, found, text, cause)
    session.flush()


def checked(key: str, text: str) -> str:
    """The text as it is stored. Raises Refused: too long, or it bears another id."""
    text = LINE_END.sub("\n", text.removeprefix("\ufeff"))
    if len(text.encode()) > TEXT_LIMIT:
        raise Refused("Kürzen Sie den Text. Er fasst 256 KB.", field="body", status=413)
    found = queries.head(text, kind_of(key))
    if not key.endswith(PLAIN) and found.known and found.id != key:
        raise Refused(f"Die Kennung im Kopf bleibt „{key}“.", field="body")
    return text


def _own(session: Session, opened: Opened, writes: Sequence[Write]) -> None:
    """Raises Refused where another copy has a text of this key."""
    for some in chunks(write.key for write in writes):
        others = WorkText.key.in_(some) & (WorkText.course_id != opened.work.id)
        found = session.scalar(select(WorkText.key).where(others).limit(1))
        if found is not None:
            raise Refused(f"„{found}“ gehört zu einem anderen Kurs.")


def _put(
    session: Session,
    actor: Actor,
    opened: Opened,
    write: Write,
    laid: Laid | None,
    released: str | None,
    cause: str,
) -> None:
    """Store a text at its place, or nothing where the release says the same there."""
    assert write.text is not None
    text = checked(write.key, write.text)
    if write.key == opened.work.id:
        opened.work.title = queries.head(text, kind_of(write.key)).text("titel")[:200] or opened.work.title
    row = laid.row if laid else None
    as_released = released is not None and same(text, released)
    if as_released and write.path == opened.holding.shelf.paths[write.key]:
        if row is not None:
            _noted(session, actor, opened, write, row, released or "", cause)
            session.delete(row)
        return
    if row is None:
        row = _fresh(session, opened, write, laid)
        if released is not None and not as_released:
            history.note_published(session, opened.work, write.key, row.base_path, released)
    row.path, row.removed = write.path, False
    _noted(session, actor, opened, write, row, released if as_released and released else text, cause)
    row.saved_by, row.saved_at = actor.owner, clock.now()


def _noted(
    session: Session, actor: Actor, opened: Opened, write: Write, row: WorkText, text: str, cause: str
) -> None:
    """Store the state in the history, unless only its place is another."""
    if row.text != text:
        row.text = text
        row.revision = history.note(session, actor, opened.work, write.key, write.path, text, cause)


def _take_away(
    session: Session, actor: Actor, opened: Opened, write: Write, laid: Laid | None, released: str | None
) -> None:
    """Mark a released text as taken away; one that only lies here is gone."""
    if laid is None:
        return
    row = laid.row
    if released is None and row is not None and not row.base_sha:
        session.delete(row)
        return
    if row is None:
        row = _fresh(session, opened, write, laid)
        row.text, row.path = released or "", laid.path
    row.removed = True
    row.saved_by, row.saved_at = actor.owner, clock.now()


def _fresh(session: Session, opened: Opened, write: Write, laid: Laid | None) -> WorkText:
    """A row for a text that is as released so far, or new."""
    shelf = opened.holding.shelf
    row = WorkText(
        key=write.key,
        course_id=opened.work.id,
        path=write.path,
        text="",
        removed=False,
        base_path=shelf.paths.get(write.key, ""),
        base_sha=laid.sha if laid else "",
        revision=0,
        saved_at=clock.now(),
    )
    session.add(row)
    return row
