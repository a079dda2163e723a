"""Merging and splitting leave reading as it was: what was read stays read, what was new stays new."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.forum import moderating, moving, reading
from learn.forum.audience import Reader
from learn.forum.models import Question, QuestionReader
from learn.forum.moving import Fresh
from tests.forum.factories import make_answer, make_question, make_reader
from tests.forum.test_moving import WHY, is_unread


@pytest.fixture
def karla(db: Session) -> Reader:
    return make_reader(db, "coordinator", name="Karla")


@pytest.fixture
def jana(db: Session) -> Reader:
    return make_reader(db)


@pytest.fixture
def ole(db: Session) -> Reader:
    return make_reader(db, name="Ole")


def states(db: Session, questions: Sequence[Question], people: dict[str, Reader]) -> dict[str, Any]:
    return {name: [is_unread(db, who, one) for one in questions] for name, who in people.items()}


def test_who_had_read_everything_still_has_and_what_was_unread_stays(
    db: Session, karla: Reader, jana: Reader, ole: Reader
) -> None:
    source, target = make_question(db, jana), make_question(db, jana)
    make_answer(db, jana, source)
    people = {name: make_reader(db, name=name) for name in ("both", "source", "target", "nothing")}
    for name, (here, there) in {"both": (2, 1), "source": (2, 0), "target": (1, 1)}.items():
        reading.read_to(db, people[name].actor, source, here)
        reading.read_to(db, people[name].actor, target, there)
    expected = {"both": False, "source": True, "target": True, "nothing": True}
    before = states(db, [source, target], people)
    act = moving.merge(db, karla, source.id, target.id, WHY)
    assert {name: is_unread(db, who, target) for name, who in people.items()} == expected
    moderating.undo(db, karla, act.id, WHY)
    assert states(db, [source, target], people) == before
    rows = db.execute(select(QuestionReader.last_read, Question.last_number).join(Question)).all()
    assert all(row.last_read <= row.last_number for row in rows)


def test_a_new_question_is_read_by_those_who_had_read_its_posts(
    db: Session, karla: Reader, jana: Reader
) -> None:
    source = make_question(db, jana)
    make_answer(db, jana, source)
    make_answer(db, jana, source)
    people = {name: make_reader(db, name=name) for name in ("all", "some", "none")}
    for name, number in {"all": 3, "some": 2}.items():
        reading.read_to(db, people[name].actor, source, number)
    act = moving.split(db, karla, source.id, [3], Fresh("Eine neue Frage", ("klima",)), WHY)
    made = db.get_one(Question, act.data["other"])
    assert states(db, [made], people) == {"all": [False], "some": [True], "none": [True]}
    reading.read_to(db, people["some"].actor, made, 1)
    moderating.undo(db, karla, act.id, WHY)
    assert states(db, [source], people) == {"all": [False], "some": [False], "none": [True]}


def test_imports_that_nobody_has_to_read_stay_so(
    db: Session, karla: Reader, jana: Reader, ole: Reader
) -> None:
    source, target = make_question(db, jana), make_question(db, jana)
    for question in (source, target):
        question.quiet_number = 1
    db.flush()
    assert not is_unread(db, ole, target)
    moving.merge(db, karla, source.id, target.id, WHY)
    assert not is_unread(db, ole, target)


def test_who_followed_the_source_hears_of_the_target(
    db: Session, karla: Reader, jana: Reader, ole: Reader
) -> None:
    source, target = make_question(db, jana), make_question(db, ole)
    nils = make_reader(db, name="Nils")
    reading.follow(db, nils, source, "nichts")
    reading.follow(db, jana, target, "wichtiges")
    moving.merge(db, karla, source.id, target.id, WHY)
    assert reading.following_of(db, nils.actor, target).level == "nichts"
    assert reading.following_of(db, jana.actor, target).level == "wichtiges"
    assert reading.following_of(db, ole.actor, target).level == "alles"
