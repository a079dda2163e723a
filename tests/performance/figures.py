"""Measure the daily count of a course's figures: CPU time and memory with few learners and with many.

    python -m tests.performance.figures            2,000 and 20,000 people in one course of twenty lessons
    python -m tests.performance.figures --small    20 and 80: shows that the script runs

Each has done half of the lessons. To be met: ten times the people at most 13 times the time, and at most 8 MB
more memory; reading the figures at most 3 statements, however many they count.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from datetime import date
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import migrate
from learn.core.db import Database
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import figures
from learn.learning.models import Enrolment, ProgressEntry
from learn.workshop import counting
from tests.conftest import make_config
from tests.learning.factories import manifest_of, publish
from tests.performance.towns import statements

LESSONS, TRIES = 20, 3
STEEP, MEGABYTES, STATEMENTS = 1.3, 8, 3
AT_ONCE = 5000
DAY = date(2026, 6, 2)
TREE = manifest_of(
    LessonEntry(f"les_{place:08}", f"lektion-{place}", f"Lektion {place}", 1, 1, 5, required=True)
    for place in range(LESSONS)
)


def invent(database: Database, people: int) -> None:
    """So many people in one course, each with half of its lessons done."""
    with database.writing() as session:
        release = publish(session, TREE)
    for start in range(0, people, AT_ONCE):
        numbers = range(start + 1, min(start + AT_ONCE, people) + 1)
        with database.writing() as session:
            session.execute(insert(Person), [person(number) for number in numbers])
            session.execute(insert(Enrolment), [enrolment(number, release) for number in numbers])
            session.execute(
                insert(ProgressEntry), [row for number in numbers for row in log(number, release)]
            )


def person(number: int) -> dict[str, object]:
    email = f"p{number}@example.org"
    return {"id": number, "email": email, "email_key": email, "name": f"Person {number}", "created_on": DAY}


def enrolment(number: int, release: CourseRelease) -> dict[str, object]:
    return {
        "id": number,
        "person_id": number,
        "course_id": release.course_id,
        "release_id": release.id,
        "day": DAY,
    }


def log(number: int, release: CourseRelease) -> list[dict[str, object]]:
    done = [entry.id for place, entry in enumerate(TREE.lessons()) if (place + number) % 2]
    return [
        {
            "enrolment_id": number,
            "object_id": lesson_id,
            "edition": 1,
            "event": "done",
            "pass_": 0,
            "release_id": release.id,
            "request_id": f"{number}-{lesson_id}",
            "day": DAY,
        }
        for lesson_id in done
    ]


def measure(people: int) -> tuple[float, float, int]:
    """Print and give CPU seconds of a count, the most MB it held, and statements of reading it."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.of(make_config(Path(folder) / "instance"))
        migrate.upgrade(database)
        invent(database, people)
        with database.reading() as session:
            seconds = min(spent(session) for _ in range(TRIES))
        tracemalloc.start()
        counting.count_course(database, TREE.course_id)
        megabytes = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        with database.reading() as session, statements() as asked:
            counting.sheet(session, TREE.course_id)
        database.dispose()
    print(f"{people} people: {seconds:.2f} s, {megabytes:.1f} MB, {len(asked)} statements")
    return seconds, megabytes, len(asked)


def spent(session: Session) -> float:
    """CPU seconds of counting the course once."""
    before = time.process_time()
    figures.count(session, TREE, {})
    return time.process_time() - before


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", action="store_true")
    small = parser.parse_args(arguments).small
    few, many = (20, 80) if small else (2000, 20_000)
    first, second = measure(few), measure(many)
    steep = second[0] / first[0] / (many / few)
    met = [second[1] - first[1] <= MEGABYTES, second[2] <= STATEMENTS, small or steep <= STEEP]
    print(f"per person: {steep:.2f} times")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
