"""Parts and terms as JSON and back, and prefixed ids for pages that show several lessons."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from learn.markup.model import (
    Exercise,
    Html,
    Option,
    Part,
    Plan,
    PlanCell,
    PlanField,
    PlanPart,
    PlanTable,
    PlanText,
    Question,
    Quiz,
    Quote,
    Term,
)
from learn.markup.sanitise import prefixer
from learn.markup.tokens import apart

_PARTS: dict[str, type[Part]] = {
    "html": Html,
    "quote": Quote,
    "quiz": Quiz,
    "exercise": Exercise,
    "plan": Plan,
}
_PLAN: dict[str, type[PlanPart]] = {"text": PlanText, "field": PlanField, "table": PlanTable}
_NAMES = {kind: name for name, kind in (_PARTS | _PLAN).items()}
_PREFIX = re.compile(r"[a-z0-9_-]{1,40}")


def dump(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The parts as JSON values, each with its `type`."""
    return [_dump(part) for part in parts]


def load(values: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The reverse of `dump`; unknown keys are ignored, so that older releases stay readable."""
    return tuple(_load(value) for value in values)


def dump_terms(terms: Iterable[Term]) -> list[dict[str, Any]]:
    return [asdict(term) for term in terms]


def load_terms(values: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    return tuple(_made(Term, {**value, "also": tuple(value["also"])}) for value in values)


def _dump(part: Part) -> dict[str, Any]:
    value = {"type": _NAMES[type(part)], **asdict(part)}
    if isinstance(part, Plan):
        value["parts"] = [{"type": _NAMES[type(entry)], **asdict(entry)} for entry in part.parts]
    return value


def _made(kind: type[Any], value: Mapping[str, Any]) -> Any:
    known = {field.name for field in fields(kind)}
    return kind(**{name: entry for name, entry in value.items() if name in known})


def _load(value: Mapping[str, Any]) -> Part:
    kind = _PARTS[value["type"]]
    found = dict(value)
    if kind is Quiz:
        found["questions"] = tuple(_question(entry) for entry in value["questions"])
    if kind is Plan:
        found["parts"] = tuple(_plan_part(entry) for entry in value["parts"])
    part: Part = _made(kind, found)
    return part


def _question(value: Mapping[str, Any]) -> Question:
    found: Question = _made(
        Question,
        {
            **value,
            "options": tuple(_made(Option, entry) for entry in value["options"]),
            "items": tuple(value["items"]),
            "columns": tuple(value["columns"]),
            "pairs": tuple(tuple(pair) for pair in value["pairs"]),
            "solutions": tuple(value["solutions"]),
        },
    )
    return found


def _plan_part(value: Mapping[str, Any]) -> PlanPart:
    kind = _PLAN[value["type"]]
    if kind is PlanTable:
        rows = tuple(tuple(_made(PlanCell, cell) for cell in row) for row in value["rows"])
        return PlanTable(tuple(value["columns"]), rows)
    part: PlanPart = _made(kind, value)
    return part


def prefixed(parts: Sequence[Part], prefix: str, place: str = "") -> tuple[Part, ...]:
    """The parts with `prefix` and `-` before every id and in-page target of their HTML, in the parsed tree.

    `place`, plain text, follows the names of regions. Ids that templates draw from data (`quiz-…`) get the
    prefix there. ValueError for a prefix that is no id.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"„{prefix}“ kann keiner Kennung voranstehen.")
    gate = prefixer(f"{prefix}-", place)

    def change(html: str) -> str:
        return apart(html, gate)

    return tuple(_prefix_part(part, change) for part in parts)


def _prefix_part(part: Part, change: Callable[[str], str]) -> Part:
    if isinstance(part, Quiz):
        return replace(part, questions=tuple(_prefix_question(entry, change) for entry in part.questions))
    if isinstance(part, Plan):
        return replace(part, parts=tuple(_prefix_plan(entry, change) for entry in part.parts))
    return replace(part, html=change(part.html))


def _prefix_question(question: Question, change: Callable[[str], str]) -> Question:
    return replace(
        question,
        html=change(question.html),
        hint=change(question.hint),
        explanation=change(question.explanation),
        options=tuple(
            replace(option, html=change(option.html), feedback=change(option.feedback))
            for option in question.options
        ),
        items=tuple(change(item) for item in question.items),
        pairs=tuple((change(left), right) for left, right in question.pairs),
    )


def _prefix_plan(part: PlanPart, change: Callable[[str], str]) -> PlanPart:
    if isinstance(part, PlanText):
        return PlanText(change(part.html))
    if isinstance(part, PlanTable):
        rows = tuple(tuple(replace(cell, html=change(cell.html)) for cell in row) for row in part.rows)
        return replace(part, rows=rows)
    return part
