"""Stored parts made ready for templates: every field that holds sanitised HTML becomes `Markup`."""

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from learn.markup.model import (
    Exercise,
    Html,
    Option,
    Part,
    Plan,
    PlanCell,
    PlanPart,
    PlanTable,
    PlanText,
    Question,
    Quiz,
)


def ready(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same parts with `Markup` in place of HTML strings."""
    return tuple(_part(part) for part in parts)


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - sanitised before it was stored


def _part(part: Part) -> Part:
    if isinstance(part, Html):
        return Html(_safe(part.html))
    if isinstance(part, Quiz):
        return replace(part, questions=tuple(question(entry) for entry in part.questions))
    if isinstance(part, Exercise):
        return replace(part, html=_safe(part.html))
    return _plan(part)


def question(entry: Question) -> Question:
    """A question whose HTML fields are `Markup`; solutions, items' ids and `text` stay plain."""
    left, right = entry.columns
    return replace(
        entry,
        html=_safe(entry.html),
        hint=_safe(entry.hint),
        explanation=_safe(entry.explanation),
        options=tuple(_option(option) for option in entry.options),
        items=tuple(_safe(item) for item in entry.items),
        columns=(_safe(left), _safe(right)),
        pairs=tuple((_safe(first), _safe(second)) for first, second in entry.pairs),
    )


def _option(option: Option) -> Option:
    return replace(option, html=_safe(option.html), feedback=_safe(option.feedback))


def _plan(plan: Plan) -> Plan:
    return replace(plan, parts=tuple(_plan_part(part) for part in plan.parts))


def _plan_part(part: PlanPart) -> PlanPart:
    if isinstance(part, PlanText):
        return PlanText(_safe(part.html))
    if isinstance(part, PlanTable):
        rows = tuple(tuple(_cell(cell) for cell in row) for row in part.rows)
        return replace(part, columns=tuple(_safe(column) for column in part.columns), rows=rows)
    return part


def _cell(cell: PlanCell) -> PlanCell:
    return replace(cell, html=_safe(cell.html))
