"""Links, requests and accounts without a town end when they should, and nobody else's does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import erasure, requests, tickets
from learn.accounts.models import JoinRequest, Person, Ticket
from learn.config import Config
from learn.core import cleaning, clock, jobs
from learn.core.db import Base, Database
from learn.core.models import AuditEntry, Job
from tests.factories import make_municipality, make_person

DAY = timedelta(days=1)
YEAR = 365 * DAY


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    yield made
    made.dispose()


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as found:
        yield found


def number_of(database: Database, table: type[Base]) -> int | None:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_link_ends_with_its_time(
    instance: Config, database: Database, traveller: time_machine.Traveller
) -> None:
    with database.writing() as session:
        tickets.issue(session, tickets.PASSWORD, 7 * DAY, person_id=make_person(session).id)
    for age, left in ((7 * DAY - timedelta(minutes=1), 1), (timedelta(minutes=2), 0)):
        traveller.shift(age)
        cleaning.clean_up(jobs.Work(instance, database))
        assert number_of(database, Ticket) == left


def test_a_request_waits_ninety_days(
    instance: Config, database: Database, traveller: time_machine.Traveller
) -> None:
    with database.writing() as session:
        town = make_municipality(session)
        requests.ask(
            session,
            instance,
            requests.ACCOUNT,
            email="neu@x.example",
            name="Neu",
            municipality_id=town.id,
        )
    for age, left in ((90 * DAY, 1), (DAY, 0)):
        traveller.shift(age)
        cleaning.clean_up(jobs.Work(instance, database))
        assert number_of(database, JoinRequest) == left


def leave(session: Session, person: Person) -> Person:
    person.municipality_id, person.left_on = None, clock.today()
    return person


def test_an_account_without_a_town_is_closed_after_a_year_and_erased_a_month_later(
    instance: Config, database: Database, traveller: time_machine.Traveller
) -> None:
    with database.writing() as session:
        lonely = leave(session, make_person(session)).id
        staff = [
            leave(session, make_person(session, roles=[role])).id for role in ("coordinator", "operator")
        ]
        others = [make_person(session).id, leave(session, make_person(session, active=False)).id, *staff]
    states = []
    for age in (YEAR - DAY, DAY, 29 * DAY, DAY):
        traveller.shift(age)
        for job in ("close_without_town", "erase_closed"):
            jobs.HANDLERS[job](jobs.Work(instance, database))
        with database.reading() as session:
            person = session.get(Person, lonely)
            states.append(None if person is None else (person.active, person.erase_on is not None))
    assert states == [(True, False), (False, True), (False, True), None]
    with database.reading() as session:
        assert set(session.scalars(select(Person.id))) == set(others)
        assert not session.scalars(select(Person.id).where(Person.erase_on.is_not(None))).all()
        log = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.subject)).all()
    assert log == [
        ("automatisch", "konto.geschlossen", f"person:{lonely}"),
        ("automatisch", "konto.geloescht", f"person:{lonely}"),
    ]


def test_whoever_comes_back_has_another_year(
    instance: Config, database: Database, traveller: time_machine.Traveller
) -> None:
    with database.writing() as session:
        lonely = leave(session, make_person(session)).id
    traveller.shift(YEAR)
    work = jobs.Work(instance, database)
    erasure.close_without_town(work)
    traveller.shift(29 * DAY)
    token = link(database)
    with database.writing() as session:
        assert erasure.undo(session, token) is not None
    erasure.close_without_town(work)
    with database.reading() as session:
        person = session.get(Person, lonely)
        assert person is not None
        assert person.active
        assert person.left_on == clock.today()


def test_of_many_each_is_closed_for_herself(
    instance: Config, database: Database, traveller: time_machine.Traveller
) -> None:
    """Twice changes nothing more: one letter and one entry each."""
    with database.writing() as session:
        for _number in range(3):
            leave(session, make_person(session))
    traveller.shift(YEAR)
    for _time in range(2):
        erasure.close_without_town(jobs.Work(instance, database))
    assert number_of(database, AuditEntry) == 3
    assert number_of(database, Job) == 3


def link(database: Database) -> str:
    """The token in the letter that waits."""
    with database.reading() as session:
        text: str = session.scalars(select(Job.arguments).where(Job.name == "send_mail")).one()["text"]
    return text.partition("/konto-zurueck/")[2].split()[0]
