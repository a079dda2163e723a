"""Work after the transaction that asked for it: rows as outbox and schedule, and the loop that does them.

A claim is a lease, so a killed worker's job comes back; handlers are therefore idempotent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from structlog.typing import FilteringBoundLogger

from learn.config import Config
from learn.core import clock, schema
from learn.core.db import Busy, Database
from learn.core.models import Job

LEASE = timedelta(minutes=10)
ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
LOOK_EVERY = 1.0  # seconds
MANY = 20  # jobs
TROUBLE_PAUSE = 5.0  # seconds, while the database is away


@dataclass(frozen=True, slots=True)
class Work:
    """What a handler may use: it opens its own transactions."""

    config: Config
    database: Database


class Stop(Protocol):
    """Something to wait on, such as `threading.Event`."""

    def wait(self, timeout: float, /) -> bool:
        """Sleep so many seconds at most; True once asked to stop."""


Handler = TypeVar("Handler", bound=Callable[..., None])

HANDLERS: dict[str, Callable[..., None]] = {}
SCHEDULES: dict[str, timedelta] = {}
PATIENCE: dict[str, int] = {}


class Hopeless(Exception):
    """Raised by a handler: trying again is of no use, the job is dead at once."""


def job(
    name: str, *, every: timedelta | None = None, attempts: int = ATTEMPTS
) -> Callable[[Handler], Handler]:
    """Register a handler `(work, **arguments)`; with `every` it also runs on its own, without arguments.

    `attempts`: so often it is tried; the first eight take two and a half hours, each further one an hour.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        PATIENCE[name] = attempts
        if every is not None:
            SCHEDULES[name] = every
        return handler

    return register


def enqueue(
    session: Session,
    name: str,
    /,
    *,
    dedupe: str | None = None,
    run_at: datetime | None = None,
    **arguments: Any,
) -> None:
    """Ask for a job in the caller's transaction; arguments are JSON, ids where possible.

    A second one with the same `dedupe` is dropped while the first is still waiting.
    """
    if name not in HANDLERS:
        raise KeyError(name)
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    row = {"name": name, "arguments": arguments, "dedupe": dedupe, "run_at": run_at or clock.now()}
    statement = insert(Job).values(**row, attempts=0, state="due", problem="")
    session.execute(statement.on_conflict_do_nothing(index_elements=["dedupe"]))


def withdraw(session: Session, dedupe: str) -> None:
    """Take back a job that still waits under this key; one that runs already goes on."""
    session.execute(delete(Job).where(Job.dedupe == dedupe))


def schedule(session: Session) -> None:
    """Add the rows of schedules that have none yet; they run at once, then at their distance."""
    for name in SCHEDULES:
        enqueue(session, name, dedupe=_key(name))


@dataclass(frozen=True, slots=True)
class Claim:
    """A job this worker holds until its lease ends."""

    id: int
    name: str
    arguments: dict[str, Any]
    attempts: int


class Worker:
    """Does due jobs one after the other."""

    def __init__(self, work: Work, log: FilteringBoundLogger) -> None:
        self.work = work
        self.log = log
        self.prepared = False

    def run(self, stop: Stop) -> None:
        """Look once a second until told to stop; the job at hand is finished first.

        Ends too when nothing is due after many jobs: the process that takes its place is a third smaller.
        """
        pause, done = 0.0, 0
        while not stop.wait(pause):
            found = self._looked()
            if not found and done >= MANY:
                return
            done += bool(found)
            pause = TROUBLE_PAUSE if found is None else 0.0 if found else LOOK_EVERY

    def _looked(self) -> bool | None:
        """Whether a job was due; None while the database is away or not ready."""
        try:
            self.prepared = self.prepared or self.prepare()
            return self.once() if self.prepared else None
        except (DBAPIError, Busy) as problem:
            self.log.warning("worker waits for the database", problem=type(problem).__name__)
            return None

    def prepare(self) -> bool:
        """Add the schedules; False while the tables are not those of this program."""
        with self.work.database.reading() as session:
            if schema.state(session.connection()) != "current":
                return False
        with self.work.database.writing() as session:
            schedule(session)
        return True

    def once(self) -> bool:
        """Do one due job; False when nothing is due. Reads first: a claim takes SQLite's write lock."""
        with self.work.database.reading() as session:
            due = session.scalar(select(Job.id).where(_due(clock.now())).limit(1))
        if due is None:
            return False
        with self.work.database.writing() as session:
            claim = _claim(session)
        if claim is not None:
            self._do(claim)
        return True

    def _do(self, claim: Claim) -> None:
        try:
            HANDLERS[claim.name](self.work, **claim.arguments)
        except Exception as problem:  # noqa: BLE001 - whatever a handler raises is kept with its job
            self.log.warning("job failed", job=claim.name, id=claim.id, problem=type(problem).__name__)
            with self.work.database.writing() as session:
                _failed(session, claim, problem)
        else:
            with self.work.database.writing() as session:
                _done(session, claim)


def _key(name: str) -> str:
    return f"schedule:{name}"


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(Job.lease_until.is_(None), Job.lease_until < now)
    return (Job.state == "due") & (Job.run_at <= now) & free


def _claim(session: Session) -> Claim | None:
    now = clock.now()
    chosen = select(Job.id).where(_due(now)).order_by(Job.run_at, Job.id).limit(1)
    claimed = session.execute(
        update(Job)
        .where(Job.id.in_(chosen.with_for_update(skip_locked=True)))
        .values(
            lease_until=now + LEASE,
            attempts=Job.attempts + 1,
            # A request made while the job runs must not be dropped, so a claimed job gives its key back.
            dedupe=case((Job.dedupe.like("schedule:%"), Job.dedupe), else_=None),
        )
        .returning(Job.id, Job.name, Job.arguments, Job.attempts)
        .execution_options(synchronize_session=False)
    ).first()
    if claimed is None:
        return None
    claim = Claim(*claimed)
    if claim.attempts > PATIENCE.get(claim.name, ATTEMPTS):  # the worker died with it again and again
        _bury(session, claim, "Der Prozess endete jedes Mal bei dieser Aufgabe.")
        return None
    return claim


def _done(session: Session, claim: Claim) -> None:
    if claim.name in SCHEDULES and not claim.arguments:
        _again(session, claim, "")
    else:
        session.execute(delete(Job).where(Job.id == claim.id))


def _failed(session: Session, claim: Claim, problem: Exception) -> None:
    words = f"{type(problem).__name__}: {problem}"[:500]
    if claim.attempts < PATIENCE.get(claim.name, ATTEMPTS) and not isinstance(problem, Hopeless):
        pause = min(FIRST_PAUSE * 4 ** min(claim.attempts - 1, 8), LONGEST_PAUSE)
        values = {"run_at": clock.now() + pause, "lease_until": None, "problem": words}
        session.execute(update(Job).where(Job.id == claim.id).values(values))
    elif claim.name in SCHEDULES and not claim.arguments:
        _again(session, claim, words)
    else:
        _bury(session, claim, words)


def _again(session: Session, claim: Claim, words: str) -> None:
    values = {
        "run_at": clock.now() + SCHEDULES[claim.name],
        "lease_until": None,
        "attempts": 0,
        "problem": words,
    }
    session.execute(update(Job).where(Job.id == claim.id).values(values))


def _bury(session: Session, claim: Claim, words: str) -> None:
    values = {"state": "dead", "lease_until": None, "run_at": clock.now(), "problem": words}
    session.execute(update(Job).where(Job.id == claim.id).values(values))
