"""A course on its way in: read by the worker or at once, compared with what is there, then taken over."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.core.folding import fold
from learn.core.models import Job
from learn.core.storage import Storage
from learn.courses import pictures, publish
from learn.courses.findings import Finding
from learn.courses.foreign import checking
from learn.courses.foreign.reading import Source, printable
from learn.courses.models import Course as CourseRow
from learn.workshop import archives, arriving, comparing, media, recognising, saving
from learn.workshop.comparing import CAUSE, Comparison, Incoming
from learn.workshop.laying import Write
from learn.workshop.models import WorkCourse
from learn.workshop.sent import BROKEN, READ, WAITING, Course, Group, Place, State

STAYS = timedelta(hours=1)
UNSAID = frozenset({"K111", "K308", "K309"})  # of no use before anything is published
SAID = UNSAID | checking.SAID  # by the importer of foreign material itself
FAILED = "Das Einlesen ist nicht gelungen. Versuchen Sie es noch einmal."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that arrived and lies in the storage now."""

    sha: str
    ext: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What she decided: the address, texts and pictures to replace though edited, whether missing ones go."""

    slug: str = ""
    replaced: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    remove_missing: bool = False


def read_later(session: Session, place: Place, target: str) -> None:
    """Have the worker read it."""
    who = {"person_id": place.person_id, "token": place.token}
    jobs.enqueue(session, "read_course", dedupe=None, run_at=None, target=target, **who)


def forget_later(session: Session, place: Place) -> None:
    """Let it go after its hour."""
    ends = clock.now() + STAYS
    jobs.enqueue(session, "forget_course", run_at=ends, person_id=place.person_id, token=place.token)


@jobs.job("read_course", attempts=2)
def read_course(work: jobs.Work, *, person_id: int, token: str, target: str = "") -> None:
    """Read what was sent in; a second run does it again."""
    read(work.database, Place(work.config, person_id, token), target)


@jobs.job("forget_course")
def forget_course(work: jobs.Work, *, person_id: int, token: str) -> None:
    """The hour is over; what still waits to be read gets another one."""
    place = Place(work.config, person_id, token)
    waiting = (Job.name == "read_course") & (Job.state == "due")
    with work.database.writing() as session:
        if session.scalar(select(Job.id).where(waiting, Job.arguments["token"].as_string() == token)):
            forget_later(session, place)
            return
    place.discard()


def read(database: Database, place: Place, target: str = "") -> State:
    """Lay the courses out and check them; slow. `target`: the course that foreign material belongs to."""
    state = place.state()
    if state is None or state.state != WAITING:
        return state or State(BROKEN, "", FAILED)
    try:
        source = archives.Arrived(place.storage.path(place.sent), state.name)
        state = replace(state, state=READ, courses=_read(database, place, source, target))
    except Refused as refused:
        state = replace(state, state=BROKEN, problem=refused.message)
    place.note(state)
    place.storage.delete(place.sent)
    return state


def _read(database: Database, place: Place, source: Source, target: str) -> list[Course]:
    with tempfile.TemporaryDirectory(prefix="learn-") as folder:
        courses = arriving.arrive(source, Path(folder) / "kurse")
        found = []
        for course in courses:
            if course.foreign:
                with database.reading() as session:
                    recognising.recognise(session, course, target if len(courses) == 1 else "")
            report = publish.examine(database, course.folder)
            known = SAID if course.foreign else UNSAID
            said = [finding for finding in report.findings if finding.code not in known]
            found.append(
                Course(course.slug, course.foreign, grouped(said), grouped(course.left), len(course.anew))
            )
        place.storage.fill(place.laid, lambda target_file: _pack(target_file, courses))
    return found


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """One group for each code, errors first."""
    found: dict[str, Group] = {}
    for one in findings:
        shown = f"{printable(one.file)}, Zeile {one.line}"
        before = found.get(one.code, Group(one.code, one.severity, 0, shown, one.message))
        found[one.code] = replace(before, count=before.count + 1)
    order = ("error", "warning", "note")
    return sorted(found.values(), key=lambda group: (order.index(group.severity), group.code))


def _pack(target: BinaryIO, courses: Sequence[arriving.Arrived]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for number, course in enumerate(courses):
            for file in sorted(course.folder.rglob("*")):
                if file.is_file():
                    made.write(file, f"{number}/{file.relative_to(course.folder).as_posix()}")


@contextmanager
def _opened(place: Place) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(place.storage.path(place.laid)) as found:
        yield found


def compared(session: Session, place: Place) -> list[Comparison]:
    """What taking over each course would do, as things stand now."""
    state = place.state()
    return [comparing.compare(session, incoming) for incoming in _incoming(place, state)]


def _incoming(place: Place, state: State | None) -> Iterator[Incoming]:
    with _opened(place) as found:
        for number, course in enumerate(state.courses if state else ()):
            yield _course(found, f"{number}/", course)


def _course(found: zipfile.ZipFile, prefix: str, course: Course) -> Incoming:
    names = [name.removeprefix(prefix) for name in found.namelist() if name.startswith(prefix)]
    texts = {name: found.read(prefix + name).decode("utf-8-sig") for name in names if name.endswith(".md")}
    keys = arriving.keys_in(texts)
    hashes = {
        name: sha256(found.read(prefix + name)).hexdigest() for name in names if not name.endswith(".md")
    }
    by_key = {key: (path, texts[path]) for path, key in keys.items()}
    return Incoming(keys.get("kurs.md", ""), course.slug, course.foreign, by_key, hashes)


def take_over(
    database: Database, place: Place, actor: Actor, choices: Mapping[int, Choice]
) -> tuple[str, ...]:
    """Make the courses working copies, or change those that are there; their ids. Nothing is published.

    Pictures are stored first. Raises Refused: 409 when a course was changed meanwhile, 422 at `slug-<i>`.
    """
    state = place.state()
    incoming = list(_incoming(place, state))
    with database.reading() as session:
        plans = [comparing.compare(session, one) for one in incoming]
    for plan in plans:
        if plan.problem:
            raise Refused(plan.problem)
    with _opened(place) as found:
        stored = [
            {
                path: _stored(place.storage, found, f"{number}/{path}")
                for path in _wanted(plan, choices.get(number, Choice()))
            }
            for number, plan in enumerate(plans)
        ]
    with database.writing() as session:
        for number, plan in enumerate(plans):
            _write(session, actor, incoming[number], plan, choices.get(number, Choice()), number)
            media.put_all(session, actor, plan.course_id, stored[number])
    place.discard()
    return tuple(plan.course_id for plan in plans)


def _wanted(plan: Comparison, choice: Choice) -> tuple[str, ...]:
    """Paths of the pictures to take: those authors have changed only where she said so."""
    return (
        *plan.pictures,
        *plan.replaced,
        *(path for path in plan.altered if comparing.mark(path) in choice.pictures),
    )


def _stored(storage: Storage, found: zipfile.ZipFile, name: str) -> Picture:
    data = found.read(name)
    seen = pictures.inspect(data)
    if seen is None:
        raise Refused(FAILED)
    sha = sha256(data).hexdigest()
    storage.save(f"{sha}.{seen.ext}", data)
    return Picture(sha, seen.ext, seen.width, seen.height, len(data))


def _write(
    session: Session, actor: Actor, incoming: Incoming, plan: Comparison, choice: Choice, number: int
) -> None:
    if plan.new:
        try:
            files = dict(incoming.texts.values())
            saving.create(session, actor, choice.slug or incoming.slug, files)
        except Refused as refused:
            at = f"slug-{number}" if refused.field == "slug" else ""
            raise Refused(refused.message, field=at) from refused
        return
    taken = [line for line in plan.edited if line.key in choice.replaced]
    writes = [
        Write(line.key, *incoming.texts[line.key])
        for line in (*plan.added, *plan.changed, *plan.moved, *taken)
    ]
    if choice.remove_missing:
        writes += [Write(line.key, line.path, None) for line in plan.missing]
    if writes:
        saving.apply(session, actor, plan.course_id, writes, revision=plan.revision, cause=CAUSE)


def courses(session: Session) -> list[tuple[str, str]]:
    """All courses, ids and titles, by title: drafts as they are called now."""
    published = select(CourseRow.id, CourseRow.title).where(CourseRow.kind == "kurs")
    found = {row.id: row.title for row in session.execute(published)}
    found |= {row.id: row.title for row in session.execute(select(WorkCourse.id, WorkCourse.title))}
    kept = [(key, title) for key, title in found.items() if key.startswith("kur_")]
    return sorted(kept, key=lambda pair: (fold(pair[1]), pair[0]))
