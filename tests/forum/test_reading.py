"""What is read and followed: numbers only grow, choices win, nobody without a town writes."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, Refused
from learn.forum import reading
from learn.forum.audience import Reader
from learn.forum.models import Question, TopicFollow
from learn.forum.reading import Following
from tests.forum.factories import make_answer, make_question, make_reader


@pytest.fixture
def question(db: Session) -> Question:
    who = make_reader(db)
    found = make_question(db, who)
    make_answer(db, who, found)
    return found


def read(session: Session, who: Reader, question: Question) -> int:
    return reading.following_of(session, who.actor, question).last_read


def test_reading_only_grows_and_ends_at_the_last_number(db: Session, question: Question) -> None:
    who = make_reader(db)
    unread = select(Question.id).where(reading.unread(who))
    assert db.scalars(unread).all() == [question.id]
    for number, expected in ((1, 1), (0, 1), (-5, 1), (99, 2), (1, 2)):
        reading.read_to(db, who.actor, question, number)
        assert read(db, who, question) == expected
    assert db.scalars(unread).all() == []


def test_reading_keeps_what_is_followed(db: Session, question: Question) -> None:
    who = make_reader(db)
    reading.follow(db, who, question, "alles")
    reading.read_to(db, who.actor, question, 2)
    assert reading.following_of(db, who.actor, question) == Following("alles", "gewaehlt", 2)


def test_the_choice_for_the_question_wins(db: Session, question: Question) -> None:
    who = make_reader(db)
    assert reading.following_of(db, who.actor, question) == Following()
    reading.follow_topic(db, who.actor, "sensorik", "wichtiges")
    assert reading.following_of(db, who.actor, question) == Following("wichtiges", "thema")
    assert question.municipality_id is not None
    reading.follow_town(db, who.actor, question.municipality_id, "alles")
    assert reading.following_of(db, who.actor, question) == Following("alles", "kommune")
    reading.follow(db, who, question, "nichts")
    assert reading.following_of(db, who.actor, question) == Following("nichts", "gewaehlt")


def test_choices_change_and_end(db: Session) -> None:
    who = make_reader(db)
    for level in ("alles", "wichtiges", ""):
        reading.follow_topic(db, who.actor, "klima", level)
        found = db.scalars(select(TopicFollow.level)).all()
        assert found == ([level] if level else [])


def test_unknown_choices_and_foreign_people_are_refused(db: Session, question: Question) -> None:
    who = make_reader(db)
    with pytest.raises(Refused):
        reading.follow(db, who, question, "manches")
    with pytest.raises(Refused):
        reading.follow_topic(db, who.actor, "klima", "manches")
    with pytest.raises(Forbidden):
        reading.follow(db, make_reader(db, role="gast"), question, "alles")
