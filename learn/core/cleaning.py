"""Daily and frequent chores of the machinery: what has expired goes, the write-ahead log is put away."""

from datetime import timedelta

from sqlalchemy import delete

from learn.core import audit, clock, jobs
from learn.core.models import Job, RescuedForm, SignIn, Throttle

DEAD_JOBS_STAY = timedelta(days=30)
DAY = timedelta(days=1)


@jobs.job("clean_up", every=DAY)
def clean_up(work: jobs.Work) -> None:
    """Remove rows whose retention, as their tables declare it, has ended."""
    now = clock.now()
    with work.database.writing() as session:
        session.execute(delete(SignIn).where(SignIn.last_day < clock.today()))
        session.execute(delete(RescuedForm).where(RescuedForm.until < now))
        session.execute(delete(Throttle).where(Throttle.until < now))
        session.execute(delete(Job).where(Job.state == "dead", Job.run_at < now - DEAD_JOBS_STAY))
        audit.forget(session)


@jobs.job("checkpoint", every=timedelta(minutes=10))
def checkpoint(work: jobs.Work) -> None:
    """Move SQLite's write-ahead log into the database file, under the writers' lock."""
    if work.database.sqlite:
        with work.database.locked():
            work.database.checkpoint()
