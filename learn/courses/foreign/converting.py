"""A foreign text in our dialect: which conversions its kind needs, in order."""

import re

from learn.courses.foreign import (
    admonitions,
    attributes,
    carpentries,
    divs,
    guarding,
    kramdown,
    liascript,
    liquid,
    quizdown,
    rawhtml,
)
from learn.courses.foreign.boxes import SIGN, Boxes
from learn.courses.foreign.framing import framed
from learn.courses.foreign.hugo import Hugo
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.model import Converted, Foreign
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.scanning import heading

_VALUE = re.compile(r"\[([^\[\]]*)\]\(var:[^()]*\)")


def convert(text: Foreign) -> Converted:
    """The text in our dialect; every visible word stays, in order. Raises on no input."""
    notes, boxes = Notes(), Boxes()
    lines = Lines.of(text.body.replace(SIGN, "\N{REPLACEMENT CHARACTER}"), text.line)
    lines = admonitions.fenced(admonitions.indented(guarding.guarded(lines), boxes), boxes)
    goals: tuple[str, ...] = ()
    if text.kind == "carpentries":
        found = carpentries.goals(lines, text.front, notes)
        goals = found.goals
        lines = carpentries.lists(carpentries.chunks(found.lines), text.front, goals)
        lines = attributes.links(attributes.pictures(lines, notes))
        lines = kramdown.boxed(lines, boxes)
    hugo = Hugo(lines, boxes, notes, text.front, text.site)
    lines = liquid.targets(hugo.converted(), notes)
    lines = _boxed(attributes.pictures(lines, notes), boxes, notes)
    lines = quizdown.quizzes(lines, boxes, notes)
    lines = framed(lines, boxes, notes)
    rawhtml.left(lines, notes)
    lines = rawhtml.replaced(lines, notes)
    lines = liascript.left(lines, notes) if text.kind == "liascript" else lines
    lines = liquid.left(lines, notes)
    return Converted(
        body=lines.joined,
        title=_title(lines),
        goals=goals,
        minutes=carpentries.minutes(text.front) if text.kind == "carpentries" else 0,
        values=hugo.values,
        faults=notes.faults(),
        lines=tuple(lines.numbers),
    )


def _boxed(lines: Lines, boxes: Boxes, notes: Notes) -> Lines:
    """With markers in place of divs, and fences in place of Liquid's code."""
    lines = liquid.highlighted(lines, notes)
    return divs.boxed(lines, boxes, notes)


def _title(lines: Lines) -> str:
    """The first heading's words, as they stand."""
    for index, text in enumerate(lines.texts):
        found = heading(text.strip()) if "#" in text and not lines.scan.hidden[index] else None
        if found and found[1]:
            return _VALUE.sub(r"\1", found[1])
    return ""
