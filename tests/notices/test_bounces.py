"""What servers refuse is remembered and shown; a mail that is taken clears it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import notices as chosen
from learn.accounts.models import JoinRequest, Person
from learn.config import Config
from learn.core import clock, jobs, mail
from learn.core.db import Database
from learn.notices import bounces
from learn.notices.mail import trial
from learn.notices.models import AddressState
from tests.core.smtp import Inbox, serving
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_question, make_reader
from tests.notices.helpers import NOON, deliveries, work_off

UNKNOWN = "550 5.1.1 no such user"
FULL = "452 4.2.2 mailbox full"


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    mail.AWAY.clear()
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def server(time: object, instance: Config) -> Iterator[tuple[jobs.Work, Inbox]]:
    """An instance of its own and the mail server it uses."""
    database, inbox = Database.of(instance), Inbox()
    with serving(inbox) as port:
        yield jobs.Work(replace(instance, mail_url=f"smtp://127.0.0.1:{port}"), database), inbox
    database.dispose()


def state(work: jobs.Work, person_id: int) -> str | None:
    with work.database.reading() as session:
        return session.scalar(select(AddressState.state).where(AddressState.person_id == person_id))


def write(work: jobs.Work, address: str) -> None:
    with work.database.writing() as session:
        mail.send(session, trial(work.config, address))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_unknown_address_is_closed_at_once_and_opened_by_the_next_mail_taken(
    server: tuple[jobs.Work, Inbox],
) -> None:
    work, inbox = server
    with work.database.writing() as session:
        person = make_person(session, email="Jana@Example.org")
    inbox.refuses = UNKNOWN
    write(work, person.email)
    work_off(work)
    assert state(work, person.id) == bounces.CLOSED
    inbox.refuses = ""
    write(work, person.email)
    work_off(work)
    assert [address.casefold() for address in inbox.to] == ["jana@example.org"]
    assert state(work, person.id) is None


@pytest.mark.parametrize("kind", ["sqlite"])
def test_other_refusals_count_only_in_a_row_and_over_days(
    server: tuple[jobs.Work, Inbox], time: time_machine.Traveller
) -> None:
    work, inbox = server
    with work.database.writing() as session:
        person = make_person(session)
    inbox.refuses = FULL
    write(work, person.email)
    for _minute in range(30):
        work_off(work)
        time.shift(timedelta(minutes=5))
    assert state(work, person.id) == "", "many times, on one day"
    time.shift(timedelta(days=1))
    work_off(work)
    assert state(work, person.id) == bounces.DISTURBED
    inbox.refuses = ""
    time.shift(timedelta(hours=2))
    work_off(work)
    assert inbox.to == [person.email]
    assert state(work, person.id) is None


@pytest.mark.parametrize("kind", ["sqlite"])
def test_to_a_closed_address_goes_nothing_but_trial_and_safety_mails(server: tuple[jobs.Work, Inbox]) -> None:
    work, inbox = server
    with work.database.writing() as session:
        asker = make_reader(session, "coordinator")
        person = session.get_one(Person, asker.actor.owner)
        bounces.refused(session, person.email, closed=True)
        question = make_question(session, asker)
        make_answer(session, make_reader(session), question)
        ask_for_an_account(session)
        chosen._tell_coordinators(session, work.config, "taeglich")
    work_off(work)
    assert inbox.mails == []
    with work.database.reading() as session:
        assert deliveries(session, person.id) == [("sofort", "antwort", "entfallen")]
    write(work, person.email)
    work_off(work)
    assert [mail["Subject"] for mail in inbox.mails] == ["Testmail"]


def ask_for_an_account(session: Session) -> None:
    town = make_municipality(session)
    session.add(
        JoinRequest(
            kind="konto",
            email="petra@example.org",
            email_key="petra@example.org",
            name="Petra",
            municipality_id=town.id,
            asked_on=clock.today(),
        )
    )


@pytest.mark.parametrize("kind", ["sqlite"])
def test_refusals_of_strangers_and_former_addresses_are_nobodys(server: tuple[jobs.Work, Inbox]) -> None:
    work, _inbox = server
    with work.database.writing() as session:
        person = make_person(session)
        bounces.refused(session, "nobody@example.org", closed=True)
        bounces.refused(session, person.email, closed=True)
        person.email, person.email_key = "neu@example.org", "neu@example.org"
    with work.database.writing() as session:
        assert bounces.Bounces().takes_mail(work, "neu@example.org")
        bounces.refused(session, "neu@example.org", closed=False)
    with work.database.reading() as session:
        found = session.scalars(select(AddressState)).one()
        assert (found.state, found.failures, found.email_key) == ("", 1, "neu@example.org")
