"""Self-checks as templates draw them; nothing here tells the solution before the check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from learn.core.i18n import ngettext
from learn.learning.quiz import Result, shuffled
from learn.markup.model import Question, Quiz

VERDICTS = {"right": "richtig", "almost": "fast", "wrong": "falsch"}


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """A question, see components/question.html. Values of items and choices are the shown numbers."""

    id: str
    kind: str
    title: str
    hint: str
    options: tuple[tuple[int, str], ...] = ()
    items: tuple[tuple[int, str], ...] = ()
    choices: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuizSheet:
    """A section of questions."""

    id: str
    heading: str
    slug: str
    questions: tuple[QuestionSheet, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a question shows after its form was sent, see components/question.html."""

    answer: Sequence[str] | str | Mapping[int, str]
    verdict: str = ""
    marks: Mapping[int, bool] | None = None
    feedback: tuple[str, ...] = ()
    error: str = ""
    newer: str = ""
    href: str = ""
    link: str = ""


def quiz_sheet(quiz: Quiz, version: int, slug: str) -> QuizSheet:
    questions = tuple(question_sheet(question, version) for question in quiz.questions)
    return QuizSheet(quiz.id, quiz.heading, slug, questions)


def question_sheet(question: Question, version: int) -> QuestionSheet:
    """A question in the order and with the numbers in which this version shows it."""
    items: tuple[tuple[int, str], ...] = ()
    choices: tuple[tuple[int, str], ...] = ()
    if question.kind == "reihenfolge":
        shown = shuffled(version, question.id, len(question.items))
        items = tuple(sorted(zip(shown, question.items, strict=True)))
    elif question.kind == "zuordnung":
        shown = shuffled(version, question.id, len(question.pairs))
        items = tuple((index, left) for index, (left, _right) in enumerate(question.pairs))
        rights = (Markup(right).striptags() for _left, right in question.pairs)  # noqa: S704 - becomes text
        choices = tuple(sorted(zip(shown, rights, strict=True)))
    return QuestionSheet(
        id=question.id,
        kind=question.kind,
        title=question.html,
        hint=question.hint,
        options=tuple((index, option.html) for index, option in enumerate(question.options)),
        items=items,
        choices=choices,
    )


def judged(
    question: Question, version: int, sent: Sequence[str] | Mapping[int, str], result: Result, newer: str
) -> Checked:
    """A question after its check; `newer` is the address of the lesson where there is a newer version."""
    return Checked(
        answer=_answer(question, sent),
        verdict=VERDICTS[result.verdict],
        marks=_marks(question, version, result),
        feedback=(*result.feedback, *_missing(result), question.explanation),
        newer=newer,
    )


def refused(question: Question, sent: Sequence[str] | Mapping[int, str], sentence: str) -> Checked:
    """A question whose form could not be judged, with what was sent."""
    return Checked(answer=_answer(question, sent), error=sentence)


def _answer(
    question: Question, sent: Sequence[str] | Mapping[int, str]
) -> Sequence[str] | str | Mapping[int, str]:
    if question.kind in {"zahl", "text"}:
        assert not isinstance(sent, Mapping)
        return sent[0] if sent else ""
    return sent


def _marks(question: Question, version: int, result: Result) -> dict[int, bool]:
    """By shown number: fits or does not, for what was chosen."""
    if question.kind == "reihenfolge":
        shown = shuffled(version, question.id, len(question.items))
        return {shown[index]: mark for index, mark in enumerate(result.marks) if mark is not None}
    return {index: mark for index, mark in enumerate(result.marks) if mark is not None}


def _missing(result: Result) -> tuple[str, ...]:
    """How many right options were not chosen, when others were."""
    if result.verdict != "almost" or not result.missing:
        return ()
    return (
        ngettext(
            "Eine weitere Antwort stimmt noch.", "%(num)s weitere Antworten stimmen noch.", result.missing
        ),
    )


def chosen(
    question: Question, values: Sequence[str], placed: Mapping[int, str]
) -> Sequence[str] | Mapping[int, str]:
    """The part of a form that concerns this kind of question."""
    return placed if question.kind in {"reihenfolge", "zuordnung"} else values
