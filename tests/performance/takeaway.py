"""Measure a course as EPUB and as pages for a USB stick: CPU time of building them, and their size.

    python -m tests.performance.takeaway            20 and 40 lessons of 10 KB
    python -m tests.performance.takeaway --small    2 and 4: shows that the script runs

To be met on two quiet cores: 2 s for twenty lessons, and at most 1.15 times as much per lesson in a course of
twice as many; two lessons are over too soon to tell.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from learn.core import migrate
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import library, publish, queries
from learn.courses.library import CourseRelease
from learn.courses.models import Course
from learn.courses.takeaway import book, epub, folder
from learn.courses.takeaway.stored import Pictures, material
from tests.conftest import make_config
from tests.performance.publishing import write_course

SECONDS, STEEP = 2.0, 1.15
TRIES = 3
Forms = tuple[str, Callable[[Pictures], Callable[[str], str]], Callable[[book.Book, Pictures, BytesIO], None]]
FORMS: dict[str, Forms] = {
    "EPUB": (epub.ENDING, epub.picture_name, epub.write),
    "ZIP": (folder.ENDING, folder.picture_name, folder.write),
}


def measure(root: Path, lessons: int) -> dict[str, float]:
    """Print what the files of a course of so many lessons cost; seconds of CPU by kind."""
    write_course(root / "content", 0, lessons)
    config = make_config(root / "instance")
    database, storage = Database.of(config), Storage(config.storage)
    migrate.upgrade(database)
    library.CACHE.clear()  # the ids of another database come again
    publish.publish(database, storage, root / "content")
    with database.reading() as session:
        release = queries.course(session, session.scalars(select(Course.slug)).one())
        assert isinstance(release, CourseRelease)
        given = material(session, config, release)
    found = {}
    for kind, (ending, name, write) in FORMS.items():
        costs = []
        for _ in range(TRIES):
            before, target = time.process_time(), BytesIO()
            pictures = Pictures(storage)
            write(book.make(given, ending, name(pictures)), pictures, target)
            costs.append(time.process_time() - before)
        found[kind] = min(costs)
        size = len(target.getvalue()) / 1024
        print(f"{lessons} Lektionen als {kind}: {found[kind]:.2f} s CPU, {size:.0f} KB", flush=True)
    database.dispose()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="little data")
    small = parser.parse_args().small
    few, many = (2, 4) if small else (20, 40)
    with tempfile.TemporaryDirectory() as temporary:
        short, long = (measure(Path(temporary) / str(lessons), lessons) for lessons in (few, many))
    each = max((long[kind] / many) / (short[kind] / few) for kind in FORMS)
    print(f"je Lektion das {each:.2f}-Fache")
    return 0 if max(short.values()) <= SECONDS and (small or each <= STEEP) else 1


if __name__ == "__main__":
    sys.exit(main())
