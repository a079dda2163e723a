"""The releases of a course, what each changed for learners, and the way back to one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learn.core import audit, clock
from learn.core.access import Actor, NotFound, Refused
from learn.courses import changes, rollback
from learn.courses.changes import Change, Side
from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.models import Course, LessonVersion, Release
from learn.courses.origin import WORKSHOP
from learn.courses.published import chunks
from learn.learning import figures
from learn.learning.affected import affected
from learn.notices import events
from learn.workshop import counting, steps
from learn.workshop.steps import Step

SHOWN = 20  # releases of one page
ROLLED_BACK = "kurs_rollback"  # the kind of event
FASTER = "Inzwischen gilt eine andere Veröffentlichung. Sehen Sie nach, ob Sie noch zurückwollen."
CURRENT = "Diese Veröffentlichung gilt schon."
TAKEN = "Die Adresse „{slug}“ gehört inzwischen dem Kurs „{title}“. Geben Sie ihm zuerst eine andere."


@dataclass(frozen=True, slots=True)
class Shown:
    """A release. `commit`: short, of a folder in Git; `ours`: from the Werkstatt. `step`: who published it.

    `changes`: of lessons against the release before; `first`: there is none.
    """

    number: int
    day: date
    ours: bool
    commit: str
    current: bool
    first: bool
    lessons: int
    changes: tuple[Change, ...]
    step: Step | None


@dataclass(frozen=True, slots=True)
class History:
    """Releases of a course, the newest first. `before`: number where the next page begins, 0 at the end."""

    course: Course
    current: int
    rows: tuple[Shown, ...]
    before: int


@dataclass(frozen=True, slots=True)
class WayBack:
    """What pointing a course to another release means. `learners`: in words."""

    course: Course
    current: int
    number: int
    day: date
    changes: tuple[Change, ...]
    learners: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A stored release with its tree."""

    id: int
    number: int
    day: date
    origin: str
    tree: Manifest


def history(session: Session, course_id: str, before: int = 0) -> History:
    """Some releases, below the number `before` where one is given. Raises NotFound."""
    course = _course(session, course_id)
    numbers = Release.number < before if before else Release.number > 0
    found = _releases(session, course_id, numbers, SHOWN + 1)
    hashes = _hashes(session, [release.tree for release in found])
    made = steps.of_releases(session, course_id, [release.number for release in found[:SHOWN]])
    current = session.scalar(select(Release.number).where(Release.id == course.release_id)) or 0
    older = [*found[1:], None]
    rows = [
        _shown(new, old, hashes, course.release_id, made.get(new.number))
        for new, old in zip(found, older, strict=True)
    ][:SHOWN]
    return History(course, current, tuple(rows), rows[-1].number if len(found) > SHOWN else 0)


def way_back(session: Session, course_id: str, number: int) -> WayBack:
    """What learners will notice if the course points to that release. Raises NotFound, Refused."""
    course = _course(session, course_id)
    pair = _releases(session, course_id, (Release.id == course.release_id) | (Release.number == number), 2)
    here = next(release for release in pair if release.id == course.release_id)
    there = next((release for release in pair if release.number == number), None)
    if there is None:
        raise NotFound
    if there.id == here.id:
        raise Refused(CURRENT, status=409)
    _free_address(session, course, there.tree.slug)
    return WayBack(
        course=course,
        current=here.number,
        number=number,
        day=there.day,
        changes=_between(here.tree, there.tree, _hashes(session, [here.tree, there.tree])),
        learners=counting.told(figures.shown(session, course_id), affected(session, here.tree, there.tree)),
    )


