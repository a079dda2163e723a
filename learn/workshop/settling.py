"""Writing to a working copy begins here: its row locked, its texts laid over today's release for good."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound
from learn.courses.switch import add_missing
from learn.workshop import holding, queries
from learn.workshop.holding import Holding
from learn.workshop.models import WorkCourse, WorkPicture, WorkText
from learn.workshop.rebase import Laid


@dataclass(frozen=True, slots=True)
class Opened:
    """A copy whose row this transaction holds locked; `holding` is what stands in it now.

    `revision`: the copy's as pages saw it before.
    """

    work: WorkCourse
    holding: Holding
    revision: int


def open_copy(session: Session, course_id: str, *, ours: bool = False) -> Opened:
    """Lock the copy, made now if there was none, and store how it lies over today's release.

    Raises NotFound where there is neither a release nor a copy.
    """
    if session.get(WorkCourse, course_id) is None:
        _begin(session, course_id)
    work = session.scalars(
        select(WorkCourse)
        .where(WorkCourse.id == course_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    found = holding.load(session, course_id, ours=ours)
    assert found is not None
    revision = found.revision
    if found.shelf.number != work.base:
        _settle(session, work, found)
        found = holding.load(session, course_id)
        assert found is not None
    return Opened(work, found, revision)


def touched(work: WorkCourse, actor: Actor) -> None:
    """Note a change."""
    work.revision += 1
    work.changed_by = actor.owner
    work.changed_at = clock.now()


def published(session: Session, course_id: str, number: int) -> None:
    """After a release made from this copy: drop what it holds now. Doing it twice is doing it once."""
    work = session.get(WorkCourse, course_id)
    if work is None or work.base == number:
        return
    current = queries.shelf(session, course_id).number == number
    work = open_copy(session, course_id, ours=current).work
    if current:
        work.state, work.publish_at = "entwurf", None


def _begin(session: Session, course_id: str) -> None:
    """A row for a course that is published; two at once make one."""
    shelf = queries.shelf(session, course_id)
    if not shelf.number:
        raise NotFound
    row = {
        "id": course_id,
        "slug": free_slug(session, course_id, shelf.slug),
        "title": shelf.title,
        "base": shelf.number,
        "revision": 0,
        "state": "entwurf",
        "changed_at": clock.now(),
    }
    add_missing(session, WorkCourse, [row], ("id",))


def _settle(session: Session, work: WorkCourse, found: Holding) -> None:
    """Make today's release the base: what it holds goes, what clashes keeps the text it came from."""
    rows = session.scalars(select(WorkText).where(WorkText.course_id == work.id)).all()
    for row in rows:
        laid = found.laid.get(row.key)
        if laid is None or not (laid.changed or laid.clash):
            session.delete(row)
        else:
            _settle_text(row, laid, found)
    for picture in session.scalars(select(WorkPicture).where(WorkPicture.course_id == work.id)):
        if picture.removed and picture.path not in found.shelf.pictures:
            session.delete(picture)
    work.slug = free_slug(session, work.id, found.slug)
    work.base = found.shelf.number
    session.flush()


def _settle_text(row: WorkText, laid: Laid, found: Holding) -> None:
    """A clash keeps what it began from; everything else now begins from today's release."""
    if laid.elsewhere:
        return
    row.path = laid.path
    if laid.sha:
        row.base_path = found.shelf.paths[row.key]
    if laid.clash:
        return
    row.base_sha = laid.sha
    if not laid.sha:
        row.base_path = ""
    if not laid.removed:
        row.text = found.texts[laid.sha] if laid.text is None else laid.text


def free_slug(session: Session, course_id: str, slug: str) -> str:
    """The address, or the course's id where another copy bears it: then that of the release counts."""
    bearer = (WorkCourse.slug == slug) & (WorkCourse.id != course_id)
    return course_id if session.scalar(select(WorkCourse.id).where(bearer)) else slug
