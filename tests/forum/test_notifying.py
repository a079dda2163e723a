"""Whom a post concerns and why: reasons in their order, levels of Folgen, quiet, sight, and towns."""

from collections.abc import Iterator
from itertools import product

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import choices
from learn.accounts.models import Person, PersonTopic, TrainerCohort
from learn.config import Config
from learn.core import jobs
from learn.core.db import Database
from learn.forum import judging, notifying, reading
from learn.forum.audience import Reader
from learn.forum.models import Post, PostMention
from learn.network.models import Municipality
from learn.notices import events
from learn.notices.models import Event, Notice
from learn.notices.resolving import some
from tests.factories import make_municipality, make_person
from tests.forum.factories import (
    make_answer,
    make_cohort,
    make_comment,
    make_question,
    make_reader,
    reader_of,
)
from tests.notices.helpers import deliveries, notices

NOON = "2026-06-03 12:00:00+02:00"  # a Wednesday; the day after is Fronleichnam in Nordrhein-Westfalen


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A working day, so that mail may leave at once."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def work(app: object, database: Database, request: pytest.FixtureRequest) -> jobs.Work:
    """What the worker uses, inside the test's transaction."""
    config: Config = request.getfixturevalue("app").extensions["learn.config"]
    return jobs.Work(config, database)


def resolve(work: jobs.Work, session: Session) -> None:
    """Tell all events, as the worker does."""
    session.flush()
    open_events = select(Event.id).where(~Event.resolved).order_by(Event.id)
    with work.database.reading() as reading_session:
        ids = reading_session.scalars(open_events).all()
    for event_id in ids:
        while some(work, event_id):
            pass
    session.expire_all()


def person(who: Reader) -> int:
    return who.actor.owner


def mention(session: Session, post: Post, *, who: Reader | None = None, town: int | None = None) -> None:
    """As if the post had named them with @."""
    session.add(PostMention(post_id=post.id, person_id=person(who) if who else None, municipality_id=town))
    session.flush()


def test_who_asked_is_told_at_once_and_who_answered_is_not(db: Session, work: jobs.Work) -> None:
    asker, helper = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    resolve(work, db)
    assert notices(db, person(asker)) == [], "her own act"
    make_answer(db, helper, question)
    resolve(work, db)
    assert notices(db, person(asker)) == [("antwort", "antwort", f"frage:{question.id}")]
    assert deliveries(db, person(asker)) == [("sofort", "antwort", "offen")]
    assert notices(db, person(helper)) == []


def test_each_person_gets_one_notice_for_the_first_reason_that_fits(db: Session, work: jobs.Work) -> None:
    asker, helper, town = make_reader(db), make_reader(db), make_municipality(db)
    question = make_question(db, asker)
    reading.follow_topic(db, asker.actor, "sensorik", "alles")
    post = make_answer(db, helper, question)
    mention(db, post, who=asker)
    everything = make_reader(db, "expert", town=town)
    db.add(PersonTopic(person_id=person(everything), topic="sensorik"))
    mention(db, post, town=town.id)
    reading.follow_topic(db, everything.actor, "sensorik", "alles")
    reading.follow(db, everything, question, "alles")
    resolve(work, db)
    assert notices(db, person(asker)) == [("antwort", "erwaehnt", f"frage:{question.id}")]
    assert notices(db, person(everything)) == [("antwort", "kommune", f"frage:{question.id}")]


def test_levels_decide_what_followers_hear(db: Session, work: jobs.Work) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    resolve(work, db)
    followers = {level: make_reader(db) for level in reading.FOLLOWS}
    for level, who in followers.items():
        reading.follow(db, who, question, level)
        reading.read_to(db, who.actor, question, 1)
    answer = make_answer(db, make_reader(db), question)
    resolve(work, db)
    heard = {level: [kind for kind, *_ in notices(db, person(who))] for level, who in followers.items()}
    assert heard == {"alles": ["antwort"], "wichtiges": ["antwort"], "nichts": []}
    make_comment(db, make_reader(db), answer)
    resolve(work, db)
    heard = {level: [kind for kind, *_ in notices(db, person(who))] for level, who in followers.items()}
    assert heard == {"alles": ["rueckfrage"], "wichtiges": ["antwort"], "nichts": []}


@pytest.mark.parametrize(("choice", "around"), list(product(("alles", "wichtiges", "nichts"), repeat=2)))
def test_a_choice_for_the_question_beats_topic_and_town(
    db: Session, work: jobs.Work, choice: str, around: str
) -> None:
    asker, follower = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    resolve(work, db)
    reading.follow_topic(db, follower.actor, "sensorik", around)
    assert question.municipality_id is not None
    reading.follow_town(db, follower.actor, question.municipality_id, around)
    reading.follow(db, follower, question, choice)
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert bool(notices(db, person(follower))) == (choice != "nichts")


