"""A foreign text in our dialect: which conversions its kind needs, in order."""

from learn.courses.foreign import attributes, carpentries, divs, kramdown
from learn.courses.foreign.boxes import SIGN, Boxes
from learn.courses.foreign.framing import framed
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.model import Converted, Foreign
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.scanning import heading


def convert(text: Foreign) -> Converted:
    """The text in our dialect; every visible word stays, in order. Raises on no input."""
    notes, boxes = Notes(), Boxes()
    lines = Lines.of(text.body.replace(SIGN, "\N{REPLACEMENT CHARACTER}"), text.line)
    goals: tuple[str, ...] = ()
    minutes = 0
    if text.kind == "carpentries":
        minutes = carpentries.minutes(text.front)
        found = carpentries.goals(lines, text.front, notes)
        goals = found.goals
        lines = carpentries.lists(carpentries.chunks(found.lines), text.front, goals)
        lines = attributes.links(lines)
        lines = kramdown.boxed(lines, boxes)
    lines = attributes.pictures(lines, notes)
    lines = divs.boxed(lines, boxes, notes)
    lines = framed(lines, boxes, notes)
    title = _title(lines)
    return Converted(body=lines.joined, title=title, goals=goals, minutes=minutes, faults=notes.faults())


def _title(lines: Lines) -> str:
    """The first heading's words, as they stand."""
    for index, text in enumerate(lines.texts):
        found = None if lines.scan.hidden[index] else heading(text.strip())
        if found and found[1]:
            return found[1]
    return ""
