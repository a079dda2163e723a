"""Evaluation of self-checks: what was answered, how well it fits, what to say about it. Nothing is stored."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from learn.core.access import Refused
from learn.markup.answers import folded, number, solution
from learn.markup.model import Question

Verdict = Literal["right", "almost", "wrong"]
CHOOSE = "Wählen Sie eine Antwort."
NUMBER = "Schreiben Sie eine Zahl, zum Beispiel 21,5."
WORDS = "Schreiben Sie eine Antwort in das Feld."
PLACES = "Wählen Sie für jede Zeile einen Platz."
PAIRS = "Wählen Sie für jede Zeile eine Antwort."
TYPED_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed or chosen, by source indexes: options, or a number per item or left cell."""

    chosen: tuple[int, ...] = ()
    typed: str = ""
    placed: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one question.

    `marks` per option, item or pair: fits, does not fit, or None where nothing was chosen. `feedback`:
    HTML of the chosen options in source order. `missing`: right options that were not chosen.
    """

    verdict: Verdict
    answer: Answer
    marks: tuple[bool | None, ...] = ()
    feedback: tuple[str, ...] = ()
    missing: int = 0


def shuffled(version: int, question: str, count: int) -> tuple[int, ...]:
    """The number shown for each source index: an order of its own per version and question.

    Of three and more never 0 1 2 …; of two both orders, because always the other one would tell.
    """
    seed = f"{version}/{question}/"
    order = sorted(range(count), key=lambda index: hashlib.sha256(f"{seed}{index}".encode()).digest())
    if count > 2 and order == sorted(order):
        order = [*order[1:], *order[:1]]
    return tuple(order)


def read(question: Question, version: int, answers: Sequence[str], placed: Mapping[int, str]) -> Answer:
    """The answer from the form's `answer` values and `answer-<i>` fields. Raises Refused (422)."""
    if question.kind in {"einfach", "mehrfach"}:
        return Answer(chosen=_chosen(question, answers))
    if question.kind in {"zahl", "text"}:
        return Answer(typed=_typed(question, answers))
    return Answer(placed=_placed(question, version, placed))


def judge(question: Question, answer: Answer) -> Result:
    """How well an answer fits."""
    return _JUDGES[question.kind](question, answer)


def _chosen(question: Question, answers: Sequence[str]) -> tuple[int, ...]:
    found = {_index(value, len(question.options)) for value in answers if value}
    numbers = sorted(index for index in found if index is not None)
    if not numbers or None in found or (question.kind == "einfach" and len(numbers) > 1):
        raise Refused(CHOOSE, field="answer")
    return tuple(numbers)


def _typed(question: Question, answers: Sequence[str]) -> str:
    typed = (answers[0] if answers else "").strip()[:TYPED_LIMIT]
    accepted = solution(question.solutions[0]) if question.kind == "zahl" else None
    if accepted is not None and number(typed, accepted.units) is None:
        raise Refused(NUMBER, field="answer")
    if not typed:
        raise Refused(WORDS, field="answer")
    return typed


def _placed(question: Question, version: int, placed: Mapping[int, str]) -> tuple[int | None, ...]:
    """Numbers by source index; the form's numbers are shuffled so that they do not tell the order."""
    if question.kind == "reihenfolge":
        count = len(question.items)
        shown = shuffled(version, question.id, count)
        places = [_index(placed.get(shown[index], ""), count + 1) for index in range(count)]
        found = [place or None for place in places]
    else:
        count = len(question.pairs)
        source = {shown: index for index, shown in enumerate(shuffled(version, question.id, count))}
        values = [_index(placed.get(index, ""), count) for index in range(count)]
        found = [None if value is None else source[value] for value in values]
    if all(value is None for value in found):
        raise Refused(PLACES if question.kind == "reihenfolge" else PAIRS, field="answer")
    return tuple(found)


def _index(value: str, count: int) -> int | None:
    """A whole number below `count`, None for anything else."""
    good = value.isascii() and value.isdigit() and len(value) < 4
    return int(value) if good and int(value) < count else None


def _choice(question: Question, answer: Answer) -> Result:
    right = {index for index, option in enumerate(question.options) if option.correct}
    chosen = set(answer.chosen)
    almost = question.kind == "mehrfach" and bool(chosen & right)
    return Result(
        verdict=_verdict(right=chosen == right, almost=almost),
        answer=answer,
        marks=tuple(
            option.correct if index in chosen else None for index, option in enumerate(question.options)
        ),
        feedback=tuple(
            option.feedback
            for index, option in enumerate(question.options)
            if index in chosen and option.feedback
        ),
        missing=len(right - chosen),
    )


def _number(question: Question, answer: Answer) -> Result:
    accepted = solution(question.solutions[0])
    value = number(answer.typed, accepted.units) if accepted else None
    fits = accepted is not None and value is not None and value in accepted
    return Result(_verdict(right=fits), answer)


def _text(question: Question, answer: Answer) -> Result:
    accepted = {folded(text) for text in question.solutions}
    return Result(_verdict(right=folded(answer.typed) in accepted), answer)


def _placement(question: Question, answer: Answer) -> Result:
    """Almost: at least half of the neighbours follow each other as they should; half of the pairs fit."""
    placed = answer.placed
    if question.kind == "reihenfolge":
        marks = tuple(None if place is None else place == index + 1 for index, place in enumerate(placed))
        neighbours = [first is not None and second == first + 1 for first, second in pairwise(placed)]
        almost = 2 * sum(neighbours) >= len(neighbours)
    else:
        marks = tuple(None if value is None else value == index for index, value in enumerate(placed))
        almost = 2 * sum(mark is True for mark in marks) >= len(marks)
    return Result(_verdict(right=all(marks), almost=almost), answer, marks)


def _verdict(*, right: bool, almost: bool = False) -> Verdict:
    return "right" if right else "almost" if almost else "wrong"


_JUDGES: dict[str, Callable[[Question, Answer], Result]] = {
    "einfach": _choice,
    "mehrfach": _choice,
    "zahl": _number,
    "text": _text,
    "reihenfolge": _placement,
    "zuordnung": _placement,
}
