"""Lösungen, verdicts and reactions: who may, what counts, what state follows."""

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Forbidden, NotFound, Refused
from learn.forum import counting, judging, queries, reacting
from learn.forum.audience import Reader
from learn.forum.models import Post, Question
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_comment, make_question, make_reader

Asked = tuple[Reader, Question, Post]


@pytest.fixture
def asked(db: Session) -> Asked:
    """An asker, her question, and an answer of another town."""
    who = make_reader(db)
    question = make_question(db, who)
    return who, question, make_answer(db, make_reader(db), question)


def test_the_first_mark_solves_and_taking_it_back_opens(db: Session, asked: Asked) -> None:
    who, question, answer = asked
    assert question.state == "offen"
    judging.mark(db, who, answer, on=True)
    judging.mark(db, who, answer, on=True)
    assert (question.verdict, question.solutions, question.state) == ("geloest", 1, "beantwortet")
    judging.mark(db, who, answer, on=False)
    assert (question.verdict, question.solutions, question.state) == ("geloest", 0, "offen")


def test_a_mark_keeps_the_verdict_that_was_given(db: Session, asked: Asked) -> None:
    who, question, answer = asked
    judging.judge(db, who, question, "ungeloest")
    judging.mark(db, who, answer, on=True)
    assert (question.verdict, question.state) == ("ungeloest", "offen")
    judging.judge(db, who, question, "teilweise")
    assert question.state == "beantwortet"


def test_solved_without_a_solution_is_refused(db: Session, asked: Asked) -> None:
    who, question, answer = asked
    with pytest.raises(Refused, match=r"^Markieren Sie zuerst eine Antwort\.$"):
        judging.judge(db, who, question, "geloest")
    judging.mark(db, who, answer, on=True)
    judging.judge(db, who, question, "geloest")
    with pytest.raises(Refused):
        judging.judge(db, who, question, "vielleicht")


def test_only_shown_answers_can_be_marked(db: Session, asked: Asked) -> None:
    who, question, answer = asked
    for post in (queries.first_post(db, question.id), make_comment(db, who, answer)):
        with pytest.raises(Refused):
            judging.mark(db, who, post, on=True)


@pytest.mark.parametrize(("roles", "own", "may"), [
    ((), True, True),
    (("expert",), True, True),
    ((), False, False),
    (("expert",), False, False),
    (("trainer",), False, True),
    (("coordinator",), False, True),
    (("operator",), False, False),
])  # fmt: skip
def test_who_may_judge(db: Session, asked: Asked, roles: tuple[str, ...], own: bool, may: bool) -> None:
    asker, question, answer = asked
    town = db.get_one(type(make_municipality(db)), asker.actor.municipality_id) if own else None
    who = make_reader(db, *roles, town=town)
    if may:
        judging.mark(db, who, answer, on=True)
        judging.judge(db, who, question, "teilweise")
        return
    with pytest.raises(Forbidden):
        judging.mark(db, who, answer, on=True)
    with pytest.raises(Forbidden):
        judging.judge(db, who, question, "teilweise")


def test_towns_count_once_and_the_own_one_is_refused(db: Session, asked: Asked) -> None:
    who, question, answer = asked
    town = make_municipality(db)
    for _number in range(2):
        reacting.me_too(db, make_reader(db, town=town), question, on=True)
    last = make_reader(db)
    reacting.me_too(db, last, question, on=True)
    reacting.helped(db, last, answer, on=True)
    reacting.helped(db, who, answer, on=True)
    db.refresh(answer)
    assert (question.me_too, answer.helped) == (2, 2)
    assert not counting.refresh(db, question.id)
    reacting.me_too(db, last, question, on=False)
    assert question.me_too == 1
    with pytest.raises(Forbidden):
        reacting.me_too(db, who, question, on=True)
    answering = db.get_one(type(town), answer.municipality_id)
    with pytest.raises(Forbidden):
        reacting.helped(db, make_reader(db, town=answering), answer, on=True)


def test_the_town_counts_as_it_was_then(db: Session, asked: Asked) -> None:
    _who, question, _answer = asked
    first, second = make_municipality(db), make_municipality(db)
    person = make_reader(db, town=first)
    reacting.me_too(db, person, question, on=True)
    reacting.me_too(db, make_reader(db, town=second), question, on=True)
    assert question.me_too == 2
    moved = make_reader(db, town=second)
    reacting.me_too(db, moved, question, on=True)
    assert question.me_too == 2


def test_reactions_need_a_town_and_something_to_see(db: Session, asked: Asked) -> None:
    _who, question, answer = asked
    with pytest.raises(NotFound):
        reacting.me_too(db, make_reader(db, role="gast"), question, on=True)
    with pytest.raises(NotFound):
        reacting.helped(db, make_reader(db), queries.first_post(db, question.id), on=True)
    assert answer.helped == 0
