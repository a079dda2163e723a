"""The table of permissions, row by row, for each role."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from learn.core.access import VISITOR, Actor
from learn.forum import policy
from learn.forum.audience import Reader
from learn.forum.models import Post, Question

OWN, OTHER = 1, 2  # towns


def who(*roles: str, town: int | None = OWN, accompanied: str = "") -> Reader:
    actor = Actor(person_id=7, municipality_id=town, roles=frozenset(roles))
    circles = None if "coordinator" in roles else ("oeffentlich", "netzwerk", "klasse:1")
    return Reader(actor, circles, member=True, accompanied=frozenset({accompanied} - {""}))


VISIT = Reader(VISITOR, ("oeffentlich",))
LEARNER, EXPERT, TRAINER, STAFF = who(), who("expert"), who("trainer"), who("coordinator")
OPERATOR = replace(who("operator", town=None), circles=("oeffentlich",), member=False)
EVERYBODY = (VISIT, LEARNER, EXPERT, TRAINER, STAFF, OPERATOR)


def question(circle: str = "oeffentlich", *, town: int = OTHER, locked: bool = False) -> Question:
    return Question(circle=circle, listed=circle, municipality_id=town, locked=locked)


def post(hidden: str = "", kind: str = "antwort") -> Post:
    return Post(hidden=hidden, kind=kind)


def may(answers: str) -> list[bool]:
    return [answer == "+" for answer in answers]


def test_writing() -> None:
    asked = question()
    rules: tuple[Callable[[Reader], bool], ...] = (
        lambda one: policy.may_write(one.actor),
        lambda one: policy.may_post_in(one, "oeffentlich"),
        lambda one: policy.may_answer(one, asked),
        lambda one: policy.may_react(one, asked),
        lambda one: policy.may_follow(one, asked),
    )
    for rule in rules:
        assert [rule(one) for one in EVERYBODY] == may("-++++-")
    assert not any(policy.may_answer(one, question(locked=True)) for one in EVERYBODY)
    assert not policy.may_post_in(LEARNER, "klasse:2")
    assert not policy.may_react(who("coordinator", town=None), asked), "reactions are a town's"
    assert policy.may_write(who("trainer", town=None).actor)


def test_editing_and_withdrawing() -> None:
    shown = post()
    assert [policy.may_edit(one, shown, mine=False) for one in EVERYBODY] == may("----+-")
    assert [policy.may_edit(one, shown, mine=True) for one in EVERYBODY] == may("-++++-")
    assert [policy.may_withdraw(one, shown, mine=True) for one in EVERYBODY] == may("-++++-")
    assert not any(policy.may_withdraw(one, shown, mine=False) for one in EVERYBODY)
    assert not policy.may_edit(LEARNER, post("ausgeblendet"), mine=True)
    assert policy.may_edit(LEARNER, post("zurueckgezogen"), mine=True)
    assert not policy.may_withdraw(LEARNER, post("zurueckgezogen"), mine=True)


@pytest.mark.parametrize(
    ("town", "mine", "answers"),
    [(OTHER, False, "---++-"), (OTHER, True, "-++++-"), (OWN, False, "-++++-")],
)
def test_solving(town: int, mine: bool, answers: str) -> None:
    asked = question(town=town)
    assert [policy.may_solve(one, asked, mine=mine) for one in EVERYBODY] == may(answers)


def test_titles_and_circles() -> None:
    asked = question(town=OWN)
    assert [policy.may_retitle(one, asked, mine=False) for one in EVERYBODY] == may("---++-")
    assert [policy.may_retitle(one, asked, mine=True) for one in EVERYBODY] == may("-++++-")
    assert [policy.may_change_level(one, asked, mine=False) for one in EVERYBODY] == may("----+-")
    assert [policy.may_change_level(one, asked, mine=True) for one in EVERYBODY] == may("-++++-")


def test_moderating() -> None:
    asked = question("klasse:1")
    accompanies = who("trainer", accompanied="klasse:1")
    assert [policy.may_moderate(one, asked) for one in (*EVERYBODY, accompanies)] == may("----+-+")
    assert not policy.may_moderate(accompanies, question("netzwerk"))
    assert [policy.may_rearrange(one.actor) for one in EVERYBODY] == may("----+-")


def test_reporting() -> None:
    assert [policy.may_report(one, question()) for one in EVERYBODY] == may("+++++-")
    assert [policy.may_report(one, question("klasse:2")) for one in EVERYBODY] == may("----+-")
