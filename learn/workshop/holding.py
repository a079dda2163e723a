"""A course's working copy as it stands: its rows, the current release, and both laid over each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.courses.models import PublishedId
from learn.workshop import queries, rebase
from learn.workshop.keys import standard
from learn.workshop.models import WorkCourse, WorkText
from learn.workshop.queries import Shelf
from learn.workshop.rebase import Laid

EVERY_RELEASE = 1_000_000  # parts a copy's revision from the number of the release it lies over
AS_PUBLISHED = 1_000_000_000  # from here on revisions name published bytes


@dataclass(frozen=True, slots=True)
class Holding:
    """`work` is None while nobody has changed anything. `texts`: stored ones by hash, as far as compared.

    `names`: who saved the rows, by key.
    """

    course_id: str
    work: WorkCourse | None
    shelf: Shelf
    base: Shelf
    laid: Mapping[str, Laid]
    texts: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def slug(self) -> str:
        """The address: the release's unless it was changed here."""
        if self.work is None or self.work.slug in {self.base.slug, self.course_id}:
            return self.shelf.slug
        return self.work.slug

    @property
    def revision(self) -> int:
        """Names this state of the copy; changes here and releases change it."""
        return revision_of(self.shelf.number, self.work)

    def revision_of(self, laid: Laid) -> int:
        """Names this state of a text: a number of its own while it differs, else one of its bytes."""
        if laid.row is not None and (laid.text is not None or laid.removed or not laid.sha):
            return laid.row.revision
        return as_published(laid.sha)


def revision_of(number: int, work: WorkCourse | None) -> int:
    """Names the state of a copy over the release of this number."""
    return number * EVERY_RELEASE + (work.revision if work else 0)


def as_published(sha: str) -> int:
    """The revision of a text that is as its release has it."""
    return AS_PUBLISHED + int(sha[:7], 16)


def load(session: Session, course_id: str, *, ours: bool = False) -> Holding | None:
    """The working copy; None when there is neither a release nor a copy.

    `ours`: the current release is known to come from this copy.
    """
    work = session.get(WorkCourse, course_id, populate_existing=True)
    there = queries.shelf(session, course_id)
    if work is None and not there.number:
        return None
    base = there
    if work is not None and work.base != there.number:
        base = queries.shelf_of(session, course_id, work.base)
    rows, names = _rows(session, course_id) if work else ([], {})
    texts = queries.texts_of(session, rebase.needed(rows, there))
    ours = ours or (work is not None and rebase.own(work, there))
    laid = rebase.lay(rows, base, there, texts, ours=ours)
    return Holding(course_id, work, there, base, laid, texts, names)


def course_of(session: Session, key: str) -> str | None:
    """The course a text belongs to, drafts first."""
    found = session.scalar(select(WorkText.course_id).where(WorkText.key.in_({key, standard(key)})).limit(1))
    if found is None:
        found = session.scalar(select(PublishedId.course_id).where(PublishedId.id == standard(key)))
    return found


def body(session: Session, holding: Holding, laid: Laid) -> str:
    """The whole text, as it is edited."""
    if laid.removed and laid.row is not None:
        return laid.row.text
    if laid.text is not None:
        return laid.text
    return holding.texts.get(laid.sha) or queries.texts_of(session, [laid.sha])[laid.sha]


def bodies(session: Session, holding: Holding, some: Iterable[Laid]) -> dict[str, str]:
    """Several of them by key, in few statements."""
    wanted = [laid for laid in some if laid.text is None and not laid.removed]
    stored = queries.texts_of(session, {laid.sha for laid in wanted} - holding.texts.keys())
    stored.update(holding.texts)
    return {
        laid.key: laid.row.text
        if laid.removed and laid.row
        else (laid.text if laid.text is not None else stored[laid.sha])
        for laid in some
    }


def _rows(session: Session, course_id: str) -> tuple[list[WorkText], dict[str, str]]:
    query = select(WorkText, Person.name).outerjoin(Person, Person.id == WorkText.saved_by)
    found = session.execute(
        query.where(WorkText.course_id == course_id).execution_options(populate_existing=True)
    ).all()
    return [row for row, _name in found], {row.key: name or "" for row, name in found}
