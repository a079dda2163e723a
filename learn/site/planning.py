"""The Fahrplan of a lesson: filled in, saved for the person alone, and as one clean page for print."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from learn.learning.queries import Saved
from learn.markup.model import Plan


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A Fahrplan's texts by field number (from 1), see components/plan.html.

    `former`: label and text of entries whose field is gone. `conflict`: label -> (saved, own) of a 409.
    """

    values: Mapping[int, str] = field(default_factory=dict)
    base_revision: int = 0
    former: tuple[tuple[str, str], ...] = ()
    saved_on: date | None = None
    errors: Mapping[int, str] = field(default_factory=dict)
    conflict: Mapping[str, tuple[str, str]] | None = None


def sheet_of(plan: Plan, saved: Saved | None) -> PlanSheet:
    """What is saved, at the fields that bear its labels today."""
    if saved is None:
        return PlanSheet()
    return PlanSheet(
        values=numbered(plan, saved.fields),
        base_revision=saved.revision,
        former=former(plan, saved.fields),
        saved_on=saved.day,
    )


def numbered(plan: Plan, texts: Mapping[str, str]) -> dict[int, str]:
    """Texts by field number."""
    return {number: texts[label] for number, label in enumerate(plan.labels(), 1) if texts.get(label)}


def former(plan: Plan, texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Texts whose label the Fahrplan no longer has, by label."""
    known = set(plan.labels())
    return tuple(sorted((label, text) for label, text in texts.items() if text and label not in known))
