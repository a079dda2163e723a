"""Jobs: exactly once among workers, back after a crash, retried, buried, scheduled."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock, jobs, logs
from learn.core.db import Database
from learn.core.models import Job, Mark

NOON = "2026-03-02 12:00:00+00:00"


@pytest.fixture
def handlers() -> Iterator[dict[str, Callable[..., None]]]:
    """The registry without other modules' jobs; what a test registers goes afterwards."""
    kept, times = dict(jobs.HANDLERS), dict(jobs.SCHEDULES)
    jobs.HANDLERS.clear()
    jobs.SCHEDULES.clear()
    yield jobs.HANDLERS
    jobs.HANDLERS.clear()
    jobs.SCHEDULES.clear()
    jobs.HANDLERS.update(kept)
    jobs.SCHEDULES.update(times)


@pytest.fixture
def worker(instance: Config) -> Iterator[jobs.Worker]:
    """A worker on an instance of its own."""
    database = Database.of(instance)
    yield jobs.Worker(jobs.Work(instance, database), logs.logger("json"))
    database.dispose()


def rows(worker: jobs.Worker) -> list[Job]:
    with worker.work.database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def ask(worker: jobs.Worker, name: str, **values: Any) -> None:
    with worker.work.database.writing() as session:
        jobs.enqueue(session, name, **values)


@pytest.mark.usefixtures("handlers")
def test_a_job_runs_with_its_arguments_and_is_gone(worker: jobs.Worker) -> None:
    seen: list[int] = []
    jobs.job("greet")(lambda _work, *, number: seen.append(number))
    ask(worker, "greet", number=7)
    assert worker.once()
    assert not worker.once()
    assert (seen, rows(worker)) == ([7], [])


@pytest.mark.usefixtures("handlers")
def test_a_job_goes_with_its_transaction(worker: jobs.Worker) -> None:
    jobs.job("greet")(lambda _work: None)

    def fail(session: Session) -> None:
        jobs.enqueue(session, "greet")
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError), worker.work.database.writing() as session:
        fail(session)
    assert rows(worker) == []


@pytest.mark.usefixtures("handlers")
def test_an_unknown_job_is_refused_where_it_is_asked_for(worker: jobs.Worker) -> None:
    with pytest.raises(KeyError):
        ask(worker, "nothing")


@pytest.mark.usefixtures("handlers")
def test_a_waiting_job_with_the_same_key_is_enough_but_not_a_running_one(worker: jobs.Worker) -> None:
    def again(work: jobs.Work) -> None:
        with work.database.writing() as session:
            if len(list(session.scalars(select(Job.id)))) < 2:
                jobs.enqueue(session, "again", dedupe="only one")

    jobs.job("again")(again)
    ask(worker, "again", dedupe="only one")
    ask(worker, "again", dedupe="only one")
    assert len(rows(worker)) == 1
    worker.once()
    assert len(rows(worker)) == 1


@pytest.mark.usefixtures("handlers")
def test_a_job_for_later_waits(worker: jobs.Worker) -> None:
    jobs.job("greet")(lambda _work: None)
    with time_machine.travel(NOON, tick=False) as clock_:
        ask(worker, "greet", run_at=clock.now() + timedelta(minutes=3))
        assert not worker.once()
        clock_.shift(timedelta(minutes=3))
        assert worker.once()


@pytest.mark.usefixtures("handlers")
def test_a_failing_job_is_retried_with_longer_pauses_and_then_visibly_dead(worker: jobs.Worker) -> None:
    jobs.job("fail")(lambda _work: print(1 / 0))
    with time_machine.travel(NOON, tick=False) as clock_:
        ask(worker, "fail")
        pauses = []
        for _ in range(jobs.ATTEMPTS - 1):
            assert worker.once()
            pause = rows(worker)[0].run_at - clock.now()
            pauses.append(pause)
            clock_.shift(pause)
        assert pauses == sorted(pauses)
        assert pauses[0] == jobs.FIRST_PAUSE
        assert pauses[-1] == jobs.LONGEST_PAUSE
        assert worker.once()
        dead = rows(worker)[0]
        assert (dead.state, dead.problem) == ("dead", "ZeroDivisionError: division by zero")
        clock_.shift(timedelta(days=3))
        assert not worker.once()


