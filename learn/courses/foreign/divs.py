"""Fenced divs: `:::` of the Carpentries, of Pandoc and Quarto, and of Docusaurus, become boxes."""

import re
from dataclasses import dataclass

from learn.courses.foreign.boxes import Box, Boxes, Kind
from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.sorts import FOLDED, sort_of

_FENCE = re.compile(r":{3,}+[ \t]*+")
_NAME = re.compile(r"\.?([A-Za-z][\w-]*)")
_CLASS = re.compile(r"(?:^|[\s}])\.([A-Za-z][\w-]*)")
_TITLE = re.compile(r"\[([^\]]{0,300})\]|(?:^|\s)title=(?:\"([^\"]{0,300})\"|'([^']{0,300})')")
# The Carpentries' own: form, sort, and the word that names it for learners
_CARPENTRIES: dict[str, tuple[Kind, str, str]] = {
    "callout": ("alert", "NOTE", ""),
    "challenge": ("alert", "NOTE", "Challenge"),
    "prereq": ("alert", "IMPORTANT", "Prerequisites"),
    "prerequisite": ("alert", "IMPORTANT", "Prerequisites"),
    "checklist": ("alert", "TIP", "Checklist"),
    "discussion": ("alert", "NOTE", "Discussion"),
    "testimonial": ("quote", "NOTE", ""),
    "objectives": ("alert", "NOTE", "Objectives"),
    "questions": ("alert", "NOTE", "Questions"),
    "keypoints": ("alert", "IMPORTANT", "Keypoints"),
    "solution": ("details", "", "Solution"),
    "hint": ("details", "", "Hint"),
    "instructor": ("details", "", "Instructor"),
    "spoiler": ("details", "", "Spoiler"),
    "group-tab": ("headed", "", ""),
    "tab": ("headed", "", ""),
    "panel-tabset": ("headed", "", ""),
    "tabset": ("headed", "", ""),
}
_BLOCKS = frozenset(_CARPENTRIES) | {"caution"}


@dataclass(frozen=True, slots=True)
class Div:
    """A line of colons: what stands behind them, empty at an end."""

    name: str
    rest: str
    prefix: str
    source: str


def div(line: str) -> Div | None:
    """The fence of a div that this line is, if any."""
    if ":::" not in line:
        return None
    found = PREFIX.match(line)
    prefix = found[0] if found else ""
    fence = _FENCE.match(line, len(prefix))
    if not fence:
        return None
    words = line[fence.end() :].rstrip().rstrip(":").rstrip()
    if words.startswith("{"):
        inner = words.strip("{} \t")
        known = _CLASS.search(inner)
        return Div(known[1].casefold() if known else "?", inner, prefix, line[len(prefix) :])
    name = _NAME.match(words)
    if words and not name:
        return None
    rest = words[name.end() :] if name else ""
    return Div(name[1].casefold() if name else "", rest.strip(), prefix, line[len(prefix) :])


def box_of(opening: Div) -> Box | None:
    """What a div of this name becomes; None if the name says nothing."""
    title = _title(opening.rest)
    if opening.name in _CARPENTRIES:
        form, sort, label = _CARPENTRIES[opening.name]
        return Box(form, opening.source, sort, title, label, titled=form != "headed")
    if opening.name in FOLDED:
        return Box("details", opening.source, title=title, titled=True)
    sort = sort_of(opening.name)
    if not sort:
        return None
    kind: Kind = "details" if re.search(r"collapse=[\"']?true", opening.rest) else "alert"
    label = "" if opening.name in _BLOCKS or "-" in opening.name else opening.name.capitalize()
    return Box(kind, opening.source, sort, title, label, titled=True)


def _title(rest: str) -> str:
    """`[Title]`, `title="Title"`, or the plain words behind the name."""
    found = _TITLE.search(rest)
    if found:
        return (found[1] or found[2] or found[3] or "").strip()
    return "" if re.search(r"[={}#.]|^\[", rest) else rest


def boxed(lines: Lines, boxes: Boxes, notes: Notes) -> Lines:
    """With markers in place of the divs we know; all others stay as text."""
    if ":::" not in lines.joined:
        return lines
    texts = list(lines.texts)
    stack: list[tuple[int, Div]] = []
    for index, text in enumerate(texts):
        found = None if lines.scan.hidden[index] else div(text)
        if found is None:
            continue
        if found.name:
            stack.append((index, found))
        elif not stack:
            notes.stays(lines.numbers[index], found.source)
        else:
            begin, opening = stack.pop()
            _mark(texts, lines, begin, index, opening, found, boxes, notes)
    for index, opening in stack:
        notes.stays(lines.numbers[index], opening.source)
    return lines.changed(texts)


def _mark(
    texts: list[str],
    lines: Lines,
    begin: int,
    end: int,
    opening: Div,
    closing: Div,
    boxes: Boxes,
    notes: Notes,
) -> None:
    box = box_of(opening)
    if box is None:
        notes.stays(lines.numbers[begin], opening.source)
        return
    number = boxes.add(box, closing.source)
    texts[begin] = boxes.opening(number, opening.prefix)
    texts[end] = boxes.closing(number, closing.prefix)
