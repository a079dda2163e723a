"""Two at once, on real databases: one account, one decision, one letter; the other gets an answer too."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import addresses, invited, joining, moving, registration, requests, resets, tickets
from learn.accounts.models import JoinRequest, Person, Ticket
from learn.accounts.registration import Application
from learn.config import Config
from learn.core import clock
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import AuditEntry, Job
from learn.network.models import MailDomain, Municipality
from tests.factories import make_municipality, make_person

AT_ONCE = 6
EMAIL = "petra@olpe.example"


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


@pytest.fixture
def town(database: Database) -> Municipality:
    with database.writing() as session:
        olpe = make_municipality(session, name="Olpe")
        session.add(MailDomain(domain="olpe.example", municipality_id=olpe.id))
    return olpe


def at_once(database: Database, *tasks: Callable[[Session], object]) -> list[object]:
    """Run each in a thread and a transaction of its own, all let go together."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[Session], object]) -> object:
        barrier.wait(timeout=90)
        try:
            with database.writing() as session:
                return task(session)
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def number(database: Database, *what: object) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(*what)) or 0  # type: ignore[arg-type]


def registered(database: Database, town: Municipality, email: str = EMAIL) -> tuple[str, Ticket]:
    """The token of a registration whose letter was not sent yet, and what is known of it."""
    application = Application(email, "Petra", town.ags, "", "hash of her password")
    with database.writing() as session:
        registration.begin(session, application)
    with database.reading() as session:
        job = session.scalars(
            select(Job).where(Job.name == "registration_letter").order_by(Job.id.desc())
        ).first()
        assert job is not None
        ticket = tickets.ticket(session, tickets.REGISTRATION, job.arguments["token"])
        assert ticket is not None
        return job.arguments["token"], ticket


def test_one_link_confirmed_at_once_makes_one_account(
    database: Database, instance: Config, town: Municipality
) -> None:
    token, ticket = registered(database, town)
    confirm = partial(registration.complete, config=instance, token=token, known=ticket)
    found = at_once(database, *[confirm] * AT_ONCE)
    assert len(set(found)) == 1
    assert isinstance(found[0], int)  # everybody is signed in to the same account
    assert number(database, Person) == 1
    assert number(database, Ticket) == 0


def test_one_link_confirmed_at_once_makes_one_request(
    database: Database, instance: Config, town: Municipality
) -> None:
    token, ticket = registered(database, town, "petra@mail.example")
    confirm = partial(registration.complete, config=instance, token=token, known=ticket)
    assert at_once(database, *[confirm] * AT_ONCE) == [None] * AT_ONCE
    assert number(database, JoinRequest) == 1
    assert number(database, Person) == 0


def test_two_links_of_one_address_make_one_account(
    database: Database, instance: Config, town: Municipality
) -> None:
    known = [registered(database, town) for _ in range(3)]
    tasks = [
        partial(registration.complete, config=instance, token=token, known=ticket) for token, ticket in known
    ]
    found = at_once(database, *tasks)
    assert number(database, Person) == 1
    assert len([one for one in found if isinstance(one, int)]) >= 1
    assert all(isinstance(one, int | Refused) for one in found)


def test_two_requests_of_one_address_leave_one(
    database: Database, instance: Config, town: Municipality
) -> None:
    known = [registered(database, town, "petra@mail.example") for _ in range(3)]
    tasks = [
        partial(registration.complete, config=instance, token=token, known=ticket) for token, ticket in known
    ]
    assert at_once(database, *tasks) == [None] * 3
    assert number(database, JoinRequest) == 1


def test_a_kommune_is_joined_by_one(database: Database, instance: Config, town: Municipality) -> None:
    with database.writing() as session:
        soest = make_municipality(session, name="Soest")
        joining.invite(session, instance, by="person:1", email=None, municipality=soest.ags)
        invitation = session.scalars(select(Ticket.id)).one()
    tasks, applications = [], [f"p{count}@mail.example" for count in range(AT_ONCE)]
    for email in applications:
        with database.writing() as session:
            registration.begin(session, Application(email, "P", soest.ags, "", f"hash {email}", invitation))
    with database.reading() as session:
        tokens = [
            job.arguments["token"]
            for job in session.scalars(select(Job).where(Job.name == "registration_letter"))
        ]
        known = {token: tickets.ticket(session, tickets.REGISTRATION, token) for token in tokens}
    for token, ticket in known.items():
        assert ticket is not None
        tasks.append(partial(registration.complete, config=instance, token=token, known=ticket))
    found = at_once(database, *tasks)
    assert len([one for one in found if isinstance(one, int)]) == 1
    assert number(database, Person) == 1
    assert number(database, JoinRequest) == AT_ONCE - 1