def roll_back(session: Session, actor: Actor, course_id: str, number: int, *, shown: int) -> None:
    """Point the course to that release; `shown` is the one that was current when somebody decided it.

    Drafts stay: they lie over the release that is current then. Raises NotFound; Refused: 409, or its address
    belongs to another course.
    """
    locked = select(Course).where(Course.id == course_id).with_for_update()
    course = _published(session.scalars(locked.execution_options(populate_existing=True)).one_or_none())
    current = session.get_one(Release, course.release_id)
    if current.number != shown:
        raise Refused(FASTER, status=409)
    tree = session.scalar(select(Release.manifest).where(_named(course_id, number)))
    if tree is None:
        raise NotFound
    if number == shown:
        raise Refused(CURRENT, status=409)
    _free_address(session, course, tree["slug"])
    rollback.roll_back(session, course_id, number)
    steps.take(session, course_id, steps.ROLLED_BACK, actor.owner, release=number)
    why = f"Veröffentlichung {number} statt {shown}"
    audit.record(session, audit.person(actor.owner), "kurs.zurueckgenommen", f"kurs:{course_id}", why)
    events.record(session, ROLLED_BACK, f"kurs:{course_id}", was=shown, by=actor.owner)


def _course(session: Session, course_id: str) -> Course:
    """The published course. Raises NotFound."""
    return _published(session.get(Course, course_id))


def _published(found: Course | None) -> Course:
    """The same, found already; a Lernpfad is none, it goes back by the command."""
    if found is None or found.release_id is None or found.kind == "pfad":
        raise NotFound
    return found


def _named(course_id: str, number: int) -> ColumnElement[bool]:
    return (Release.course_id == course_id) & (Release.number == number)


def _releases(session: Session, course_id: str, which: ColumnElement[bool], most: int) -> list[_Known]:
    columns = (Release.id, Release.number, Release.created_at, Release.origin, Release.manifest)
    query = select(*columns).where(Release.course_id == course_id, which)
    return [
        _Known(
            row.id,
            row.number,
            clock.local(row.created_at).date(),
            row.origin,
            Manifest.from_json(row.manifest),
        )
        for row in session.execute(query.order_by(Release.number.desc()).limit(most))
    ]


def _shown(
    new: _Known, old: _Known | None, hashes: Mapping[int, str], current_id: int | None, step: Step | None
) -> Shown:
    _folder, _space, commit = new.origin.partition(" ")
    return Shown(
        number=new.number,
        day=new.day,
        ours=new.origin == WORKSHOP,
        commit=commit[:10],
        current=new.id == current_id,
        first=new.number == 1,
        lessons=sum(1 for _entry in new.tree.lessons()),
        changes=_between(old.tree, new.tree, hashes) if old else (),
        step=step,
    )


def _between(old: Manifest, new: Manifest, hashes: Mapping[int, str]) -> tuple[Change, ...]:
    """What became of the lessons."""
    return changes.between(_side(old, hashes), _side(new, hashes))


def _side(tree: Manifest, hashes: Mapping[int, str]) -> Side:
    entries = list(tree.lessons())
    named = {entry.id: hashes.get(entry.version, str(entry.version)) for entry in entries}
    return Side(tree, named, dict.fromkeys(named, ""))


def _hashes(session: Session, trees: Sequence[Manifest]) -> dict[int, str]:
    """What decides whether learners see another lesson, by version; only of those that differ anywhere."""
    seen: dict[str, set[int]] = {}
    for entry in _entries(trees):
        seen.setdefault(entry.id, set()).add(entry.version)
    wanted = sorted(version for versions in seen.values() if len(versions) > 1 for version in versions)
    found: dict[int, str] = {}
    for some in chunks(wanted):
        columns = select(LessonVersion.id, LessonVersion.content_hash).where(LessonVersion.id.in_(some))
        found.update({row.id: row.content_hash for row in session.execute(columns)})
    return found


def _entries(trees: Sequence[Manifest]) -> list[LessonEntry]:
    return [entry for tree in trees for entry in tree.lessons()]


def _free_address(session: Session, course: Course, slug: str) -> None:
    """Raises Refused when another course bears the address that this one had then."""
    other = select(Course.title).where(Course.slug == slug, Course.id != course.id)
    title = session.scalar(other)
    if title is not None:
        raise Refused(TAKEN.format(slug=slug, title=title), status=409)
