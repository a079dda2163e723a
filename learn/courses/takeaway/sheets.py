"""Self-checks, exercises and Fahrpläne of a printed course: to be ticked and filled by hand; solutions apart.

Adds blocks to those of blocks.py: exercise (`c`), question, solution, field, form.
"""

from collections.abc import Iterator

from learn.core.i18n import gettext as _
from learn.courses.takeaway.blocks import Block, Text
from learn.courses.takeaway.questions import Asked, Solved, asked, solved
from learn.markup.model import Exercise, Html, Part, Plan, PlanCell, PlanField, PlanPart, PlanTable, Quiz

LEVEL = 3  # of their headings: below the lesson's title
SHORT = 2_000  # characters of a question that stands on one page
ONE, SEVERAL = "\N{WHITE CIRCLE}", "\N{BALLOT BOX}"


def part(text: Text, stored: Part) -> Iterator[Block]:
    """The blocks of a part of a lesson, without solutions."""
    if isinstance(stored, Quiz):
        yield from quiz(text, stored)
    elif isinstance(stored, Exercise):
        yield from exercise(text, stored)
    elif isinstance(stored, Plan):
        yield from plan(text, stored)
    elif isinstance(stored, Html):
        yield from text.blocks(stored.html)


def quiz(text: Text, stored: Quiz) -> Iterator[Block]:
    """A heading, then the questions."""
    yield _heading(text, stored.heading or _("Kurz geprüft"), stored.slug)
    for question in asked(stored):
        yield _question(text, question)


def _heading(text: Text, words: str, slug: str) -> Block:
    return text.heading(LEVEL, [words], f"{text.place}-s-{slug}" if slug else "")


def _question(text: Text, question: Asked) -> Block:
    box = "" if question.ordered else SEVERAL if question.several else ONE
    return {
        "k": "question",
        "number": question.number,
        "c": text.spans(question.title),
        "hint": text.blocks(question.hint),
        "how": _how(question),
        "box": box,
        "options": [text.blocks(option) for option in question.options],
        "lefts": [text.spans(left) for left in question.lefts],
        "choices": [text.spans(choice) for choice in question.choices],
        "line": question.line,
        "whole": len("".join((question.title, question.hint, *question.options))) < SHORT,
    }


def _how(question: Asked) -> str:
    """What to do, one sentence."""
    if question.ordered:
        return _("Reihenfolge: Zahlen eintragen.")
    if question.lefts:
        return _("Zuordnung: passende Buchstaben eintragen.")
    if question.line:
        return _("Antwort aufschreiben.")
    return _("Alle passenden Antworten ankreuzen.") if question.several else _("Eine Antwort ankreuzen.")


def solutions(text: Text, stored: Quiz) -> Iterator[Block]:
    """What is right in a self-check, and why."""
    for solution in solved(stored):
        yield _solution(text, solution)


def _solution(text: Text, solution: Solved) -> Block:
    return {
        "k": "solution",
        "number": solution.number,
        "c": text.spans(solution.title),
        "ordered": solution.ordered,
        "right": [text.blocks(right) for right in solution.right],
        "notes": [
            {"term": text.spans(option), "c": text.blocks(feedback)} for option, feedback in solution.notes
        ],
        "explanation": text.blocks(solution.explanation),
    }


def exercise(text: Text, stored: Exercise) -> Iterator[Block]:
    """A heading, then the task."""
    yield _heading(text, stored.heading or _("Aufgabe"), stored.slug)
    yield {"k": "exercise", "c": text.blocks(stored.html)}


def plan(text: Text, stored: Plan) -> Iterator[Block]:
    """A heading, then lines and tables to fill by hand."""
    yield _heading(text, stored.heading or _("Fahrplan"), stored.slug)
    for each in stored.parts:
        yield from _plan_part(text, each)


def _plan_part(text: Text, each: PlanPart) -> Iterator[Block]:
    if isinstance(each, PlanField):
        yield {"k": "field", "label": each.label, "hint": each.hint}
    elif isinstance(each, PlanTable):
        head = [text.spans(column) for column in each.columns]
        rows = [[_cell(text, cell) for cell in row] for row in each.rows]
        yield {"k": "form", "head": head, "rows": rows}
    else:
        yield from text.blocks(each.html)


def _cell(text: Text, cell: PlanCell) -> list[Block]:
    """Fixed text, or nothing where something is to be written."""
    return [] if cell.label else [{"k": "p", "c": text.spans(cell.html)}]