def test_topics_and_towns_are_followed_without_a_choice_for_the_question(
    db: Session, work: jobs.Work
) -> None:
    of_topic, of_town, wishes = make_reader(db), make_reader(db), make_reader(db)
    asker = make_reader(db)
    assert asker.actor.municipality_id is not None
    reading.follow_topic(db, of_topic.actor, "klima", "alles")
    reading.follow_town(db, of_town.actor, asker.actor.municipality_id, "alles")
    reading.follow_topic(db, wishes.actor, "klima", "wichtiges")
    question = make_question(db, asker, topics=("sensorik", "klima"))
    resolve(work, db)
    assert notices(db, person(of_topic)) == [("frage", "thema", f"frage:{question.id}")]
    assert notices(db, person(of_town)) == [("frage", "ort", f"frage:{question.id}")]
    assert notices(db, person(wishes)) == [], "a new question is no answer"


def test_nothing_mutes_what_is_addressed_to_her(db: Session, work: jobs.Work) -> None:
    asker, mentioned = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    reading.follow(db, asker, question, "nichts")
    reading.follow(db, mentioned, question, "nichts")
    answer = make_answer(db, make_reader(db), question)
    mention(db, answer, who=mentioned)
    resolve(work, db)
    assert [reason for _kind, reason, _subject in notices(db, person(asker))] == ["antwort"]
    assert [reason for _kind, reason, _subject in notices(db, person(mentioned))] == ["erwaehnt"]


def test_a_comment_answers_who_wrote_what_it_asks_about(db: Session, work: jobs.Work) -> None:
    asker, helper = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    answer = make_answer(db, helper, question)
    resolve(work, db)
    make_comment(db, make_reader(db), answer)
    resolve(work, db)
    assert notices(db, person(helper)) == [("rueckfrage", "antwort", f"frage:{question.id}")]


def test_a_solution_reaches_its_author_and_not_who_marked_it(db: Session, work: jobs.Work) -> None:
    asker, helper, follower = make_reader(db), make_reader(db), make_reader(db)
    question = make_question(db, asker)
    answer = make_answer(db, helper, question)
    reading.follow(db, follower, question, "wichtiges")
    for who in (asker, follower):
        reading.read_to(db, who.actor, question, 2)
    resolve(work, db)
    judging.mark(db, asker, answer, on=True)
    resolve(work, db)
    assert deliveries(db, person(helper)) == [("sofort", "antwort", "offen")]
    assert deliveries(db, person(follower)) == [("woche", "gewaehlt", "offen")]
    assert deliveries(db, person(asker)) == []


def test_quiet_followers_get_mail_only_when_they_had_read_everything_before(
    db: Session, work: jobs.Work
) -> None:
    asker, follower = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    reading.follow(db, follower, question, "alles")
    reading.read_to(db, follower.actor, question, 1)
    for _number in range(3):
        make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert len(deliveries(db, person(follower))) == 1
    assert len(deliveries(db, person(asker))) == 3, "answers to one's own question are exempt"
    reading.read_to(db, follower.actor, question, 4)
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert len(deliveries(db, person(follower))) == 2


def test_what_was_hidden_before_counts_as_read(db: Session, work: jobs.Work) -> None:
    asker, follower = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    reading.follow(db, follower, question, "alles")
    reading.read_to(db, follower.actor, question, 1)
    hidden = make_answer(db, make_reader(db), question)
    hidden.hidden = "ausgeblendet"
    question.top_number = 1
    db.flush()
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert len(deliveries(db, person(follower))) == 1


def test_only_who_may_read_is_told(db: Session, work: jobs.Work) -> None:
    inside, outside, guest = make_reader(db), make_reader(db), make_reader(db, role="gast")
    trainer_of_it, trainer_elsewhere = make_reader(db, "trainer"), make_reader(db, "trainer")
    town = db.get_one(Person, person(inside)).municipality_id
    assert town is not None
    klasse = make_cohort(db, db.get_one(Municipality, town))
    inside = reader_of(db, db.get_one(Person, person(inside)))
    for who in (outside, guest, trainer_of_it, trainer_elsewhere):
        reading.follow_topic(db, who.actor, "sensorik", "alles")
    other = make_cohort(db, make_municipality(db))
    db.add(TrainerCohort(person_id=person(trainer_elsewhere), cohort_id=other.id))
    question = make_question(db, inside, level="klasse", cohort_id=klasse.id)
    mentioned = make_answer(db, inside, question)
    mention(db, mentioned, who=outside)
    resolve(work, db)
    assert notices(db, person(outside)) == notices(db, person(guest)) == []
    assert notices(db, person(trainer_elsewhere)) == []
    assert [kind for kind, *_ in notices(db, person(trainer_of_it))] == ["antwort"]


