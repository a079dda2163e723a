"""Self-checks on paper: what is asked, in an order that tells nothing, and apart from it what is right."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from learn.markup.model import Question, Quiz

LINES = frozenset({"zahl", "text"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without its solution. HTML: `title`, `hint`, `options`, `lefts`, `choices`.

    `several`: more than one option may be right. `ordered`: the options are to be put in order.
    `line`: the answer is written.
    """

    id: str
    number: int
    title: str
    hint: str
    options: tuple[str, ...] = ()
    several: bool = False
    ordered: bool = False
    lefts: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    line: bool = False


@dataclass(frozen=True, slots=True)
class Solved:
    """The solution of a question. HTML: `title`, `right`, `notes`, `explanation`.

    `ordered`: what is right stands in its order. `notes`: option and what its author says about it.
    """

    id: str
    number: int
    title: str
    right: tuple[str, ...]
    ordered: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    explanation: str = ""


def asked(quiz: Quiz) -> tuple[Asked, ...]:
    """The questions as they are put."""
    return tuple(_asked(question, number) for number, question in enumerate(quiz.questions, 1))


def solved(quiz: Quiz) -> tuple[Solved, ...]:
    """The same questions with their solutions."""
    return tuple(_solved(question, number) for number, question in enumerate(quiz.questions, 1))


def mixed(values: Sequence[str], seed: str) -> tuple[str, ...]:
    """The values in an order that depends on the seed alone; of three and more never the given one."""
    order = sorted(range(len(values)), key=lambda index: hashlib.sha256(f"{seed}{index}".encode()).digest())
    if len(order) > 2 and order == sorted(order):
        order = [*order[1:], *order[:1]]
    return tuple(values[index] for index in order)


def _asked(question: Question, number: int) -> Asked:
    items = mixed(question.items, question.id) if question.kind == "reihenfolge" else ()
    rights = [right for _left, right in question.pairs]
    return Asked(
        id=question.id,
        number=number,
        title=question.html,
        hint=question.hint,
        options=items or tuple(option.html for option in question.options),
        several=question.kind == "mehrfach",
        ordered=question.kind == "reihenfolge",
        lefts=tuple(left for left, _right in question.pairs),
        choices=mixed(rights, question.id),
        line=question.kind in LINES,
    )


def _solved(question: Question, number: int) -> Solved:
    pairs = tuple(Markup("{} → {}").format(left, right) for left, right in question.pairs)
    options = tuple(option.html for option in question.options if option.correct)
    return Solved(
        id=question.id,
        number=number,
        title=question.html,
        right=options or question.items or pairs or question.solutions,
        ordered=question.kind == "reihenfolge",
        notes=tuple((option.html, option.feedback) for option in question.options if option.feedback),
        explanation=question.explanation,
    )
