"""Mails that people chose: who gets them, once each, in bounded batches, whatever happens to the worker."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import choices, notices
from learn.accounts.models import JoinRequest, Person
from learn.config import Config
from learn.core import clock, jobs, logs
from learn.core.db import Database
from learn.core.models import Job
from learn.network.models import Cohort, CohortTown, Municipality
from tests.factories import make_municipality, make_person

NAME = "Petra Geheim"


@pytest.fixture
def work(instance: Config) -> Iterator[jobs.Work]:
    """An instance on files of its own."""
    database = Database.of(instance)
    yield jobs.Work(instance, database)
    database.dispose()


def asked(session: Session, town: Municipality) -> None:
    """Somebody asks for an account."""
    session.add(
        JoinRequest(
            kind="konto",
            email="petra.geheim@example.org",
            email_key="petra.geheim@example.org",
            name=NAME,
            municipality_id=town.id,
            password_hash=None,
            asked_on=clock.today(),
        )
    )


def run(work: jobs.Work, name: str) -> int:
    """Do every due job of a name, as the worker would; how many there were."""
    done = 0
    while True:
        with work.database.reading() as session:
            due = select(Job.id, Job.arguments).where(Job.name == name, Job.run_at <= clock.now())
            job = session.execute(due.limit(1)).first()
        if job is None:
            return done
        jobs.HANDLERS[name](work, **job.arguments)
        with work.database.writing() as session:
            session.delete(session.get(Job, job.id))
        done += 1


def mails(work: jobs.Work) -> list[dict[str, str]]:
    """What lies in the outbox, by recipient."""
    with work.database.reading() as session:
        found = session.scalars(select(Job.arguments).where(Job.name == "send_mail")).all()
    return sorted(found, key=lambda mail: mail["to"])


def test_coordinators_hear_of_requests_as_they_chose(work: jobs.Work) -> None:
    with work.database.writing() as session:
        town = make_municipality(session)
        for rhythm in ("sofort", "taeglich", "nie"):
            person = make_person(
                session, email=f"{rhythm}@example.org", municipality=town, roles=["coordinator"]
            )
            choices.choose(session, person.id, "anfragen", rhythm)
        make_person(session, email="preset@example.org", municipality=town, roles=["coordinator"])
        make_person(session, email="operator@example.org", municipality=town, roles=["operator"])
        make_person(
            session, email="closed@example.org", municipality=town, roles=["coordinator"], active=False
        )
        asked(session, town)
        notices.new_request(session, work.config)
        notices.new_request(session, work.config)
    assert run(work, "tell_of_new_request") == 1
    assert [mail["to"] for mail in mails(work)] == ["sofort@example.org"]
    jobs.HANDLERS["tell_of_requests"](work)
    assert [mail["to"] for mail in mails(work)] == [
        "preset@example.org",
        "sofort@example.org",
        "taeglich@example.org",
    ]


def test_a_mail_about_requests_names_nobody(work: jobs.Work) -> None:
    with work.database.writing() as session:
        town = make_municipality(session, name="Geheimstadt")
        make_person(session, roles=["coordinator"])
        asked(session, town)
    jobs.HANDLERS["tell_of_requests"](work)
    (mail,) = mails(work)
    text = mail["text"] + mail["html"] + mail["subject"]
    assert "http://localhost/verwaltung/anfragen" in text
    assert mail["settings"] == "http://localhost/konto/mitteilungen"
    for secret in (NAME, "petra", "Geheimstadt"):
        assert secret not in text


def test_the_daily_mail_comes_once_a_day_while_something_is_open(work: jobs.Work) -> None:
    with work.database.writing() as session:
        make_person(session, roles=["coordinator"])
        town = make_municipality(session)
    with time_machine.travel(clock.now(), tick=False) as time:
        jobs.HANDLERS["tell_of_requests"](work)
        assert mails(work) == []
        time.shift(timedelta(days=1))
        with work.database.writing() as session:
            asked(session, town)
        jobs.HANDLERS["tell_of_requests"](work)
        jobs.HANDLERS["tell_of_requests"](work)  # a killed worker's job comes again
        assert len(mails(work)) == 1
        time.shift(timedelta(days=1))
        jobs.HANDLERS["tell_of_requests"](work)
        assert len(mails(work)) == 2


def cohort(session: Session, people: int) -> Cohort:
    """A Klasse of two towns with so many people."""
    found = Cohort(name="LoRaWAN", created_on=clock.today())
    session.add(found)
    session.flush()
    towns = [make_municipality(session) for _ in range(2)]
    session.add_all(
        CohortTown(cohort_id=found.id, municipality_id=town.id, joined_on=clock.today()) for town in towns
    )
    session.add_all(
        Person(
            email=f"p{number:03}@example.org",
            email_key=f"p{number:03}@example.org",
            name="Person",
            municipality_id=towns[number % 2].id,
            created_on=clock.today(),
        )
        for number in range(people)
    )
    session.flush()
    return found


def test_a_klasse_hears_of_changes_made_shortly_after_each_other_in_one_mail(work: jobs.Work) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        with work.database.writing() as session:
            klasse = cohort(session, 3)
            make_person(session, email="elsewhere@example.org")
            silent = session.scalars(select(Person).where(Person.email == "p001@example.org")).one()
            choices.choose(session, silent.id, "klasse", "nie")
            notices.cohort_changed(session, work.config, klasse.id, "Ölpe ist jetzt dabei.")
        time.shift(timedelta(minutes=1))
        with work.database.writing() as session:
            for sentence in ("Gewählt ist der Kurs „LoRa“.", "Ölpe ist jetzt dabei."):
                notices.cohort_changed(session, work.config, klasse.id, sentence)
        assert run(work, "tell_cohort") == 0
        time.shift(timedelta(minutes=2))
        assert run(work, "tell_cohort") == 1
    assert [mail["to"] for mail in mails(work)] == ["p000@example.org", "p002@example.org"]
    text = mails(work)[0]["text"]
    assert text.count("Ölpe ist jetzt dabei.") == text.count("Gewählt ist der Kurs „LoRa“.") == 1
    assert f"http://localhost/klassen/{klasse.id}" in text.splitlines()


def test_a_change_after_the_mail_is_on_its_way_gets_one_of_its_own(work: jobs.Work) -> None:
    worker = jobs.Worker(work, logs.logger("json"))
    with time_machine.travel(clock.now(), tick=False) as time:
        with work.database.writing() as session:
            klasse = cohort(session, 1)
            notices.cohort_changed(session, work.config, klasse.id, "Erstens.")
        time.shift(notices.COLLECT)
        assert worker.once()
        with work.database.writing() as session:
            notices.cohort_changed(session, work.config, klasse.id, "Zweitens.")
        time.shift(notices.COLLECT)
        assert run(work, "tell_cohort") == 1
    texts = [mail["text"] for mail in mails(work)]
    assert sorted(("Erstens." in text, "Zweitens." in text) for text in texts) == [
        (False, True),
        (True, False),
    ]


def test_a_large_klasse_is_told_in_batches_each_person_once(
    work: jobs.Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "BATCH", 7)
    with work.database.writing() as session:
        klasse = cohort(session, 30)
        with time_machine.travel(clock.now() - timedelta(hours=1)):
            notices.cohort_changed(session, work.config, klasse.id, "Gewählt ist ein Kurs.")
        first = session.scalars(select(Job.arguments).where(Job.name == "tell_cohort")).one()
    jobs.HANDLERS["tell_cohort"](work, **first)
    assert len(mails(work)) == 7
    jobs.HANDLERS["tell_cohort"](work, **first)  # killed between the mails and the end of its job
    with work.database.reading() as session:
        waiting = session.scalar(select(func.count()).select_from(Job).where(Job.name == "tell_cohort"))
    assert len(mails(work)) == 7
    assert waiting == 2  # the interrupted one and the next batch
    assert run(work, "tell_cohort") == 5
    assert [mail["to"] for mail in mails(work)] == [f"p{number:03}@example.org" for number in range(30)]


def test_many_changes_stay_a_short_mail_and_a_deleted_klasse_none(work: jobs.Work) -> None:
    with work.database.writing() as session:
        klasse = cohort(session, 1)
        with time_machine.travel(clock.now() - timedelta(hours=1)):
            for number in range(40):
                notices.cohort_changed(session, work.config, klasse.id, f"Änderung {number}.")
        job = session.scalars(select(Job).where(Job.name == "tell_cohort")).one()
        assert len(job.arguments["sentences"]) == notices.SENTENCES
        session.delete(klasse)
    assert run(work, "tell_cohort") == 1
    assert mails(work) == []
