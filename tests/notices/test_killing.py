"""A worker killed at any statement, or at any moment: each delivery once, no mail lost, repeats alike."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from learn.accounts import choices, queries
from learn.accounts.models import Person
from learn.config import Config
from learn.core import jobs, logs
from learn.core.db import Database
from learn.core.models import Job
from learn.forum import reading
from learn.forum.audience import Reader
from learn.forum.models import Question
from learn.notices.models import Delivery, Event
from tests.conftest import CI
from tests.core.smtp import Inbox, serving
from tests.forum.factories import make_answer, make_question, make_reader
from tests.notices import victim
from tests.notices.helpers import NOON, work_off

FOLLOWERS = 1
KILLS = 5
FORGOTTEN = "release_forgotten"  # a job that runs every quarter of an hour
STEP = 1 if CI else 7  # the build kills at every statement, which takes a minute


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own."""
    with time_machine.travel(NOON, tick=False):
        database = Database.of(instance)
        yield database
        database.dispose()


class Victim:
    """The process whose children are killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, *, statement: int = 0, seconds: float = 0) -> int:
        """Let a worker do what is due; 9 where it died, 0 at its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{statement} {seconds}\n")
        self._process.stdin.flush()
        lines = iter(self._process.stdout.readline, "")
        return int(next(line for line in lines if line.strip().isdigit()))


@contextmanager
def victims(config: Config, mail_url: str = "") -> Iterator[Victim]:
    command = [sys.executable, "-m", victim.__name__, config.database_url, str(config.instance), mail_url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        yield Victim(process)
        assert process.stdin is not None
        process.stdin.close()


def make_talk(session: Session) -> tuple[Question, Reader, list[int]]:
    """A question with followers who want mail at once; who answers; who is to be told."""
    asker, helper = make_reader(session), make_reader(session)
    question = make_question(session, asker)
    told = [asker.actor.owner]
    for _number in range(FOLLOWERS):
        follower = make_reader(session)
        reading.follow(session, follower, question, "alles")
        reading.read_to(session, follower.actor, question, 1)
        choices.choose(session, follower.actor.owner, choices.FORUM, choices.AT_ONCE)
        told.append(follower.actor.owner)
    return question, helper, told


def say(database: Database, question: Question, helper: Reader, told: list[int]) -> int:
    """Another answer, after all had read everything; gives its event."""
    with database.writing() as session:
        asked = session.get_one(Question, question.id)
        for actor in queries.actors(session, told).values():
            reading.read_to(session, actor, asked, asked.last_number)
        make_answer(session, helper, asked)
        return session.scalars(select(func.max(Event.id))).one()


def leases_end(database: Database) -> None:
    """As if a quarter of an hour had passed: leases are over, and deliveries without a job are looked for."""
    with database.writing() as session:
        session.execute(update(Job).values(lease_until=None))
        session.execute(delete(Job).where(Job.name == FORGOTTEN))
        jobs.enqueue(session, FORGOTTEN)


def open_deliveries(database: Database, event_id: int) -> int:
    """How many of an event nobody has sent yet; all, where nobody knows them yet."""
    with database.reading() as session:
        mine = select(func.count()).select_from(Delivery).where(Delivery.event_id == event_id)
        known, left = session.scalar(mine), session.scalar(mine.where(Delivery.state == "offen"))
        return left or 0 if known else 1


def run_to_the_end(database: Database, worker: Victim, event_id: int) -> None:
    """Let workers finish.

    One that starts at once passes over what PostgreSQL has not yet freed of a dead one's; the next look,
    a quarter of an hour later, finds it.
    """
    for _try in range(100):
        leases_end(database)
        assert worker.run() == 0
        if open_deliveries(database, event_id) == 0:
            return
        time.sleep(0.1)


def assert_told_once(database: Database, event_id: int, told: list[int]) -> None:
    """Exactly one delivery each, all of them done; nothing waits and nothing failed."""
    with database.reading() as session:
        found = select(Delivery.person_id, Delivery.state).where(Delivery.event_id == event_id)
        assert Counter(tuple(row) for row in session.execute(found)) == Counter(
            (person_id, "fertig") for person_id in told
        )
        left = select(Job.name, Job.problem).where(Job.name.not_in(("search_reindex",)), Job.state == "dead")
        assert session.execute(left).all() == []


def test_a_worker_killed_at_any_statement_loses_no_delivery(
    database: Database, instance: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        question, helper, told = make_talk(session)
    folder = instance.instance / "mail"
    with victims(instance) as worker:
        say(database, question, helper, told)
        assert worker.run() == 0
        deaths, whole = 0, False
        while not whole:
            event_id = say(database, question, helper, told)
            before = set(folder.iterdir())
            code = worker.run(statement=(deaths + 1) * STEP)
            assert code in {0, victim.DEAD}
            deaths += code == victim.DEAD
            whole = code == 0 and open_deliveries(database, event_id) == 0
            run_to_the_end(database, worker, event_id)
            assert_told_once(database, event_id, told)
            assert len(set(folder.iterdir()) - before) == len(told), "one Message-ID each"
    assert deaths > 50 / STEP


def test_a_worker_killed_at_any_moment_repeats_a_mail_with_the_same_message_id(
    database: Database, instance: Config
) -> None:
    with database.writing() as session:
        question, helper, told = make_talk(session)
        emails = dict(
            row for row in session.execute(select(Person.email, Person.id).where(Person.id.in_(told)))
        )
    inbox = Inbox()
    with serving(inbox) as port, victims(instance, f"smtp://127.0.0.1:{port}") as worker:
        say(database, question, helper, told)
        assert worker.run() == 0
        killed = 0
        for number in range(KILLS):
            event_id = say(database, question, helper, told)
            inbox.mails.clear()
            inbox.to.clear()
            killed += worker.run(seconds=0.02 + 0.04 * number) == victim.DEAD
            run_to_the_end(database, worker, event_id)
            assert_told_once(database, event_id, told)
            seen = {(to, mail["Message-ID"]) for to, mail in zip(inbox.to, inbox.mails, strict=True)}
            assert {to for to, _number in seen} == set(emails), "every mail at least once"
            assert len(seen) == len({number for _to, number in seen}) == len(emails), "repeats are alike"
    assert killed > 0


@pytest.mark.parametrize("kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_a_dead_worker_still_holds_is_sent_at_the_next_look(
    database: Database, instance: Config
) -> None:
    with database.writing() as session:
        question, helper, told = make_talk(session)
    event_id = say(database, question, helper, told)
    work = jobs.Work(instance, database)
    while open_deliveries(database, event_id) < len(told):  # finds whom to tell
        assert jobs.Worker(work, logs.logger("json")).once()
    with database.writer.connect() as dead:
        dead.execute(select(Delivery.id).with_for_update())
        work_off(work)
        assert open_deliveries(database, event_id) == len(told)
    leases_end(database)
    work_off(work)
    assert_told_once(database, event_id, told)
