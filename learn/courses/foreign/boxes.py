"""Boxes: what callouts, folded texts and tabs of any dialect become, written once for all of them.

Each dialect replaces the lines that open and close a box by markers; `framing` then puts our own form around
what stands between them. A marker that has no partner, or crosses another, turns into its text again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.noting import Notes

Kind = Literal["alert", "details", "quote", "tabs", "tab", "headed", "quiz"]
SIGN = "\x00"  # no text contains it: `converting` replaces it first
SIGNS = frozenset("{:!?")  # with which dialects begin theirs
DEPTH = 8  # boxes within boxes; deeper ones stay text
_MARKER = re.compile(rf"{SIGN}(\d+)([oc])$")
_BECAME = {
    "alert": "einem Kasten",
    "details": "einem Aufklapptext",
    "quote": "einem Zitat",
    "tabs": "Reitern",
    "headed": "Reitern",
    "quiz": "einem Quiz",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A box to be: its words, and how its opening line was written (for notes, and if it stays text)."""

    kind: Kind
    source: str
    sort: str = "NOTE"
    title: str = ""
    label: str = ""
    titled: bool = False  # the first heading inside is its title


@dataclass(frozen=True, slots=True)
class Marker:
    """A line that opens or closes a box; `prefix` is what stands before it, signs of quotes and blanks."""

    number: int
    opens: bool
    prefix: str


@dataclass
class Boxes:
    """All boxes of a text, by number, with their closing lines as written."""

    boxes: list[Box] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)

    def add(self, box: Box, ending: str) -> int:
        self.boxes.append(box)
        self.endings.append(ending)
        return len(self.boxes) - 1

    @staticmethod
    def opening(number: int, prefix: str = "") -> str:
        return f"{prefix}{SIGN}{number}o"

    @staticmethod
    def closing(number: int, prefix: str = "") -> str:
        return f"{prefix}{SIGN}{number}c"

    def marker(self, line: str) -> Marker | None:
        if SIGN not in line:
            return None
        prefix = PREFIX.match(line)
        head = prefix[0] if prefix else ""
        found = _MARKER.match(line, len(head))
        return Marker(int(found[1]), found[2] == "o", head) if found else None

    def text(self, marker: Marker) -> str:
        """The line as its author wrote it, so that it is not taken for a sign again."""
        words = self.boxes[marker.number].source if marker.opens else self.endings[marker.number]
        return marker.prefix + ("\\" if words[:1] in SIGNS else "") + words


def paired(markers: Iterable[Marker | None]) -> set[int]:
    """Numbers of the boxes that open and close without crossing others, at most DEPTH within each other."""
    stack: list[Marker] = []
    inside: set[int] = set()
    good: set[int] = set()
    for marker in markers:
        if marker is None:
            continue
        if marker.opens:
            stack.append(marker)
            inside.add(marker.number)
        elif marker.number in inside:
            opened = stack.pop()
            while opened.number != marker.number:
                inside.discard(opened.number)
                opened = stack.pop()
            inside.discard(marker.number)
            if opened.prefix.count(">") == marker.prefix.count(">") and len(stack) < DEPTH:
                good.add(marker.number)
    return good


def restored(lines: Lines, boxes: Boxes, notes: Notes) -> tuple[Lines, list[Marker | None]]:
    """The lines with markers that lead nowhere as text again, and the marker of each line."""
    markers = [boxes.marker(text) for text in lines.texts]
    good = paired(markers)
    texts = []
    for index, marker in enumerate(markers):
        if marker is None:
            texts.append(lines.texts[index].replace(SIGN, ""))
            continue
        texts.append(lines.texts[index])
        if marker.number not in good:
            texts[-1] = boxes.text(marker)
            notes.stays(lines.numbers[index], texts[-1])
            markers[index] = None
    return Lines(texts, lines.numbers), markers


def became(box: Box) -> str:
    """How a note names the new form."""
    return _BECAME.get(box.kind, "")
