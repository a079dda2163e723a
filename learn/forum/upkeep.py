"""Upkeep by night: counters that drifted are repaired, posts of an older renderer rendered anew."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core import jobs
from learn.core.db import Database
from learn.forum import counting, indexing, rendering
from learn.forum.models import Post, Question
from learn.markup import RENDERER

DAY = timedelta(days=1)
AT_ONCE = 200  # rows of one transaction: writers wait in between, not for all of it


@jobs.job("repair_counters", every=DAY)
def repair(work: jobs.Work) -> None:
    """Compute the derived columns of all questions anew; writes only what differs."""
    for numbers in batches(work.database, Question.id):
        with work.database.reading() as session:
            wrong = counting.differing(session, numbers)
        recount(work.database, wrong)


@jobs.job("count_again")
def count_again(work: jobs.Work, question_ids: list[int]) -> None:
    """The same for some questions, after somebody has left."""
    for start in range(0, len(question_ids), AT_ONCE):
        recount(work.database, question_ids[start : start + AT_ONCE])


@jobs.job("render_posts", every=DAY)
def render(work: jobs.Work) -> None:
    """Render anew what an older renderer made; what cannot be rendered stays as it is."""
    old = Post.renderer != RENDERER
    for numbers in batches(work.database, Post.id, old):
        with work.database.reading() as session:
            fresh = [found for number in numbers if (found := rendering.again(session, number)) is not None]
        with work.database.writing() as session:
            for found in fresh:
                rendering.store(session, found)


def drift(session: Session) -> int:
    """How many questions have columns that differ from what their posts add up to; for `learn check`."""
    number, last = 0, 0
    while ids := _next(session, Question.id, last):
        number += len(counting.differing(session, ids))
        last = ids[-1]
    return number


def recount(database: Database, question_ids: Collection[int]) -> None:
    """Repair some questions in one transaction."""
    if not question_ids:
        return
    with database.writing() as session:
        there = select(Question.id).where(Question.id.in_(question_ids)).order_by(Question.id)
        for number in session.scalars(there).all():
            if counting.refresh(session, number):
                indexing.reindex(session, number)


def batches(
    database: Database, key: InstrumentedAttribute[int], *which: ColumnElement[bool]
) -> Iterator[list[int]]:
    """All keys in order, some at a time, each batch read in a transaction of its own."""
    last = 0
    while True:
        with database.reading() as session:
            found = _next(session, key, last, *which)
        if not found:
            return
        yield found
        last = found[-1]


def _next(
    session: Session, key: InstrumentedAttribute[int], last: int, *which: ColumnElement[bool]
) -> list[int]:
    return list(session.scalars(select(key).where(key > last, *which).order_by(key).limit(AT_ONCE)))
