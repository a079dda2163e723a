"""The form of a question: what its fields hold, as Markdown; how the answers of each type are read."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import cast, get_args

from learn.core.i18n import gettext as _
from learn.markup.answers import LONGEST, folded, solution
from learn.markup.model import Kind
from learn.workshop import snippets
from learn.workshop.filled import Reader
from learn.workshop.snippets import Answer, Asked


def question(reader: Reader) -> str:
    """A question, alone where the place is in a quiz or in an Abschlusstest, else in a quiz of its own."""
    text = reader.word("question", _("Schreiben Sie die Frage."))
    typed = reader.sent.get("kind", "einfach")
    kind = cast("Kind", typed) if typed in get_args(Kind) else "einfach"
    name, hint, explanation = reader.fresh(text, "frage"), reader.text("hint"), reader.text("explanation")
    asked = ANSWERS[kind](reader, Asked(name, kind, text, hint=hint, explanation=explanation))
    if reader.around.kind == "fragen":
        return snippets.question(asked, level=2)
    if reader.around.mark == "quiz":
        return snippets.question(asked, level=reader.around.level)
    title = reader.word("heading") or snippets.QUIZ
    made = snippets.question(asked)
    name = snippets.fresh(reader.around.body + made, title, "quiz")
    return snippets.quiz(name, [made], title=title)


def _choices(reader: Reader, asked: Asked) -> Asked:
    right = {value for value in reader.sent.getlist("correct") if value.isdigit()}
    answers = []
    pairs = zip_longest(reader.words("answer"), reader.texts("feedback"), fillvalue="")
    for place, (text, said) in enumerate(pairs, 1):
        if text:
            answers.append(Answer(text, str(place) in right, said))
        elif said or str(place) in right:
            reader.fault(f"answer-{place}", _("Schreiben Sie die Antwort."))
    _count(reader, "answer-1", len(answers), 2, 8, _("Antworten"))
    ticked = sum(answer.correct for answer in answers)
    if asked.kind == "einfach" and ticked != 1:
        reader.fault("correct-1", _("Kennzeichnen Sie genau eine Antwort als richtig."))
    elif not ticked:
        reader.fault("correct-1", _("Kennzeichnen Sie mindestens eine Antwort als richtig."))
    return replace(asked, answers=tuple(answers))


def _number(reader: Reader, asked: Asked) -> Asked:
    typed = reader.word("number", _("Schreiben Sie die Lösung."), longest=LONGEST)
    if typed and solution(typed) is None:
        reader.fault("number", _("Schreiben Sie „72 Stunden“, „21 bis 23“ oder „21,5 ± 0,5“."))
    return replace(asked, solutions=(typed,))


def _accepted(reader: Reader, asked: Asked) -> Asked:
    texts = tuple(text for text in reader.words("accepted", LONGEST) if folded(text))
    if not texts:
        reader.fault("accepted-1", _("Schreiben Sie die Lösung."))
    return replace(asked, solutions=texts)


def _order(reader: Reader, asked: Asked) -> Asked:
    items = tuple(item for item in reader.words("item") if item)
    _count(reader, "item-1", len(items), 3, 8, _("Schritte"))
    return replace(asked, items=items)


def _pairs(reader: Reader, asked: Asked) -> Asked:
    pairs = []
    for place, (left, right) in enumerate(
        zip_longest(reader.words("left"), reader.words("right"), fillvalue=""), 1
    ):
        if left and right:
            pairs.append((left, right))
        elif left or right:
            reader.fault(f"{'right' if left else 'left'}-{place}", _("Füllen Sie beide Seiten aus."))
    _count(reader, "left-1", len(pairs), 2, 8, _("Paare"))
    if len({" ".join(right.split()) for _left, right in pairs}) < len(pairs):
        reader.fault("right-1", _("Rechts steht jedes Wort nur einmal."))
    columns = (*reader.words("column"), "", "")[:2]
    named = (columns[0] or _("Frage"), columns[1] or _("Antwort"))
    return replace(asked, pairs=tuple(pairs), columns=named)


def _count(reader: Reader, place: str, number: int, low: int, high: int, things: str) -> None:
    if not low <= number <= high:
        reader.fault(
            place, _("Schreiben Sie %(low)s bis %(high)s %(things)s.", low=low, high=high, things=things)
        )


ANSWERS: Mapping[str, Callable[[Reader, Asked], Asked]] = {
    "einfach": _choices,
    "mehrfach": _choices,
    "zahl": _number,
    "text": _accepted,
    "reihenfolge": _order,
    "zuordnung": _pairs,
}
