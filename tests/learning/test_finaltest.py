"""The Abschlusstest: drawn, kept, handed in; only passing leaves a trace."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor, Refused
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import finaltest, queries, quiz, service
from learn.learning.finaltest import Outcome, moved_to
from learn.learning.models import Attempt, ProgressEntry
from learn.learning.quiz import Answer
from learn.learning.service import Request
from learn.markup import store
from learn.markup.model import Option, Question, Quiz
from tests.learning.factories import make_actor, manifest_of, publish

LESSON = LessonEntry("les_a", "a", "A", 1, 1, 5, required=True)
YES, NO = Option("ja", correct=True), Option("nein", correct=False)
CHOICE = Question("wahl", "einfach", "Q", "Q", options=(YES, NO), lesson="les_a")
NUMBER = Question("zahl", "zahl", "Q", "Q", solutions=("168",), lesson="les_b")
ORDER = Question("folge", "reihenfolge", "Q", "Q", items=("eins", "zwei", "drei"))
GOOD = {"wahl": Answer(chosen=(0,)), "zahl": Answer(typed="168"), "folge": Answer(placed=(1, 2, 3))}
BAD = {"wahl": Answer(chosen=(1,)), "zahl": Answer(typed="1"), "folge": Answer(placed=(3, 2, 1))}


def sheet(*questions: Question, draw: int | None = None, needed: int = 2, edition: int = 1) -> dict[str, Any]:
    quiz = Quiz("abschluss", "", "", questions or (CHOICE, NUMBER, ORDER))
    parts = store.dump((quiz,))
    values: dict[str, Any] = {"id": "fra_1", "title": "Test", "edition": edition, "pass": needed}
    return {**values, "draw": draw, "parts": parts}


@pytest.fixture
def jana(db: Session) -> Actor:
    return make_actor(db)


@pytest.fixture
def release(db: Session, jana: Actor) -> CourseRelease:
    found = publish(db, manifest_of([LESSON], test=True), test=sheet())
    service.enrol(db, jana, found)
    service.complete(db, jana, found, "les_a", Request("r1", 1))
    return found


def names(db: Session) -> list[str]:
    return list(db.scalars(select(ProgressEntry.object_id).order_by(ProgressEntry.id)))


def test_it_opens_once_all_required_lessons_are_done(db: Session, jana: Actor) -> None:
    release = publish(db, manifest_of([LESSON], test=True), test=sheet())
    service.enrol(db, jana, release)
    with pytest.raises(Refused):
        finaltest.begin(db, jana, release)
    assert finaltest.open_attempt(db, jana, release.course_id) is None


def test_a_course_without_a_test_has_none(db: Session, jana: Actor) -> None:
    release = publish(db, manifest_of([LESSON]))
    service.enrol(db, jana, release)
    with pytest.raises(Refused):
        finaltest.begin(db, jana, release)


def test_an_attempt_is_drawn_once_and_kept(db: Session, jana: Actor, release: CourseRelease) -> None:
    finaltest.begin(db, jana, release)
    first = finaltest.open_attempt(db, jana, release.course_id)
    finaltest.begin(db, jana, release)
    finaltest.keep(db, jana, release.course_id, {"answer-zahl": ["16"]})
    again = finaltest.open_attempt(db, jana, release.course_id)
    assert first
    assert again
    assert (again.id, again.questions) == (first.id, first.questions)
    assert again.answers == {"answer-zahl": ["16"]}
    other = make_actor(db, "Kim Erfunden")
    assert finaltest.open_attempt(db, other, release.course_id) is None


def test_as_many_questions_are_drawn_as_the_author_says(db: Session, jana: Actor) -> None:
    release = publish(db, manifest_of([LESSON], test=True), test=sheet(draw=2))
    service.enrol(db, jana, release)
    service.complete(db, jana, release, "les_a", Request("r1", 1))
    seen = set()
    for _ in range(30):
        finaltest.begin(db, jana, release)
        attempt = finaltest.open_attempt(db, jana, release.course_id)
        assert attempt
        assert len(attempt.questions) == 2
        seen.add(tuple(sorted(question.id for question in attempt.questions)))
        finaltest.hand_in(db, jana, release, {})
    assert len(seen) > 1


def test_passing_adds_one_row_and_completes_the_course(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    finaltest.begin(db, jana, release)
    assert finaltest.hand_in(db, jana, release, {**GOOD, "zahl": BAD["zahl"]}) == Outcome(passed=True)
    assert names(db) == ["les_a", "kur_1/test", "kur_1"]
    assert finaltest.hand_in(db, jana, release, GOOD) is None
    finaltest.begin(db, jana, release)
    assert db.scalars(select(Attempt)).all() == []
    enrolled = queries.enrolled(db, jana, release.course_id)
    assert enrolled
    assert enrolled.finished == release.id


def test_failing_leaves_nothing_but_advice(db: Session, jana: Actor, release: CourseRelease) -> None:
    finaltest.begin(db, jana, release)
    found = finaltest.hand_in(db, jana, release, BAD)
    assert found
    assert (found.passed, set(found.revisit)) == (False, {"les_a", "les_b"})
    assert names(db) == ["les_a"]
    assert db.scalars(select(Attempt)).all() == []


def test_an_attempt_finishes_on_its_own_version_and_edition(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    finaltest.begin(db, jana, release)
    harder = (replace(CHOICE, id="andere"), replace(NUMBER, solutions=("7",)), ORDER)
    newer = publish(db, manifest_of([LESSON], test=True), test=sheet(*harder, needed=3, edition=2))
    assert finaltest.hand_in(db, jana, newer, {**GOOD, "folge": BAD["folge"]}) == Outcome(passed=True)
    row = db.scalars(select(ProgressEntry).where(ProgressEntry.object_id == "kur_1/test")).one()
    assert (row.edition, row.release_id) == (1, release.id)


def test_an_answer_right_by_the_current_key_counts_too(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    finaltest.begin(db, jana, release)
    swapped = tuple(replace(option, correct=not option.correct) for option in reversed(CHOICE.options))
    corrected = (replace(CHOICE, options=swapped), replace(NUMBER, solutions=("1",)), ORDER)
    newer = publish(db, manifest_of([LESSON], test=True), test=sheet(*corrected))
    assert finaltest.hand_in(db, jana, newer, BAD) == Outcome(passed=True)


def test_answers_are_read_by_the_names_of_their_questions(
    db: Session, jana: Actor, release: CourseRelease
) -> None:
    finaltest.begin(db, jana, release)
    attempt = finaltest.open_attempt(db, jana, release.course_id)
    assert attempt
    shown = quiz.shuffled(release.id, "folge", 3)
    places = {f"answer-folge-{number}": [str(place)] for place, number in enumerate(shown, 1)}
    answers, faults = finaltest.read(attempt, {"answer-wahl": ["0"], "answer-zahl": ["168"], **places})
    assert (answers, faults) == (GOOD, {})
    answers, faults = finaltest.read(attempt, {"answer-zahl": ["viele"]})
    assert answers == {}
    assert set(faults) == {"wahl", "zahl", "folge"}


def test_answers_move_to_a_newer_text_by_their_words() -> None:
    mixed = replace(CHOICE, options=(Option("neu", correct=True), *reversed(CHOICE.options)))
    assert moved_to(CHOICE, mixed, Answer(chosen=(0,))) == Answer(chosen=(2,))
    assert moved_to(CHOICE, replace(CHOICE, options=mixed.options[:2]), Answer(chosen=(0,))) is None
    assert moved_to(CHOICE, NUMBER, Answer(chosen=(0,))) is None
    turned = replace(ORDER, items=("drei", "zwei", "neu"))
    assert moved_to(ORDER, turned, Answer(placed=(1, 2, 3))) == Answer(placed=(3, 2, None))
    pairs = Question("paar", "zuordnung", "Q", "Q", pairs=(("A", "1"), ("B", "2")))
    swapped = replace(pairs, pairs=(("B", "2"), ("A", "1")))
    assert moved_to(pairs, swapped, Answer(placed=(0, None))) == Answer(placed=(None, 1))
