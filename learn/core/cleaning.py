"""Retention: every table says when its rows have outlived their purpose, and a nightly job removes them.

A table registers a condition (`@retains`), or the job that ends what it declares (`retained_by`). Rows that
stay as long as their person's account leave with it.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_

from learn.core import audit, clock, jobs
from learn.core.db import Database
from learn.core.models import AuditEntry, Erasure, Job, RescuedForm, SignIn, Spent, Throttle
from learn.core.owndata import Table

DAY = timedelta(days=1)
DEAD_JOBS_STAY = timedelta(days=30)
ERASURES_STAY = timedelta(days=365)
AT_ONCE = 2000  # rows of one transaction: writers wait in between, not for all of it

Condition = Callable[[], ColumnElement[bool]]
CONDITIONS: dict[Table, Condition] = {}
JOBS: dict[Table, str] = {}


def retains(table: Table) -> Callable[[Condition], Condition]:
    """Register the condition under which rows of a table are removed."""

    def register(over: Condition) -> Condition:
        CONDITIONS[table] = over
        return over

    return register


def retained_by(table: Table, job: str) -> None:
    """Say which job of its own ends the rows of a table, where a condition is not enough."""
    JOBS[table] = job


@jobs.job("clean_up", every=DAY)
def clean_up(work: jobs.Work) -> None:
    """Remove all rows whose retention, as their tables declare it, has ended."""
    for table, over in CONDITIONS.items():
        while remove_some(work.database, table, over()) == AT_ONCE:
            pass


def remove_some(database: Database, table: Table, over: ColumnElement[bool]) -> int:
    """Remove some rows in a transaction of its own; gives their number."""
    keys = inspect(table).primary_key
    with database.reading() as session:
        found = session.execute(select(*keys).where(over).limit(AT_ONCE)).all()
    if found:
        with database.writing() as session:
            session.execute(delete(table).where(tuple_(*keys).in_([tuple(key) for key in found]), over))
    return len(found)


@jobs.job("checkpoint", every=timedelta(minutes=10))
def checkpoint(work: jobs.Work) -> None:
    """Move SQLite's write-ahead log into the database file, under the writers' lock."""
    if work.database.sqlite:
        with work.database.locked():
            work.database.checkpoint()


@retains(SignIn)
def ended_sessions() -> ColumnElement[bool]:
    return SignIn.last_day < clock.today()


@retains(RescuedForm)
def forgotten_forms() -> ColumnElement[bool]:
    return RescuedForm.until < clock.now()


@retains(Throttle)
def ended_windows() -> ColumnElement[bool]:
    return Throttle.until < clock.now()


@retains(Spent)
def expired_codes() -> ColumnElement[bool]:
    return Spent.until < clock.now()


@retains(Job)
def dead_jobs() -> ColumnElement[bool]:
    return (Job.state == "dead") & (Job.run_at < clock.now() - DEAD_JOBS_STAY)


@retains(Erasure)
def old_erasures() -> ColumnElement[bool]:
    return Erasure.at < clock.now() - ERASURES_STAY


@retains(AuditEntry)
def old_entries() -> ColumnElement[bool]:
    """A day later than declared, as the database that guards them asks its own clock."""
    return AuditEntry.at < clock.now() - audit.RETENTION - DAY