def test_a_hidden_post_and_a_closed_account_are_told_nothing(db: Session, work: jobs.Work) -> None:
    asker = make_reader(db)
    question = make_question(db, asker)
    resolve(work, db)
    hidden = make_answer(db, make_reader(db), question)
    hidden.hidden = "ausgeblendet"
    resolve(work, db)
    assert notices(db, person(asker)) == []
    make_answer(db, make_reader(db), question)
    db.get_one(Person, person(asker)).active = False
    resolve(work, db)
    assert notices(db, person(asker)) == []


def test_a_town_is_reached_by_its_contact_for_the_topic_else_another_else_its_mailbox(
    db: Session, work: jobs.Work
) -> None:
    town = make_municipality(db)
    assert notifying.contact_of(db, town.id, "sensorik") is None
    make_person(db, municipality=town)
    deputy = make_person(db, municipality=town, roles=["expert"])
    assert notifying.contact_of(db, town.id, "sensorik") == deputy.id
    contact = make_person(db, municipality=town, roles=["expert"])
    db.add(PersonTopic(person_id=contact.id, topic="sensorik"))
    db.flush()
    assert notifying.contact_of(db, town.id, "sensorik") == contact.id
    assert notifying.contact_of(db, town.id, "klima") == deputy.id
    assert notifying.contact_of(db, town.id, "sensorik", but=contact.id) == deputy.id


def test_choices_lead_to_their_channel(db: Session, work: jobs.Work) -> None:
    asker, follower, silent = make_reader(db), make_reader(db), make_reader(db)
    choices.choose(db, person(asker), choices.OWN, "woche")
    choices.choose(db, person(follower), choices.FORUM, "sofort")
    choices.choose(db, person(silent), choices.FORUM, "nie")
    question = make_question(db, asker)
    for who in (follower, silent):
        reading.follow(db, who, question, "alles")
        reading.read_to(db, who.actor, question, 1)
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert deliveries(db, person(asker)) == [("woche", "antwort", "offen")]
    assert deliveries(db, person(follower)) == [("sofort", "gewaehlt", "offen")]
    assert deliveries(db, person(silent)) == []
    assert len(notices(db, person(silent))) == 1, "the platform tells all the same"


def test_a_later_event_opens_a_line_again_and_keeps_the_stronger_reason(db: Session, work: jobs.Work) -> None:
    asker, follower = make_reader(db), make_reader(db)
    question = make_question(db, asker)
    reading.follow(db, follower, question, "alles")
    mention(db, make_answer(db, make_reader(db), question), who=follower)
    resolve(work, db)
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert notices(db, person(follower)) == [("antwort", "erwaehnt", f"frage:{question.id}")]
    reading.read_to(db, follower.actor, question, 3)
    db.expire_all()
    assert notices(db, person(follower)) == []
    make_answer(db, make_reader(db), question)
    resolve(work, db)
    assert notices(db, person(follower)) == [("antwort", "gewaehlt", f"frage:{question.id}")]


def test_staff_hear_of_their_duties_and_authors_of_interventions(db: Session, work: jobs.Work) -> None:
    author, staff = make_reader(db), make_reader(db, "coordinator")
    events.record(db, "moderation", "moderation:1", moderation=1, people=[person(author)], post=0)
    events.record(db, "wartet", "wartet:7", question=7)
    resolve(work, db)
    assert notices(db, person(author)) == [("moderation", "moderation", "moderation:1")]
    assert notices(db, person(staff)) == [("wartet", "aufgabe", "wartet:7")]
    assert deliveries(db, person(author)) == [("woche", "moderation", "offen")]


def test_many_followers_are_told_in_batches_each_once(
    db: Session, work: jobs.Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "BATCH", 4)
    followers = [make_reader(db) for _number in range(11)]
    for who in followers:
        reading.follow_topic(db, who.actor, "sensorik", "alles")
    make_question(db, make_reader(db))
    resolve(work, db)
    assert db.query(Notice).count() == 11
    assert {notice.person_id for notice in db.scalars(select(Notice))} == {person(who) for who in followers}
