"""Measure a whole course as PDF: CPU time of making its data and of typst, and its size.

    python -m tests.performance.course_pdf            10 and 20 lessons of 10 KB
    python -m tests.performance.course_pdf --small    2 and 4: shows that the script runs
    python -m tests.performance.course_pdf --sizes 10 60

To be met on two quiet cores: 3 s for ten lessons, and at most 1.15 times as much per lesson in a course of
twice as many.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from learn.core import migrate
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import library, publish, queries
from learn.courses.library import CourseRelease
from learn.courses.models import Course
from learn.courses.takeaway.document import course_pdf
from tests.performance.publishing import write_course

SECONDS, STEEP = 3.0, 1.15
TRIES = 3


def cpu() -> float:
    """CPU time of this process and of those it started and waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(folder: Path, lessons: int) -> float:
    """Print what a course of so many lessons costs; seconds of CPU."""
    root = folder / f"content-{lessons}"
    write_course(root, 0, lessons)
    database, storage = Database(f"sqlite:///{folder / f'{lessons}.sqlite3'}"), Storage(folder / "files")
    storage.folder.mkdir(exist_ok=True)
    migrate.upgrade(database)
    library.CACHE.clear()  # the ids of another database come again
    publish.publish(database, storage, root)
    with database.reading() as session:
        release = queries.course(session, session.scalars(select(Course.slug)).one())
        assert isinstance(release, CourseRelease)
        texts = queries.lessons(session, release)

    def picture(address: str) -> bytes:
        return storage.path(address.removeprefix("/medien/")).read_bytes()

    costs = []
    for _ in range(TRIES):
        before, began = cpu(), time.monotonic()
        made = course_pdf(release, texts, (), picture, network="Netz", base_url="https://lernen.example")
        costs.append((cpu() - before, time.monotonic() - began))
    seconds, elapsed = min(costs)
    print(f"{lessons} Lektionen: {seconds:.2f} s CPU, {elapsed:.2f} s, {len(made) / 1024:.0f} KB", flush=True)
    database.dispose()
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data")
    parser.add_argument("--sizes", type=int, nargs=2, default=None, help="lessons")
    given = parser.parse_args()
    few, many = given.sizes or ((2, 4) if given.small else (10, 20))
    with tempfile.TemporaryDirectory() as temporary:
        short, long = (measure(Path(temporary), lessons) for lessons in (few, many))
    each = (long / many) / (short / few)
    print(f"je Lektion das {each:.2f}-Fache")
    return 0 if short <= SECONDS and each <= STEEP else 1


if __name__ == "__main__":
    sys.exit(main())
