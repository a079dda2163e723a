"""Published objects for tests of learning: typed plain functions."""

from collections.abc import Iterable

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor
from learn.courses.library import CACHE, CourseRelease, CourseSheet
from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.courses.models import Course, LessonVersion, Release
from tests.factories import make_person


def make_actor(session: Session, name: str = "Jana Hellweg") -> Actor:
    """A person as the actor of a request."""
    person = make_person(session, name=name)
    return Actor(person.id, name)


def manifest_of(
    lessons: Iterable[LessonEntry],
    *,
    edition: int = 1,
    retired: Iterable[LessonEntry] = (),
    test: bool = False,
) -> Manifest:
    """A course of one module."""
    module = ModuleEntry("mod_1", "grundlagen", "Grundlagen", "", "", tuple(lessons))
    return Manifest("kur_1", "sensoren", "Sensoren", edition, (module,), tuple(retired), test)


def publish(session: Session, manifest: Manifest, *, test: dict[str, object] | None = None) -> CourseRelease:
    """Store a release with its lessons' versions and make it the current one."""
    CACHE.clear()
    course = session.get(Course, manifest.course_id)
    if course is None:
        course = Course(
            id=manifest.course_id, kind="kurs", slug="sensoren", title="Sensoren", published_on=clock.today()
        )
        session.add(course)
        session.flush()
    number = 1 + (session.scalar(select(func.count()).select_from(Release)) or 0)
    row = Release(
        course_id=course.id,
        number=number,
        origin="folder",
        created_at=clock.now(),
        renderer=1,
        manifest=manifest.as_json(),
        sheet={"outcome": "", "html": ""},
        details={"test": test},
    )
    session.add(row)
    for entry in manifest.lessons():
        session.add(_version(course.id, entry, number))
    session.flush()
    course.release_id = row.id
    sheet = CourseSheet(outcome="", html=Markup(""))
    return CourseRelease(row.id, course.id, number, clock.today(), manifest, sheet)


def _version(course_id: str, entry: LessonEntry, number: int) -> LessonVersion:
    return LessonVersion(
        course_id=course_id,
        lesson_id=entry.id,
        source_hash=f"{entry.id}-{number}",
        content_hash=entry.id,
        edition=entry.edition,
        parser=1,
        renderer=1,
        sheet={},
        parts=[],
        headings=[],
        plain=None,
        trace={},
        source="0" * 64,
    )
