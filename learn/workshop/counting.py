"""Once a day each published course is counted: its learners, and who has asked about it in the forum."""

from learn.core import cleaning, jobs
from learn.core.db import Database
from learn.courses import queries as shelf
from learn.forum import askers
from learn.learning import figures


@jobs.job("count_courses", every=cleaning.DAY)
def count_courses(work: jobs.Work) -> None:
    """One course after the other, each in transactions of its own; what was counted today is left out."""
    with work.database.reading() as session:
        waiting = figures.waiting(session)
    for course_id in waiting:
        count_course(work.database, course_id)
    with work.database.writing() as session:
        figures.forget(session)


def count_course(database: Database, course_id: str) -> None:
    """Reads without a lock, then writes one row."""
    with database.reading() as session:
        release = shelf.current_by_id(session, [course_id]).get(course_id)
        if release is None:
            return
        counts = figures.count(session, release.manifest, askers.by_lesson(session, course_id))
    with database.writing() as session:
        figures.store(session, course_id, counts)