def test_an_invitation_is_accepted_once(database: Database, instance: Config, town: Municipality) -> None:
    with database.writing() as session:
        link = joining.invite(session, instance, by="person:1", email=EMAIL, municipality=town.ags)
    token = link.rpartition("/")[2]
    accept = partial(invited.accept, token=token, name="Petra", password_hash="hash")
    found = at_once(database, *[accept] * AT_ONCE)
    assert len([one for one in found if isinstance(one, int)]) == 1
    assert number(database, Person) == 1


def asked(database: Database, instance: Config, town: Municipality) -> int:
    """An open request for an account."""
    with database.writing() as session:
        requests.ask(
            session,
            instance,
            requests.ACCOUNT,
            email=EMAIL,
            name="Petra",
            municipality_id=town.id,
            password_hash="hash",
        )
        return session.scalars(select(JoinRequest.id)).one()


def test_two_coordinators_decide_once(database: Database, instance: Config, town: Municipality) -> None:
    request = asked(database, instance, town)

    def yes(session: Session) -> int:
        return joining.accept(session, request, by="person:1").id

    no = partial(joining.decline, request_id=request, by="person:2", reason="unbekannt")
    found = at_once(database, *[yes] * (AT_ONCE // 2), *[no] * (AT_ONCE // 2))
    losers = [one for one in found if isinstance(one, Refused)]
    assert len(losers) == AT_ONCE - 1
    assert {loser.message for loser in losers} == {"Über diese Anfrage hat schon jemand entschieden."}
    assert number(database, JoinRequest) == 0
    assert number(database, AuditEntry) == 1
    with database.reading() as session:
        jobs = session.scalars(select(Job.name).where(Job.name.in_(["tell_accepted", "tell_declined"]))).all()
    assert len(jobs) == 1


def test_a_password_is_set_once(database: Database, instance: Config, town: Municipality) -> None:
    with database.writing() as session:
        person = make_person(session, municipality=town)
        token = tickets.issue(session, tickets.PASSWORD, resets.LASTS, person_id=person.id)
    tasks = [
        partial(resets.set_password, config=instance, token=token, password_hash=f"hash {count}", device="")
        for count in range(AT_ONCE)
    ]
    assert sorted(map(bool, at_once(database, *tasks))) == [False] * (AT_ONCE - 1) + [True]


def test_two_people_confirm_one_new_address(database: Database, instance: Config, town: Municipality) -> None:
    tasks: list[Callable[[Session], object]] = []
    with database.writing() as session:
        for _ in range(3):
            person = make_person(session, municipality=town)
            token = tickets.issue(
                session,
                tickets.ADDRESS,
                addresses.LASTS,
                person_id=person.id,
                email_key=EMAIL,
                data={"email": EMAIL},
            )
            tasks.append(partial(addresses.confirm, config=instance, token=token, person_id=person.id))
    found = at_once(database, *tasks)
    assert [one for one in found if not isinstance(one, Refused)] == [True]
    with database.reading() as session:
        assert len(session.scalars(select(Person.id).where(Person.email == EMAIL)).all()) == 1


def test_leaving_and_changing_at_once_end_in_one_of_both(
    database: Database, instance: Config, town: Municipality
) -> None:
    with database.writing() as session:
        person = make_person(session, email=EMAIL, roles=["expert"])
    leave = partial(moving.leave, person_id=person.id)
    change = partial(moving.change, config=instance, person_id=person.id, town=town)
    at_once(database, *[leave] * 3, *[change] * 3)
    with database.reading() as session:
        after = session.get_one(Person, person.id)
        assert (after.municipality_id, after.left_on) in {(town.id, None), (None, clock.today())}
