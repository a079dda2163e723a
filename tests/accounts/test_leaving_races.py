"""Two at once: one coordinator stays, a link counts once, whoever comes back in time is not erased."""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from learn.accounts import erasure
from learn.accounts.models import Person
from learn.config import Config
from learn.core import audit, clock, jobs
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import AuditEntry, Job
from tests.factories import make_person

ROUNDS = 8


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    yield made
    made.dispose()


def together(*acts: Callable[[], object]) -> list[object]:
    """What each gives or raises, all begun at one moment."""
    barrier = Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        barrier.wait()
        try:
            given[place] = acts[place]()
        except Refused as refused:
            given[place] = refused

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def closing(instance: Config, database: Database, person_id: int) -> Callable[[], object]:
    def act() -> object:
        with database.writing() as session:
            person = session.get_one(Person, person_id)
            return erasure.close(session, instance, person, by=audit.person(person_id))

    return act


def test_of_two_coordinators_one_stays(instance: Config, database: Database) -> None:
    for _round in range(ROUNDS):
        with database.writing() as session:
            for person in session.scalars(select(Person)):
                person.active, person.erase_on = False, None
            pair = [make_person(session, roles=["coordinator"]).id for _ in range(2)]
        given = together(*(closing(instance, database, person_id) for person_id in pair))
        assert sum(isinstance(each, Refused) for each in given) == 1
        with database.reading() as session:
            assert session.scalar(select(func.count()).where(Person.active)) == 1


def test_closing_twice_at_once_writes_one_letter(instance: Config, database: Database) -> None:
    for number in range(1, ROUNDS + 1):
        with database.writing() as session:
            person_id = make_person(session).id
        given = together(*[closing(instance, database, person_id)] * 3)
        assert len(set(given)) == 1
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Job)) == number
            assert session.scalar(select(func.count()).select_from(AuditEntry)) == number


def test_a_link_opened_twice_at_once_counts_once(instance: Config, database: Database) -> None:
    for _round in range(ROUNDS):
        with database.writing() as session:
            person_id = make_person(session).id
        closing(instance, database, person_id)()
        token = newest_token(database)

        def undo(token: str = token) -> object:
            with database.writing() as session:
                return erasure.undo(session, token) is not None

        assert sorted(map(bool, together(undo, undo, undo))) == [False, False, True]


def newest_token(database: Database) -> str:
    with database.reading() as session:
        newest = select(Job.arguments).where(Job.name == "send_mail").order_by(Job.id.desc()).limit(1)
        text: str = session.scalars(newest).one()["text"]
    return text.partition("/konto-zurueck/")[2].split()[0]


def test_the_job_and_the_way_back_do_not_cross(instance: Config, database: Database) -> None:
    """On the last day either she is back, or she is gone and the link says so."""
    for _round in range(ROUNDS):
        with database.writing() as session:
            person_id = make_person(session).id
        closing(instance, database, person_id)()
        token = newest_token(database)
        with database.writing() as session:
            session.get_one(Person, person_id).erase_on = clock.today()

        def undo(token: str = token) -> object:
            with database.writing() as session:
                return erasure.undo(session, token) is not None

        back, _ = together(undo, lambda: erasure.erase_closed(jobs.Work(instance, database)))
        with database.reading() as session:
            person = session.get(Person, person_id)
            assert (person is not None and person.active) == back