@pytest.mark.usefixtures("handlers")
def test_a_schedule_runs_at_once_then_at_its_distance_and_exists_once(worker: jobs.Worker) -> None:
    seen: list[int] = []
    jobs.job("sweep", every=timedelta(days=1))(lambda _work: seen.append(1))
    with time_machine.travel(NOON, tick=False) as clock_:
        assert worker.prepare()
        assert worker.prepare()
        assert len(rows(worker)) == 1
        while worker.once():
            pass
        assert len(seen) == 1
        clock_.shift(timedelta(hours=23))
        assert not worker.once()
        clock_.shift(timedelta(hours=1))
        assert worker.once()
        assert len(seen) == 2


@pytest.mark.usefixtures("handlers")
def test_a_schedule_that_keeps_failing_stays_and_shows_its_problem(worker: jobs.Worker) -> None:
    jobs.job("sweep", every=timedelta(days=1))(lambda _work: print(1 / 0))
    with time_machine.travel(NOON, tick=False) as clock_:
        worker.prepare()
        for _ in range(jobs.ATTEMPTS):
            assert worker.once()
            clock_.shift(jobs.LONGEST_PAUSE)
        row = rows(worker)[0]
        assert (row.state, row.attempts) == ("due", 0)
        assert "ZeroDivisionError" in row.problem


@pytest.mark.usefixtures("handlers")
def test_a_killed_workers_job_comes_back_after_its_lease_and_does_not_come_back_for_ever(
    worker: jobs.Worker,
) -> None:
    def killed(_work: jobs.Work) -> None:
        raise SystemExit  # as little is written as after kill -9

    jobs.job("killed")(killed)
    with time_machine.travel(NOON, tick=False) as clock_:
        ask(worker, "killed")
        for attempt in range(1, jobs.ATTEMPTS + 1):
            with pytest.raises(SystemExit):
                worker.once()
            assert not worker.once(), "the lease still holds"
            assert rows(worker)[0].attempts == attempt
            clock_.shift(jobs.LEASE + timedelta(seconds=1))
        assert worker.once()
        assert rows(worker)[0].state == "dead"


def count_up(work: jobs.Work, *, name: str) -> None:
    with work.database.writing() as session:
        session.add(Mark(name=name, value="done"))  # a second run would break the key


def drain(config: Config) -> None:
    jobs.job("count_up")(count_up)
    database = Database.of(config)
    worker = jobs.Worker(jobs.Work(config, database), logs.logger("json"))
    while worker.once():
        pass
    database.dispose()


@pytest.mark.usefixtures("handlers")
def test_several_workers_do_each_job_exactly_once(worker: jobs.Worker, instance: Config) -> None:
    jobs.job("count_up")(count_up)
    with worker.work.database.writing() as session:
        for number in range(60):
            jobs.enqueue(session, "count_up", name=str(number))
    worker.work.database.dispose()
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=drain, args=(instance,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert rows(worker) == []
    with worker.work.database.reading() as session:
        assert len(list(session.scalars(select(Mark)))) == 60


@pytest.mark.usefixtures("handlers")
def test_the_loop_ends_when_asked_and_finishes_the_job_at_hand(worker: jobs.Worker) -> None:
    stop, done = threading.Event(), []

    def slow(_work: jobs.Work) -> None:
        stop.set()
        done.append(1)

    jobs.job("slow")(slow)
    ask(worker, "slow")
    ask(worker, "slow")
    worker.run(stop)
    assert len(done) == 1
    assert len(rows(worker)) == 1


@pytest.mark.usefixtures("handlers")
def test_a_worker_makes_room_after_many_jobs_but_finishes_what_is_due(worker: jobs.Worker) -> None:
    seen: list[int] = []
    jobs.job("greet")(lambda _work, *, number: seen.append(number))
    for number in range(jobs.MANY + 3):
        ask(worker, "greet", number=number)
    worker.run(NeverStop())
    assert len(seen) == jobs.MANY + 3


class NeverStop:
    """Would wait for ever."""

    def wait(self, seconds: float) -> bool:
        assert seconds == 0, "nothing left to do, and still here"
        return False
