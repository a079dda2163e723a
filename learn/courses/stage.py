"""Writing a plan: versions, bytes and pictures first, by hash; then the one switch of all courses."""

from collections.abc import Iterator
from posixpath import normpath, relpath
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn import markup
from learn.core import clock
from learn.core.access import Refused
from learn.core.db import Database
from learn.courses import check, release, switch
from learn.courses.models import Asset, Blob, Course, LessonVersion, PublishedId, Release, ReleaseFile
from learn.courses.parse import TEST
from learn.courses.plan import CoursePlan, Plan
from learn.courses.published import chunks
from learn.courses.source import Text
from learn.courses.storing import Storage

STALE = "Inzwischen wurde veröffentlicht. Starten Sie erneut."
BATCH = 25  # lessons in one transaction, so that learners' writes find gaps


def versions(database: Database, plan: Plan) -> dict[str, int]:
    """Store rendered lessons; ids of all lesson versions by lesson id."""
    found: dict[str, int] = {}
    for course in _changed(plan):
        fresh = [lesson for lesson in course.lessons if lesson.version is None]
        found |= {entry.source.id: entry.version.id for entry in course.lessons if entry.version}
        for start in range(0, len(fresh), BATCH):
            rows = [release.version(course, lesson) for lesson in fresh[start : start + BATCH]]
            with database.writing() as session:
                found |= _store(session, rows)
    return found


def texts(database: Database, plan: Plan) -> None:
    """Store the bytes of all Markdown files that are new."""
    for course in _changed(plan):
        known = set(course.base.files.values()) if course.base else set()
        fresh = [text for text in _texts(course) if text.sha not in known]
        for some in chunks(fresh, BATCH):
            rows = [{"sha": text.sha, "data": plan.content.tree.read(text.path)} for text in some]
            with database.writing() as session:
                switch.add_missing(session, Blob, rows, ("sha",))


def pictures(storage: Storage, plan: Plan) -> None:
    """Save the pictures that courses show and their releases do not name yet.

    A file that is there is written again: its new date keeps the daily removal away until the switch.
    """
    tree, saved = plan.content.tree, set()
    for course in _changed(plan):
        known = set(course.base.pictures.values()) if course.base else set()
        for path in shown(plan, course):
            sha, seen = plan.places.stored[path]
            if path in tree.sizes and sha not in known and sha not in saved:
                storage.save(f"{sha}.{seen.ext}", tree.read(path))
                saved.add(sha)


def switch_all(session: Session, plan: Plan, version_ids: dict[str, int], backend: str) -> None:
    """Write the releases and point all courses to them. Raises Refused when a base is stale."""
    rows = _locked(session, plan)
    for course in _changed(plan):
        if course.id in rows and rows[course.id].slug != course.slug:
            rows[course.id].slug = course.id  # parked, so that two courses may swap addresses
    session.flush()
    for course in _changed(plan):
        row = rows.get(course.id) or _new_course(session, course)
        made = _release(session, plan, course, version_ids)
        _assets(session, plan, course, backend)
        _files(session, plan, course, made)
        _ids(session, course)
        switch.point(session, row, made)


def next_number(session: Session, course_id: str) -> int:
    """The number of the next release; numbers only grow."""
    last = session.scalar(select(func.max(Release.number)).where(Release.course_id == course_id))
    return (last or 0) + 1


def shown(plan: Plan, course: CoursePlan) -> Iterator[str]:
    """Paths of the pictures a course shows; one elsewhere only if its folder has none of these bytes."""
    wanted = check.addresses(course)
    near = [path for path in course.shared.pictures if path in plan.places.stored]
    seen: set[str] = set()
    for path in sorted(near, key=lambda path: (not path.startswith(course.folder), path)):
        sha, picture = plan.places.stored[path]
        address = f"/medien/{sha}.{picture.ext}"
        own = path.startswith(course.folder)
        if address in wanted and (own or address not in seen):
            yield path
        seen.add(address)


