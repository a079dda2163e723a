"""The weekly letter: on her day, once a week, whoever else works or is killed; nothing of days missed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core import cleaning, clock, jobs
from learn.core import mail as letters
from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.core.models import Job
from learn.core.owndata import REGISTRY, Owner
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import mail, reminders, service
from learn.learning.appointments import calendar
from learn.learning.models import Reminder
from learn.learning.reminders import Following
from learn.learning.service import Request
from learn.notices import unsubscribing
from tests.core.smtp import Inbox, serving
from tests.learning.factories import make_actor, manifest_of, publish
from tests.notices.helpers import mails, text, work_off

WEDNESDAY = "2026-03-04 10:00:00+01:00"
LESSONS = [
    LessonEntry(f"les_{name}", name, name.title(), 1, 1, 5, required=True) for name in ("messen", "bauen")
]

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])  # races: test_reminder_races.py


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    letters.AWAY.clear()
    with time_machine.travel(WEDNESDAY, tick=False) as travel:
        yield travel


@pytest.fixture
def work(time: object, instance: Config) -> Iterator[jobs.Work]:
    """An instance of its own, mails into files."""
    database = Database.of(instance)
    yield jobs.Work(instance, database)
    database.dispose()


@pytest.fixture
def release(work: jobs.Work) -> CourseRelease:
    with work.database.writing() as session:
        return publish(session, manifest_of(LESSONS))


def learner(session: Session, release: CourseRelease, *, weekday: int = 2, calendar: bool = False) -> Actor:
    """Somebody who has begun the course and wants letters."""
    actor = make_actor(session)
    service.enrol(session, actor, release)
    reminders.choose(session, actor, weekday, mail=True, calendar=calendar)
    return actor


@pytest.fixture
def jana(work: jobs.Work, release: CourseRelease) -> Actor:
    with work.database.writing() as session:
        return learner(session, release)


def later(time: time_machine.Traveller, **distance: int) -> None:
    time.shift(timedelta(**distance))


def run(work: jobs.Work) -> int:
    """The job of the hour, and all it asks for; how many letters lie there afterwards."""
    mail.remind(work)
    work_off(work)
    return len(mails(work))


def complete(work: jobs.Work, actor: Actor, release: CourseRelease, *lessons: str) -> None:
    for name in lessons:
        with work.database.writing() as session:
            service.complete(session, actor, release, name, Request(f"r-{name}", 1, 0))


def test_a_letter_says_what_comes_next_and_how_it_ends(work: jobs.Work, jana: Actor) -> None:
    assert run(work) == 1
    (letter,) = mails(work)
    assert letter["Subject"] == "Ihre Lernzeit"
    words = text(letter)
    assert "Hier geht es für Sie weiter: „Messen“ im Kurs „Sensoren“, etwa 5\nMinuten." in words
    assert "http://localhost/kurse/sensoren/messen" in words
    link = str(letter["List-Unsubscribe"]).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-ID"] == "<erinnerung.localhost>"
    assert f"Diese Erinnerung beenden:\n{link}" in words
    wish = unsubscribing.wish(work.config.secret_key, link.rpartition("/")[2])
    assert wish is not None
    assert (wish.person_id, wish.kind) == (jana.owner, mail.WISH)


def test_it_comes_on_her_day_between_7_and_19_once_a_week(
    work: jobs.Work, jana: Actor, time: time_machine.Traveller
) -> None:
    time.move_to("2026-03-03 12:00:00+01:00")  # the day before
    assert run(work) == 0
    time.move_to("2026-03-04 06:59:00+01:00")
    assert run(work) == 0
    found = []
    for _hour in range(24):
        later(time, hours=1)
        found.append(run(work))
    assert found == [1] * 24
    time.move_to("2026-03-11 18:59:00+01:00")
    assert run(work) == 2
    time.move_to("2026-03-25 19:00:00+01:00")  # too late
    assert run(work) == 2


def test_a_change_of_day_brings_no_second_letter_in_a_week(
    work: jobs.Work, jana: Actor, time: time_machine.Traveller
) -> None:
    assert run(work) == 1
    with work.database.writing() as session:
        reminders.choose(session, jana, 4, mail=True, calendar=False)
    time.move_to("2026-03-06 12:00:00+01:00")
    assert run(work) == 1
    time.move_to("2026-03-13 12:00:00+01:00")
    assert run(work) == 2


def test_a_long_absence_is_no_matter(
    work: jobs.Work, jana: Actor, release: CourseRelease, time: time_machine.Traveller
) -> None:
    """The letter after months is that of the next week, but for its number and its day."""
    complete(work, jana, release, "les_messen")
    run(work)
    time.move_to("2026-09-02 12:00:00+02:00")
    assert run(work) == 2
    first, second = (text(letter) for letter in mails(work))
    assert first == second
    assert "Bauen" in first


def test_who_has_nothing_unfinished_or_ended_it_gets_none(
    work: jobs.Work, release: CourseRelease, time: time_machine.Traveller
) -> None:
    with work.database.writing() as session:
        finished, ended, gone, locked, asked = (learner(session, release) for _each in range(5))
        reminders.choose(session, make_actor(session), 2, mail=True, calendar=False)  # has begun nothing
        reminders.choose(session, asked, 2, mail=False, calendar=True)
        session.get_one(Person, locked.owner).active = False
    complete(work, finished, release, "les_messen", "les_bauen")
    mail.remind(work)
    with work.database.writing() as session:  # while the letters wait
        reminders.end_mail(session, ended.owner)
        session.delete(session.get_one(Reminder, gone.owner))
    work_off(work)
    assert mails(work) == []
    later(time, days=7)
    with work.database.writing() as session:
        session.get_one(Person, locked.owner).active = True
    assert run(work) == 1


def test_a_letter_that_could_not_leave_on_its_day_stays_away(
    work: jobs.Work, jana: Actor, time: time_machine.Traveller
) -> None:
    mail.remind(work)
    later(time, days=1)
    work_off(work)
    assert mails(work) == []
    assert jana.owner


@pytest.mark.usefixtures("jana")
def test_a_killed_job_that_comes_again_brings_no_second_letter(work: jobs.Work) -> None:
    """Killed before its transaction ends it has done nothing; killed after it, it finds nothing to do."""

    class Killed(BaseException):
        pass

    def die() -> None:
        with work.database.writing() as session:
            row = session.scalars(select(Reminder)).one()
            row.sent_for = date(2026, 3, 2)
            jobs.enqueue(session, mail.SEND, person_id=row.person_id, at=clock.now().isoformat())
            raise Killed

    with pytest.raises(Killed):
        die()
    assert run(work) == 1
    assert run(work) == 1


@pytest.mark.usefixtures("jana")
def test_a_letter_sent_again_after_a_crash_bears_the_same_number(work: jobs.Work) -> None:
    mail.remind(work)
    with work.database.reading() as session:
        arguments = session.scalars(select(Job.arguments).where(Job.name == mail.SEND)).one()
    mail.send(work, **arguments)  # the worker died before it noted that it was done
    assert run(work) == 1  # of one name: servers recognise the second


def test_more_people_than_one_transaction_takes(
    work: jobs.Work, release: CourseRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "BATCH", 2)
    with work.database.writing() as session:
        for _each in range(5):
            learner(session, release)
    assert run(work) == 5


@pytest.mark.usefixtures("jana")
def test_an_unknown_address_gets_one_letter_and_no_more(
    work: jobs.Work, time: time_machine.Traveller
) -> None:
    inbox = Inbox(refuses="550 5.1.1 no such user")
    with serving(inbox) as port:
        server = jobs.Work(replace(work.config, mail_url=f"smtp://127.0.0.1:{port}"), work.database)
        mail.remind(server)
        work_off(server)
        inbox.refuses = ""
        later(time, days=7)
        mail.remind(server)
        work_off(server)
    assert inbox.mails == []


@pytest.mark.usefixtures("jana")
def test_a_real_server_takes_it(work: jobs.Work) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        server = jobs.Work(replace(work.config, mail_url=f"smtp://127.0.0.1:{port}"), work.database)
        mail.remind(server)
        work_off(server)
    (letter,) = inbox.mails
    assert letter["Subject"] == "Ihre Lernzeit"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_she_takes_her_setting_along_and_it_goes_with_her(work: jobs.Work, jana: Actor) -> None:
    with work.database.writing() as session:
        reminders.choose(session, jana, 6, mail=True, calendar=True)
        person = session.get_one(Person, jana.owner)
        owner = Owner(person.id, person.email_key, person.email)
        found = [list(row) for row in REGISTRY.topics[Reminder].read(session, owner)]
        assert found == [["Sonntag", True, True, None]]
        REGISTRY.erasers[Reminder](session, owner)
        assert session.get(Reminder, jana.owner) is None


def test_a_weekday_that_is_none_is_refused(work: jobs.Work, jana: Actor) -> None:
    for day in (-1, 7):
        with pytest.raises(Refused), work.database.writing() as session:
            reminders.choose(session, jana, day, mail=True, calendar=True)


@pytest.mark.usefixtures("kind")
def test_titles_stay_titles_in_a_calendar() -> None:
    hostile = "Netz\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT; a, b \\ \u2028"
    step = Following(hostile, hostile, 1, "/kurse/a/b")
    made = calendar("name", 0, date(2026, 3, 4), base="https://schule.example", step=step).decode()
    lines = made.replace("\r\n ", "").split("\r\n")
    assert [line.partition(":")[0] for line in lines].count("END") == 5
    assert not [line for line in lines if line.startswith("ATTENDEE")]
    assert "etwa 1 Minute." in "".join(lines)


@pytest.mark.usefixtures("kind")
def test_the_job_runs_often_enough_for_every_day() -> None:
    assert jobs.SCHEDULES["remind_learners"] <= cleaning.DAY / 12
