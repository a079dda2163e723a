"""K308, K309: files of a folder whose published version was written in the Werkstatt since."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses.check import Found
from learn.courses.models import ReleaseFile
from learn.courses.origin import WORKSHOP
from learn.courses.parse import PLAIN, TEST
from learn.courses.plan import CoursePlan, Plan
from learn.courses.published import Base, chunks
from learn.courses.source import Text
from learn.markup.model import Fault


def findings(session: Session, plan: Plan, course: CoursePlan, base: Base) -> Iterator[Found]:
    """K308 where the file is an earlier version: publishing it would undo what the Werkstatt wrote.

    K309 where it is none: both were changed, or the folder lacks the text. So it is for the Abschlusstest
    too, even if it is an earlier version, because `export` leaves it out.
    """
    if plan.content.tree.store.origin(course.text.path) == WORKSHOP:
        return
    here = _here(plan, course, base)
    other = {path: sha for path, sha in base.files.items() if sha in base.workshop and path in here}
    changed = {path: here[path] for path, sha in other.items() if here[path].sha != sha}
    known = _published(session, {text.sha for text in changed.values()})
    for path, text in changed.items():
        older = text.sha in known and path != TEST
        yield text.path, Fault("K308" if older else "K309", 1), text.id
    for path, sha in base.files.items():
        if sha in base.workshop and path not in here and path != TEST:
            yield course.folder + path, Fault("K309", 1), ""


def _here(plan: Plan, course: CoursePlan, base: Base) -> dict[str, Text]:
    """The folder's texts by the paths they are published at, wherever they lie now."""
    found: dict[str, Text] = {}
    plains = {lesson.id: lesson.plain for each in plan.content.courses for lesson in each.lessons()}
    for identity, path in base.paths.items():
        text = plan.ids.get(identity)
        plain = plains.get(identity)
        if text is not None:
            found[path] = text
        if plain is not None:
            found[path.removesuffix(".md") + PLAIN] = plain
    test = course.source.test if course.source else None
    return {TEST: test, **found} if test else found


def _published(session: Session, shas: set[str]) -> set[str]:
    """Those of the hashes that some release holds."""
    found: set[str] = set()
    for some in chunks(sorted(shas)):
        found.update(session.scalars(select(ReleaseFile.sha).where(ReleaseFile.sha.in_(some))))
    return found
