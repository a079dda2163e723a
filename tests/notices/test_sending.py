"""Mails about the forum through a real server: at once and weekly, once each, of what may be read then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import choices, erasure
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, jobs, mail
from learn.core.db import Database
from learn.core.models import Job
from learn.forum import overdue, reading
from learn.forum.audience import Reader
from learn.forum.models import Post, PostMention, Question
from learn.network.models import Municipality
from learn.notices import sending, unsubscribing
from learn.notices.models import Delivery, DigestMark, Notice
from learn.notices.unsubscribing import Wish
from tests.core.smtp import Inbox, free_port, serving
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_comment, make_question, make_reader
from tests.notices.helpers import deliveries, mails, text, waiting, work_off

NOON = "2026-06-03 12:00:00+02:00"  # a Wednesday; the next day is Fronleichnam in Nordrhein-Westfalen
MONDAY = "2026-06-08 07:00:00+02:00"


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """A working day at noon; tests move on from there."""
    mail.AWAY.clear()
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def work(time: object, instance: Config) -> Iterator[jobs.Work]:
    """An instance on files of its own, whose mails go into its folder."""
    database = Database.of(instance)
    yield jobs.Work(instance, database)
    database.dispose()


def make_talk(session: Session) -> tuple[Reader, Reader, Question]:
    """Somebody of Olpe asks, somebody answers."""
    olpe = make_municipality(session, ags="05966024", name="Olpe")
    asker, helper = (
        make_reader(session, name="Jana Hellweg", town=olpe),
        make_reader(session, name="Petra Muster"),
    )
    question = make_question(session, asker, title="Wer hat Bodenfeuchte gemessen?")
    make_answer(session, helper, question, "Ja, seit 2024 im Stadtpark.")
    return asker, helper, question


def address(work: jobs.Work, who: Reader) -> str:
    with work.database.reading() as session:
        return session.get_one(Person, who.actor.owner).email


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_answer_to_ones_own_question_is_mailed_at_once(work: jobs.Work) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        smtp = jobs.Work(replace(work.config, mail_url=f"smtp://127.0.0.1:{port}"), work.database)
        with work.database.writing() as session:
            asker, _helper, question = make_talk(session)
        work_off(smtp)
    assert waiting(work) == []
    (found,) = inbox.mails
    assert inbox.to == [address(work, asker)]
    assert found["Subject"] == "Wer hat Bodenfeuchte gemessen?"
    assert found["List-ID"] == "<forum.localhost>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert (
        found["References"]
        == f"<{mail.recurring(work.config, question.asked_at, 'question', question.id)}@localhost>"
    )
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = found["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert unsubscribing.wish(work.config.secret_key, link) == Wish(asker.actor.owner, "eigene")
    words = text(found)
    assert "Petra Muster, Stadt Musterstadt, hat geantwortet:" in words
    assert "Ja, seit 2024 im Stadtpark." in words
    assert "weil Sie gefragt haben" in words
    assert "http://localhost/forum/beitraege/2" in words.splitlines()
    with work.database.reading() as session:
        assert deliveries(session, asker.actor.owner) == [("sofort", "antwort", "fertig")]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_nothing_leaves_at_night_and_on_holidays(work: jobs.Work, time: time_machine.Traveller) -> None:
    time.move_to("2026-06-03 18:59:59+02:00")
    with work.database.writing() as session:
        _asker, helper, question = make_talk(session)
    time.move_to("2026-06-03 19:00:00+02:00")
    work_off(work)
    assert mails(work) == []
    time.move_to("2026-06-04 12:00:00+02:00")
    work_off(work)
    assert mails(work) == [], "Fronleichnam"
    time.move_to("2026-06-05 07:00:00+02:00")
    work_off(work)
    assert len(mails(work)) == 1
    with work.database.writing() as session:
        make_answer(session, helper, session.get_one(Question, question.id))
    down = jobs.Work(replace(work.config, mail_url=f"smtp://127.0.0.1:{free_port()}"), work.database)
    time.move_to("2026-06-05 18:59:00+02:00")
    work_off(down)
    mail.AWAY.clear()
    time.move_to("2026-06-05 20:00:00+02:00")
    work_off(work)
    assert len(mails(work)) == 1, "tried again after hours"
    time.move_to("2026-06-08 07:00:00+02:00")
    work_off(work)
    assert len(mails(work)) == 2


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_local_holiday_of_the_settings_is_no_working_day(work: jobs.Work) -> None:
    closed = jobs.Work(replace(work.config, holidays=frozenset({clock.today()})), work.database)
    with work.database.writing() as session:
        make_talk(session)
    work_off(closed)
    assert mails(work) == []


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "change", ["hidden", "moved out of sight", "read", "switched off", "muted", "closed"]
)
def test_what_changed_before_the_mail_leaves_is_respected(
    work: jobs.Work, time: time_machine.Traveller, change: str
) -> None:
    time.move_to("2026-06-03 23:00:00+02:00")
    with work.database.writing() as session:
        asker, _helper, question = make_talk(session)
        person_id = asker.actor.owner
        if change == "muted":
            follower = make_reader(session)
            person_id = follower.actor.owner
            choices.choose(session, person_id, choices.FORUM, "sofort")
            reading.follow(session, follower, question, "alles")
            reading.read_to(session, follower.actor, question, 1)
            choices.choose(session, asker.actor.owner, choices.OWN, "nie")
    work_off(work)
    with work.database.writing() as session:
        post = session.scalars(select(Post).where(Post.number == 2)).one()
        asked = session.get_one(Question, question.id)
        match change:
            case "hidden":
                post.hidden = "ausgeblendet"
            case "moved out of sight":
                session.get_one(Municipality, asker.actor.municipality_id).role = "gast"
            case "read":
                reading.read_to(session, asker.actor, asked, 2)
            case "switched off":
                choices.choose(session, person_id, choices.OWN, "nie")
            case "muted":
                reading.follow(session, follower, asked, "nichts")
            case "closed":
                session.get_one(Person, person_id).active = False
    time.move_to("2026-06-05 08:00:00+02:00")
    work_off(work)
    assert mails(work) == []
    assert waiting(work) == []
    with work.database.reading() as session:
        assert [state for _channel, _reason, state in deliveries(session, person_id)] == ["entfallen"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_weekly_overview_tells_each_question_once_and_nothing_twice(
    work: jobs.Work, time: time_machine.Traveller
) -> None:
    with work.database.writing() as session:
        _asker, helper, _question = make_talk(session)
        follower = make_reader(session)
        reading.follow_topic(session, follower.actor, "sensorik", "alles")
        other = make_question(session, make_reader(session), title="Welche Sensoren halten im Winter?")
        make_answer(session, helper, other)
        hidden = make_question(session, make_reader(session), title="Eine Frage, die bald verschwindet")
    work_off(work)
    assert [mail["To"] for mail in mails(work)].count(address(work, follower)) == 0
    with work.database.writing() as session:
        session.get_one(Question, hidden.id).listed = ""
    time.move_to(MONDAY)
    work_off(work)
    overviews = [mail for mail in mails(work) if mail["To"] == address(work, follower)]
    (found,) = overviews
    words = text(found)
    assert found["Subject"] == "Ihre Woche im Forum"
    assert "„Wer hat Bodenfeuchte gemessen?“: neue Frage, 1 neue Antwort" in words
    assert words.count("Welche Sensoren halten im Winter?") == 1
    assert "verschwindet" not in words
    assert "Stadtpark" not in words, "no texts"
    with work.database.reading() as session:
        last = session.scalar(
            select(func.max(Delivery.event_id)).where(Delivery.person_id == follower.actor.owner)
        )
        assert session.get_one(DigestMark, follower.actor.owner).event_id == last
    for _week in range(2):
        time.shift(timedelta(days=7))
        work_off(work)
    assert len([mail for mail in mails(work) if mail["To"] == address(work, follower)]) == 1, "nothing new"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_week_of_which_everything_was_read_brings_no_mail(
    work: jobs.Work, time: time_machine.Traveller
) -> None:
    with work.database.writing() as session:
        follower = make_reader(session)
        reading.follow_topic(session, follower.actor, "sensorik", "alles")
        question = make_question(session, make_reader(session))
    work_off(work)
    with work.database.writing() as session:
        reading.read_to(session, follower.actor, session.get_one(Question, question.id), 1)
    time.move_to(MONDAY)
    work_off(work)
    assert mails(work) == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_repeat_bears_the_same_message_id(work: jobs.Work) -> None:
    with work.database.writing() as session:
        asker, _helper, _question = make_talk(session)
    work_off(work)
    (first,) = mails(work)
    with work.database.writing() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.person_id == asker.actor.owner)).one()
        delivery.state = "offen"  # as if the worker had died before it noted the success
        jobs.enqueue(session, sending.SEND, delivery_id=delivery.id)
    inbox = Inbox()
    with serving(inbox) as port:
        work_off(jobs.Work(replace(work.config, mail_url=f"smtp://127.0.0.1:{port}"), work.database))
    (again,) = inbox.mails
    assert again["Message-ID"] == first["Message-ID"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_message_ids_differ_by_event_and_person_and_cannot_be_guessed(work: jobs.Work) -> None:
    now = clock.now()
    numbers = {mail.recurring(work.config, now, event, person) for event in range(9) for person in range(9)}
    assert len(numbers) == 81
    other = replace(work.config, secret_key="1" * 64)
    assert mail.recurring(other, now, 1, 1) not in numbers


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_town_without_a_contact_is_told_by_its_mailbox_as_visitors_see_authors(work: jobs.Work) -> None:
    with work.database.writing() as session:
        asker, _helper, _question = make_talk(session)
        towns = [make_municipality(session, role=role) for role in ("mitglied", "gast")]
        for number, town in enumerate(towns):
            town.mailbox = f"rathaus{number}@ort.example"
        post = make_comment(session, asker, session.scalars(select(Post).where(Post.number == 2)).one())
        session.add_all(PostMention(post_id=post.id, municipality_id=town.id) for town in towns)
    work_off(work)
    assert waiting(work) == []
    found = [each for each in mails(work) if each["To"].endswith("ort.example")]
    (told,) = found
    assert told["To"] == "rathaus0@ort.example", "a guest town may not read this question"
    assert "Mit welchem Gerät?" in text(told)
    assert "Jana Hellweg" not in text(told)
    assert told["List-Unsubscribe"] is None


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_erased_person_gets_no_mail_and_keeps_no_row(
    work: jobs.Work, time: time_machine.Traveller
) -> None:
    time.move_to("2026-06-03 23:00:00+02:00")
    with work.database.writing() as session:
        asker, _helper, _question = make_talk(session)
    work_off(work)
    with work.database.writing() as session:
        assert deliveries(session, asker.actor.owner)
        erasure.erase(session, work.config, asker.actor.owner, by="test")
    time.move_to("2026-06-05 08:00:00+02:00")
    work_off(work)
    assert mails(work) == []
    with work.database.reading() as session:
        for table in (Delivery, Notice):
            gone = select(func.count()).select_from(table).where(table.person_id == asker.actor.owner)
            assert session.scalar(gone) == 0
    assert waiting(work) == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_an_overdue_question_is_told_to_the_koordination_once(
    work: jobs.Work, time: time_machine.Traveller
) -> None:
    time.move_to("2026-05-29 12:00:00+02:00")  # a Friday: five working days end on 8 June in Olpe
    with work.database.writing() as session:
        staff = make_reader(session, "coordinator")
        olpe = make_municipality(session, ags="05966024", name="Olpe")
        question = make_question(session, make_reader(session, town=olpe))
        answered = make_question(session, make_reader(session, town=olpe))
        make_answer(session, make_reader(session), answered)
    for day, expected in (("2026-06-08", 0), ("2026-06-09", 1), ("2026-06-10", 0)):
        time.move_to(f"{day} 12:00:00+02:00")
        with work.database.writing() as session:
            assert overdue.tell(session, ()) == expected
    work_off(work)
    with work.database.reading() as session:
        lines = select(Notice.subject).where(Notice.person_id == staff.actor.owner, Notice.kind == "wartet")
        assert session.scalars(lines).all() == [f"wartet:{question.id}"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_reset_link_does_not_wait_behind_a_thousand_notices(
    work: jobs.Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 5)
    with work.database.writing() as session:
        _asker, _helper, _question = make_talk(session)
    work_off(work)
    with work.database.writing() as session:
        event_id = session.scalar(select(func.max(Delivery.event_id)))
        people = [make_reader(session).actor.owner for _number in range(12)]
        session.add_all(
            Delivery(event_id=event_id, person_id=one, channel="sofort", reason="antwort", run_at=clock.now())
            for one in people
        )
    sending.release(work)
    with work.database.reading() as session:
        assert session.scalar(select(func.count()).where(Job.name == sending.SEND)) == 5
    work_off(work)
    with work.database.reading() as session:
        assert session.scalar(select(func.count()).where(Delivery.state == "offen")) == 0
