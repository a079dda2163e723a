"""The Abschlusstest: an attempt is drawn, kept open, handed in; only passing leaves a trace."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import SystemRandom
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, Refused
from learn.courses.final import FinalTest, final_test
from learn.courses.library import CourseRelease
from learn.learning import log, quiz, service
from learn.learning.models import Attempt, Enrolment
from learn.learning.progress import DONE, progress
from learn.learning.quiz import Answer
from learn.markup.model import Question

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Open:
    """The actor's open attempt: the release it was drawn from, its questions, answers by field name."""

    id: int
    release_id: int
    test: FinalTest
    questions: tuple[Question, ...]
    answers: Fields

    @property
    def key(self) -> str:
        """Tells its form from that of another attempt: the release, and the questions in the order drawn."""
        drawn = "/".join((str(self.release_id), *(question.id for question in self.questions)))
        return hashlib.sha256(drawn.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`revisit`: lessons of the questions that were not right, each once; never which those were."""

    passed: bool
    revisit: tuple[str, ...] = ()


def open_attempt(session: Session, actor: Actor, course_id: str) -> Open | None:
    """The actor's open attempt in a course: one statement while its release is cached."""
    statement = (
        select(Attempt.id, Attempt.release_id, Attempt.questions, Attempt.answers)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id == actor.owner, Enrolment.course_id == course_id)
    )
    found = session.execute(statement).one_or_none()
    test = final_test(session, found.release_id) if found else None
    if found is None or test is None:
        return None
    drawn = (test.question(name) for name in found.questions)
    questions = tuple(question for question in drawn if question is not None)
    return Open(found.id, found.release_id, test, questions, found.answers)


def begin(session: Session, actor: Actor, release: CourseRelease) -> None:
    """Draw an attempt, once. Raises Refused (422) before all required lessons are done."""
    test = final_test(session, release.id)
    enrolment_id = service.held_enrolment(session, actor, release.course_id)
    state = progress(release.manifest, log.load(session, enrolment_id), None, None)
    if test is None or not release.manifest.test:
        raise Refused("Dieser Kurs hat keinen Abschlusstest.")
    if not state.lessons_done:
        raise Refused("Schließen Sie zuerst alle Pflichtlektionen ab.")
    if state.test:
        return
    drawn = SystemRandom().sample([question.id for question in test.questions], test.drawn)
    values = {
        "enrolment_id": enrolment_id,
        "release_id": release.id,
        "questions": drawn,
        "answers": {},
        "day": clock.today(),
    }
    log.insert_new(session, Attempt, values)


def keep(session: Session, actor: Actor, course_id: str, answers: Fields) -> None:
    """Store the answers so far."""
    enrolment_id = service.held_enrolment(session, actor, course_id)
    values = {"answers": {name: list(values) for name, values in answers.items()}}
    session.execute(update(Attempt).where(Attempt.enrolment_id == enrolment_id).values(values))


def read(attempt: Open, fields: Fields) -> tuple[dict[str, Answer], dict[str, str]]:
    """Answers by question id, and sentences for those that cannot be judged."""
    answers: dict[str, Answer] = {}
    faults: dict[str, str] = {}
    for question in attempt.questions:
        name = f"answer-{question.id}"
        count = max(len(question.items), len(question.pairs))
        placed = {index: _first(fields, f"{name}-{index}") for index in range(count)}
        try:
            answers[question.id] = quiz.read(question, attempt.release_id, fields.get(name, ()), placed)
        except Refused as problem:
            faults[question.id] = problem.message
    return answers, faults


def hand_in(
    session: Session, actor: Actor, release: CourseRelease, answers: Mapping[str, Answer]
) -> Outcome | None:
    """Judge and end the open attempt; None when another request has ended it.

    It finishes on its own version; an answer that is right by that or by the current key counts.
    """
    enrolment_id = service.held_enrolment(session, actor, release.course_id)
    attempt = open_attempt(session, actor, release.course_id)
    if attempt is None:
        return None
    current = final_test(session, release.id)
    wrong = [question for question in attempt.questions if not _right(question, answers, current)]
    session.execute(delete(Attempt).where(Attempt.enrolment_id == enrolment_id))
    if len(attempt.questions) - len(wrong) < attempt.test.needed:
        return Outcome(
            passed=False, revisit=tuple(dict.fromkeys(each.lesson for each in wrong if each.lesson))
        )
    _pass(session, enrolment_id, release, attempt)
    return Outcome(passed=True)


def _pass(session: Session, enrolment_id: int, release: CourseRelease, attempt: Open) -> None:
    rows = log.load(session, enrolment_id)
    wish = log.Wish(f"{release.course_id}/test", attempt.test.edition, DONE, None, uuid4().hex)
    pass_ = log.decide(rows, wish, done=False)
    if pass_ is not None:
        row = log.append(session, enrolment_id, attempt.release_id, wish, pass_)
        rows = [*rows, row] if row else rows
    if progress(release.manifest, rows, None, None).complete:
        service.finish(session, enrolment_id, release, rows)


def _right(question: Question, answers: Mapping[str, Answer], current: FinalTest | None) -> bool:
    answer = answers.get(question.id)
    if answer is None:
        return False
    if quiz.judge(question, answer).verdict == "right":
        return True
    newer = current.question(question.id) if current else None
    moved = moved_to(question, newer, answer) if newer else None
    return newer is not None and moved is not None and quiz.judge(newer, moved).verdict == "right"


def moved_to(question: Question, newer: Question, answer: Answer) -> Answer | None:
    """The same answer in terms of a newer text of the question; None where that lacks its words."""
    if question.kind != newer.kind:
        return None
    try:
        return _moved(question, newer, answer)
    except (ValueError, IndexError):  # a word is gone
        return None


def _moved(question: Question, newer: Question, answer: Answer) -> Answer:
    if question.kind in {"zahl", "text"}:
        return answer
    if question.options:
        texts = [option.html for option in newer.options]
        return Answer(chosen=tuple(sorted(texts.index(question.options[i].html) for i in answer.chosen)))
    if question.items:
        places = dict(zip(question.items, answer.placed, strict=True))
        return Answer(placed=tuple(places.get(item) for item in newer.items))
    rights = [right for _left, right in newer.pairs]
    chosen = {
        left: None if value is None else rights.index(question.pairs[value][1])
        for (left, _right), value in zip(question.pairs, answer.placed, strict=True)
    }
    return Answer(placed=tuple(chosen.get(left) for left, _right in newer.pairs))


def _first(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return values[0] if values else ""