def _changed(plan: Plan) -> list[CoursePlan]:
    return [course for course in plan.courses if not course.unchanged]


def _texts(course: CoursePlan) -> list[Text]:
    return list(course.source.texts()) if course.source else [course.text]


def _store(session: Session, rows: list[dict[str, Any]]) -> dict[str, int]:
    switch.add_missing(session, LessonVersion, rows, ("lesson_id", "source_hash"))
    wanted = {(row["lesson_id"], row["source_hash"]) for row in rows}
    columns = (LessonVersion.id, LessonVersion.lesson_id, LessonVersion.source_hash)
    ids = {lesson_id for lesson_id, _ in wanted}
    stored = session.execute(select(*columns).where(LessonVersion.lesson_id.in_(ids)))
    return {row.lesson_id: row.id for row in stored if (row.lesson_id, row.source_hash) in wanted}


def _locked(session: Session, plan: Plan) -> dict[str, Course]:
    """The course rows, locked against other publishers; every base must still be current."""
    found: dict[str, Course] = {}
    for some in chunks(sorted(course.id for course in plan.courses)):
        query = select(Course).where(Course.id.in_(some)).order_by(Course.id).with_for_update()
        found |= {row.id: row for row in session.scalars(query)}
    for course in plan.courses:
        row = found.get(course.id)
        if (row.release_id if row else None) != (course.base.release_id if course.base else None):
            raise Refused(STALE, status=409)
    return found


def _new_course(session: Session, course: CoursePlan) -> Course:
    row = Course(
        id=course.id,
        kind=course.text.kind,  # kurs, glossar, pfad
        slug=course.id,
        title=course.text.head.text("titel"),
        position=switch.next_position(session),
        published_on=clock.today(),
    )
    session.add(row)
    session.flush()
    return row


def _release(session: Session, plan: Plan, course: CoursePlan, version_ids: dict[str, int]) -> Release:
    tree = release.manifest(course, version_ids)
    came_from = plan.content.tree.store.origin(course.text.path)
    made = Release(
        course_id=course.id,
        number=next_number(session, course.id),
        origin=came_from,
        created_at=clock.now(),
        renderer=min([markup.RENDERER, *(kept.version.parser for kept in course.lessons if kept.version)]),
        manifest=tree.as_json(),
        sheet=release.sheet(course, tree),
        details=release.details(course, came_from),
    )
    session.add(made)
    session.flush()
    return made


def _assets(session: Session, plan: Plan, course: CoursePlan, backend: str) -> None:
    rows = {}
    for path in shown(plan, course):
        sha, seen = plan.places.stored[path]
        size = plan.content.tree.sizes.get(path)
        if size is not None:
            rows[sha] = {"sha": sha, "ext": seen.ext, "width": seen.width, "height": seen.height}
            rows[sha] |= {"size": size, "backend": backend}
    switch.add_missing(session, Asset, rows.values(), ("sha",))


def _files(session: Session, plan: Plan, course: CoursePlan, made: Release) -> None:
    """Name the release's files; questions that the folder lacks stay."""
    files = {course.inner(text): text.sha for text in _texts(course)}
    if course.base and TEST in course.base.files:
        files.setdefault(TEST, course.base.files[TEST])
    rows = [ReleaseFile(release_id=made.id, path=path, sha=sha) for path, sha in files.items()]
    for path in shown(plan, course):
        inner = relpath(path, normpath(course.folder or "."))
        sha = plan.places.stored[path][0]
        rows.append(ReleaseFile(release_id=made.id, path=inner, sha=sha, picture=True))
    session.add_all(rows)
    session.flush()


def _ids(session: Session, course: CoursePlan) -> None:
    rows = [{"id": identity, "course_id": course.id} for identity in release.paths(course)]
    switch.upsert(session, PublishedId, rows, ("id",))
