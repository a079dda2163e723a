"""Fault 14: publishing killed at many moments leaves the old release or the new one, whole."""

import shutil
from pathlib import Path

from sqlalchemy import func, select

from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import library, publish, queries
from learn.courses.models import Course, LessonSlug, Release
from tests.faults.conftest import COURSE, School
from tests.faults.killer import killer

KILLS = 20
LONGEST = 60  # seconds
SETTING_UP = """
from pathlib import Path
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish
"""
PUBLISHING = """
database = Database(sys.argv[1], Path(sys.argv[2]) if sys.argv[2] else None)
publish.publish(database, Storage(Path(sys.argv[3])), Path(sys.argv[4]))
os._exit(0)
"""


PATH = """---
id: pfa_aaaaaaaa
titel: Weg
ergebnis: Sie gehen ihn.
kurse: [{course}]
---

Stand {number} dieses Weges.
"""


def changed(folder: Path, number: int) -> None:
    """Another text in every lesson, so that all are rendered again, and in a Lernpfad beside them."""
    course = next(folder.glob("*/kurs.md")).read_text(encoding="utf-8").partition("id: ")[2].split()[0]
    (folder / "pfade").mkdir(exist_ok=True)
    (folder / "pfade/weg.md").write_text(PATH.format(course=course, number=number), encoding="utf-8")
    for path in folder.rglob("*lektion*.md"):
        kept = path.read_text(encoding="utf-8").partition("\n\nStand ")[0]
        path.write_text(f"{kept}\n\nStand {number} dieser Lektion.\n", encoding="utf-8")


def current(database: Database) -> tuple[int, set[str]]:
    """The number of the current release and which states lessons and Lernpfad show; a whole one shows one."""
    with database.reading() as session:
        course = session.scalars(select(Course).where(Course.slug == COURSE)).one()
        release = session.get(Release, course.release_id)
        assert release is not None
        newest = session.scalar(select(func.max(Release.number)).where(Release.course_id == course.id))
        assert release.number == newest, "a release nobody points to"
        found = queries.release(session, release.id)
        assert found is not None
        states = set()
        for entry in found.manifest.lessons():
            text = queries.lesson(session, found, entry.slug)
            assert isinstance(text, library.LessonText)
            states.add(str(text.parts[-1]).rpartition("Stand ")[2].partition(" ")[0])
        path = queries.path(session, "pfade/weg")
        if isinstance(path, library.CourseRelease):
            states.add(path.sheet.html.rpartition("Stand ")[2].partition(" ")[0])
        addresses = session.scalars(select(LessonSlug.version_id).where(LessonSlug.course_id == course.id))
        assert set(addresses) == {entry.version for entry in found.manifest.lessons()}
    return release.number, states


def test_kill_9_while_publishing_leaves_one_whole_release(
    school: School, course_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(course_folder, folder)
    database = school.open()
    arguments = (
        school.config.database_url,
        str(database.lock or ""),
        str(school.config.storage),
        str(folder),
    )
    numbers: list[int] = []
    seconds = 0.05
    with killer(SETTING_UP, PUBLISHING, *arguments) as victim:
        while len(numbers) < KILLS or (len(set(numbers)) < 2 and seconds < LONGEST):
            changed(folder, len(numbers))
            victim.kill_after(seconds)
            released, states = current(database)
            assert len(states) == 1
            numbers.append(released)
            seconds += 0.04 if len(numbers) < KILLS else seconds  # a busy machine needs longer
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 1, "no run came to its end"
    assert len(set(numbers)) < len(numbers), "no run was cut"
    changed(folder, len(numbers))
    assert publish.publish(database, Storage(school.config.storage), folder).published
    assert current(database) == (numbers[-1] + 1, {str(len(numbers))})
    assert publish.publish(database, Storage(school.config.storage), folder).unchanged
    database.dispose()
