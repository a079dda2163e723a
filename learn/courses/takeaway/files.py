"""Files to take away as rows and jobs: who asks for one gets what is there, or what is being built.

What builds them waits until there is something to build: a server has no use for it.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from types import MappingProxyType

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from learn.core import clock, jobs
from learn.core.storage import Storage
from learn.courses.models import Course, TakeawayFile

JOB = "build_takeaway"
ATTEMPTS = 3
MAKERS: Mapping[str, int] = MappingProxyType({"pdf": 1, "epub": 1, "zip": 1})  # version of what builds each
FOLDER = "mitnehmen/"  # in the storage
DUE, READY, FAILED = "due", "ready", "failed"
DAY = timedelta(days=1)
NOT_MADE = "Die Datei ist nicht entstanden. Versuchen Sie es später noch einmal."


def ask(session: Session, release_id: int, kind: str) -> None:
    """Have the file built unless it is there or under way; one that failed or is outdated is built anew.

    One row for each release and kind, however many ask at once. KeyError for a kind that is none.
    """
    maker = MAKERS[kind]
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    key = {"release_id": release_id, "kind": kind}
    fresh = {"state": DUE, "maker": maker, "asked_on": clock.today(), "done": 0, "total": 0}
    fresh |= {"key": "", "size": 0, "problem": ""}
    added = insert(TakeawayFile).values(**key, **fresh).on_conflict_do_nothing(index_elements=list(key))
    file_id = session.execute(added.returning(TakeawayFile.id)).scalar_one_or_none()
    if file_id is None:
        over = or_(TakeawayFile.state == FAILED, TakeawayFile.maker != maker)
        again = update(TakeawayFile).where(
            TakeawayFile.release_id == release_id, TakeawayFile.kind == kind, over
        )
        file_id = session.execute(again.values(**fresh).returning(TakeawayFile.id)).scalar_one_or_none()
    if file_id is not None:
        jobs.enqueue(session, JOB, dedupe=f"{JOB}:{file_id}", file_id=file_id)


def of_release(session: Session, release_id: int) -> dict[str, TakeawayFile]:
    """The files of a release by kind; those of an older maker are left out."""
    rows = session.scalars(select(TakeawayFile).where(TakeawayFile.release_id == release_id))
    return {row.kind: row for row in rows if row.maker == MAKERS.get(row.kind)}


def key(row: TakeawayFile) -> str:
    """Where the file lies in the storage."""
    return f"{FOLDER}{row.release_id}-{row.maker}.{row.kind}"


@jobs.job(JOB, attempts=ATTEMPTS)
def build_takeaway(work: jobs.Work, file_id: int) -> None:
    """Build a file and say so in its row."""
    import_module("learn.courses.takeaway.building").build(work, file_id)


@jobs.job("remove_old_takeaways", every=DAY)
def remove_old_takeaways(work: jobs.Work) -> None:
    """Remove files of releases that nobody reads any more, and give up what has not come about in a day."""
    yesterday = TakeawayFile.asked_on < clock.today()
    current = select(Course.release_id).where(Course.release_id.is_not(None))
    with work.database.writing() as session:
        session.execute(delete(TakeawayFile).where(yesterday, TakeawayFile.release_id.not_in(current)))
        lost = update(TakeawayFile).where(yesterday, TakeawayFile.state == DUE)
        session.execute(lost.values(state=FAILED, problem=NOT_MADE))
    with work.database.reading() as session:
        named = set(session.scalars(select(TakeawayFile.key)))
    store, limit = Storage(work.config.storage), time.time() - DAY.total_seconds()
    lying = [each for each in list(store.keys()) if each.startswith(FOLDER) and each not in named]
    for each in lying:
        if store.path(each).stat().st_mtime < limit:
            store.delete(each)
