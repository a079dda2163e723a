"""Asking, answering, commenting: what is refused, frozen, numbered, told and followed."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Forbidden, NotFound, Refused
from learn.forum import asking, queries, reading
from learn.forum.asking import Anchor, NewQuestion
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor, PostRevision, Question, QuestionTopic
from learn.network.models import Topic, TopicSynonym
from learn.notices.models import Event
from tests.factories import make_municipality
from tests.forum.factories import (
    make_answer,
    make_cohort,
    make_comment,
    make_question,
    make_reader,
    make_topics,
    new_question,
    plain,
)


@pytest.fixture
def who(db: Session) -> Reader:
    make_topics(db)
    return make_reader(db)


def refusal(session: Session, who: Reader, new: NewQuestion) -> tuple[str, str]:
    with pytest.raises(Refused) as problem:
        asking.ask(session, who, new, key="k")
    return problem.value.field, problem.value.message


def test_a_question_is_stored_with_what_was_true_then(db: Session, who: Reader) -> None:
    town = make_municipality(db)
    town.population = 12_000
    who = make_reader(db, town=town)
    new = replace(new_question(), anchor=Anchor("les_1", "kur_1", "messen", 3))
    question = asking.ask(db, who, new, key="k")
    town.population = 80_000
    db.flush()
    db.refresh(question)
    assert (question.municipality_id, question.size) == (town.id, "15000")
    assert (question.lesson_id, question.heading, question.edition) == ("les_1", "messen", 3)
    assert question.slug == "wer-hat-bodenfeuchte-gemessen"
    post = queries.first_post(db, question.id)
    assert (post.number, post.kind, post.size) == (1, "frage", "15000")
    assert db.get(PostRevision, (post.id, 1)) is not None
    (event,) = db.scalars(select(Event))
    assert (event.kind, event.subject, event.data["post"]) == ("frage", f"frage:{question.id}", post.id)


@pytest.mark.parametrize("length", [7, 9, 151])
def test_titles_have_10_to_150_characters(db: Session, who: Reader, length: int) -> None:
    said = f"Der Titel braucht 10 bis 150 Zeichen. Er hat {length}."
    assert refusal(db, who, new_question("a" * length)) == ("title", said)


def test_titles_stand_on_one_line_and_hide_nothing(db: Session, who: Reader) -> None:
    assert asking.clean_title(" Wer\u200b hat\n\u202e Boden\x07feuchte\xadgemessen? ") == (
        "Wer hat Boden feuchtegemessen?"
    )
    assert refusal(db, who, new_question("a\u200b" * 8))[0] == "title"


@pytest.mark.parametrize(
    "topics", [(), ("unbekannt",), ("sensorik", "unbekannt"), ("sensorik", "klima", "datenplattform", "ki")]
)
def test_one_to_three_topics_of_the_list(db: Session, who: Reader, topics: tuple[str, ...]) -> None:
    expected = ("topic", "Wählen Sie 1 bis 3 Themen aus der Liste.")
    assert refusal(db, who, new_question(topics=topics)) == expected


def test_a_synonym_leads_to_its_topic(db: Session, who: Reader) -> None:
    if db.get(TopicSynonym, "lorawan") is None:
        db.add(TopicSynonym(word="lorawan", written="LoRaWAN", topic="sensorik"))
        db.flush()
    question = asking.ask(db, who, new_question(topics=("LoRaWAN", "sensorik", "Klima")), key="k")
    assert (question.topic, queries.topics(db, question.id)) == ("sensorik", ("sensorik", "klima"))


def test_a_suggested_topic_waits_unseen(db: Session, who: Reader) -> None:
    asking.ask(db, who, replace(new_question(), suggested_topic="Digitale Zwillinge"), key="k")
    topic = db.get(Topic, "digitale-zwillinge")
    assert topic is not None
    assert (topic.name, topic.accepted) == ("Digitale Zwillinge", False)
    asking.ask(db, who, replace(new_question(), suggested_topic="Digitale Zwillinge"), key="l")
    assert refusal(db, who, new_question(topics=("digitale-zwillinge",)))[0] == "topic"


@pytest.mark.parametrize(
    ("level", "mine"), [("netzwerk", False), ("klasse", True), ("klasse", False), ("alle", False)]
)
def test_foreign_circles_are_refused(db: Session, level: str, mine: bool) -> None:
    make_topics(db)
    guest = make_reader(db, role="gast")
    cohort = make_cohort(db, *([] if not mine else [make_municipality(db)]))
    new = new_question(level=level, cohort_id=cohort.id if level == "klasse" else None)
    said = "Wählen Sie einen Kreis, zu dem Ihre Kommune gehört."
    assert refusal(db, guest, new) == ("visibility", said)


def test_a_klasse_that_is_not_there_is_refused_to_the_koordination(db: Session) -> None:
    make_topics(db)
    staff = make_reader(db, "coordinator")
    assert refusal(db, staff, new_question(level="klasse", cohort_id=999))[0] == "visibility"
    assert refusal(db, staff, new_question(level="klasse"))[0] == "visibility"


def test_presets_follow_the_town(db: Session) -> None:
    assert [asking.preset(make_reader(db, role=role)) for role in ("pionier", "mitglied", "gast")] == [
        "netzwerk",
        "netzwerk",
        "oeffentlich",
    ]


def test_phase_and_name_are_of_the_list(db: Session, who: Reader) -> None:
    assert refusal(db, who, replace(new_question(), phase="später"))[0] == "phase"
    assert refusal(db, who, replace(new_question(), attribution="anonym"))[0] == "attribution"


def test_the_same_key_gives_the_first_result(db: Session, who: Reader) -> None:
    first = asking.ask(db, who, new_question(), key="k")
    assert asking.ask(db, who, new_question("Etwas ganz anderes?"), key="k") is first
    post = asking.sent(db, who.actor, "k")
    assert post is not None
    assert post.question_id == first.id
    assert asking.sent(db, make_reader(db).actor, "k") is None, "keys are a person's own"
    assert len(db.scalars(select(Event)).all()) == 1


def test_answers_and_comments_share_one_sequence(db: Session, who: Reader) -> None:
    question, other = make_question(db, who), make_reader(db)
    answer = make_answer(db, other, question)
    comment = make_comment(db, who, answer)
    assert [answer.number, comment.number, comment.about_id] == [2, 3, answer.id]
    told = [(event.kind, event.data["before"]) for event in db.scalars(select(Event).order_by(Event.id))]
    assert told == [("frage", 0), ("antwort", 1), ("rueckfrage", 2)]


def test_who_wrote_stands_in_a_table_of_its_own(db: Session, who: Reader) -> None:
    answer = make_answer(db, who, make_question(db, who))
    author = db.get(PostAuthor, answer.id)
    assert author is not None
    assert author.person_id == who.actor.person_id
    assert not {key.column.table.name for key in Post.__table__.foreign_keys} & {"person"}


def test_a_locked_question_takes_no_answer(db: Session, who: Reader) -> None:
    question = make_question(db, who)
    question.locked = True
    db.flush()
    with pytest.raises(Forbidden):
        make_answer(db, who, question)
    with pytest.raises(Forbidden):
        make_comment(db, who, queries.first_post(db, question.id))
    assert question.last_number == 1


def test_out_of_sight_is_not_there(db: Session, who: Reader) -> None:
    question = make_question(db, who)
    with pytest.raises(NotFound):
        make_answer(db, make_reader(db, role="gast"), question)
    question.status = "ausgeblendet"
    question.listed = ""
    db.flush()
    with pytest.raises((NotFound, Forbidden)):
        make_answer(db, who, question)


def test_a_hidden_post_takes_no_comment(db: Session, who: Reader) -> None:
    answer = make_answer(db, who, make_question(db, who))
    answer.hidden = "ausgeblendet"
    db.flush()
    with pytest.raises(NotFound):
        make_comment(db, who, answer)


def test_the_betrieb_and_visitors_write_nothing(db: Session, who: Reader) -> None:
    make_question(db, who, level="oeffentlich")
    operator = make_reader(db, "operator")
    actor = replace(operator.actor, municipality_id=None)
    with pytest.raises(Forbidden):
        asking.ask(db, replace(operator, actor=actor), new_question(level="oeffentlich"), key="k")


def test_asking_and_answering_follow_unless_the_person_chose(db: Session, who: Reader) -> None:
    question, other, third = make_question(db, who), make_reader(db), make_reader(db)
    make_answer(db, other, question)
    reading.follow(db, third, question, "nichts")
    make_answer(db, third, question)
    make_answer(db, who, question)
    found = [reading.following_of(db, reader.actor, question) for reader in (who, other, third)]
    assert [(one.level, one.reason) for one in found] == [
        ("alles", "gefragt"),
        ("wichtiges", "geantwortet"),
        ("nichts", "gewaehlt"),
    ]


def test_who_had_read_everything_has_read_what_she_writes(db: Session, who: Reader) -> None:
    question, other = make_question(db, who), make_reader(db)
    make_answer(db, who, question)
    assert reading.following_of(db, who.actor, question).last_read == 2
    make_answer(db, other, question)
    assert reading.following_of(db, other.actor, question).last_read == 0, "two were unread"
    make_answer(db, who, question)
    assert reading.following_of(db, who.actor, question).last_read == 2, "number 3 is still unread"


def test_quiet_posts_are_neither_told_nor_unread(db: Session, who: Reader) -> None:
    at = clock.now().replace(year=2020)
    question = asking.ask(db, who, new_question(), key="k", at=at, quiet=True)
    asking.answer(db, who, question, plain("Ja"), attribution="name", key="l", at=at, quiet=True)
    other = make_reader(db)
    assert db.scalars(select(Event)).all() == []
    assert (question.quiet_number, question.latest_at) == (2, at)
    assert db.scalars(select(Question.id).where(reading.unread(other))).all() == []
    make_answer(db, who, question)
    assert db.scalars(select(Question.id).where(reading.unread(other))).all() == [question.id]


def test_topics_repeat_what_their_lists_sort_by(db: Session, who: Reader) -> None:
    question = asking.ask(db, who, new_question(topics=("sensorik", "klima")), key="k")
    make_answer(db, who, question)
    db.expire_all()
    copies = db.scalars(select(QuestionTopic).order_by(QuestionTopic.position)).all()
    assert [(one.topic, one.listed, one.latest_at) for one in copies] == [
        ("sensorik", "netzwerk", question.latest_at),
        ("klima", "netzwerk", question.latest_at),
    ]
