"""A list of people between its check and its import: an hour in the instance's storage, for one person only.

Beside the list lies what the check found, later how far the import has come. Both go after the hour, with
the import, or as soon as somebody changes her mind.
"""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import importing, roster
from learn.accounts.importing import Report
from learn.config import Config
from learn.core import clock, jobs
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import Job
from learn.core.storage import Storage

STAYS = timedelta(hours=1)
CHECKED, RUNNING, DONE, BROKEN = "geprueft", "laeuft", "fertig", "abgebrochen"


@dataclass(frozen=True, slots=True)
class Upload:
    """How a list stands: one of the four states, what the check found, how many lines are done."""

    state: str
    charset: str
    new: int
    known: int
    done: int = 0
    problem: str = ""

    @property
    def total(self) -> int:
        return self.new + self.known


def check(database: Database, config: Config, person_id: int, data: bytes) -> tuple[str, Report]:
    """Keep a list and check it; gives its token, "" where it has faults and is not kept.

    Raises BadRosterError.
    """
    store, token = Storage(config.storage), secrets.token_hex(16)
    store.save(list_key(person_id, token), data)
    try:
        found = roster.roster(store.path(list_key(person_id, token)))
        report = importing.check(database, found)
    except BaseException:
        discard(config, person_id, token)
        raise
    if report.fault_count:
        discard(config, person_id, token)
        return "", report
    note(config, person_id, token, Upload(CHECKED, report.charset, report.new, report.known))
    return token, report


def forget_later(session: Session, person_id: int, token: str) -> None:
    """Let the list go after its hour."""
    ends = clock.now() + STAYS
    jobs.enqueue(session, "forget_upload", run_at=ends, person_id=person_id, token=token)


def upload(config: Config, person_id: int, token: str) -> Upload | None:
    """How somebody's own list stands; None once it is gone."""
    try:
        with Storage(config.storage).open(state_key(person_id, token)) as file:
            return Upload(**json.load(file))
    except FileNotFoundError:
        return None


def begin(database: Database, config: Config, person_id: int, token: str, *, by: str, invite: bool) -> None:
    """Have the worker import the list; nothing if that was asked for before."""
    found = upload(config, person_id, token)
    if found is None or found.state != CHECKED:
        return
    note(config, person_id, token, replace(found, state=RUNNING))  # first: the worker may be quick
    try:
        with database.writing() as session:
            jobs.enqueue(session, "import_people", person_id=person_id, token=token, by=by, invite=invite)
    except BaseException:
        note(config, person_id, token, found)
        raise


def discard(config: Config, person_id: int, token: str) -> None:
    """Remove a list with all that is known of it."""
    store = Storage(config.storage)
    store.delete(list_key(person_id, token))
    store.delete(state_key(person_id, token))


@jobs.job("import_people")
def import_people(work: jobs.Work, *, person_id: int, token: str, by: str, invite: bool) -> None:
    """Import a list that was checked; a second run finishes what a killed one began."""
    found = upload(work.config, person_id, token)
    store = Storage(work.config.storage)
    if found is None or not store.exists(list_key(person_id, token)):
        return

    def advance(step: int) -> None:
        nonlocal found
        assert found is not None
        found = replace(found, done=min(found.done + step, found.total))
        note(work.config, person_id, token, found)

    found = replace(found, done=0)
    try:
        people = roster.roster(store.path(list_key(person_id, token)))
        importing.run(work.database, people, by=by, invite=invite, advance=advance)
    except (Refused, roster.BadRosterError) as problem:
        note(work.config, person_id, token, replace(found, state=BROKEN, problem=str(problem)))
    else:
        note(work.config, person_id, token, replace(found, state=DONE))
    store.delete(list_key(person_id, token))


@jobs.job("forget_upload")
def forget_upload(work: jobs.Work, *, person_id: int, token: str) -> None:
    """The hour is over; a list whose import still waits goes with the import, its state an hour later."""
    waiting = (Job.name == "import_people") & (Job.state == "due")
    with work.database.writing() as session:
        if session.scalar(select(Job.id).where(waiting, Job.arguments["token"].as_string() == token)):
            forget_later(session, person_id, token)
            return
    discard(work.config, person_id, token)


def note(config: Config, person_id: int, token: str, found: Upload) -> None:
    """Write down how a list stands."""
    Storage(config.storage).save(state_key(person_id, token), json.dumps(asdict(found)).encode())


def list_key(person_id: int, token: str) -> str:
    return f"einlesen/{person_id}-{token}.csv"


def state_key(person_id: int, token: str) -> str:
    return f"einlesen/{person_id}-{token}.json"
