"""Two changes of one text put together line by line; markers part what both changed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from learn.workshop import differences

HERE = "»»»»» In der Werkstatt steht:"
MIDDLE = "»»»»» In Git steht:"
THERE = "»»»»» Ende der Stelle"
MARKERS = frozenset({HERE, MIDDLE, THERE})


class Marks(NamedTuple):
    """Lines around what both changed: before one's own version, before the other's, behind it."""

    here: str
    there: str
    end: str


MARKS = Marks(HERE, MIDDLE, THERE)


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; `clean` if no line was changed differently on both sides."""

    text: str
    clean: bool


def merged(base: str, here: str, theirs: str, marks: Marks = MARKS) -> Merged:
    """Both changes of `base` in one text; where they meet, both versions stand between marker lines."""
    found: list[str] = []
    clean = True
    for before, mine, other in _regions(base.split("\n"), here.split("\n"), theirs.split("\n")):
        if mine in (before, other):
            found += other
        elif other == before:
            found += mine
        else:
            clean = False
            found += [marks.here, *mine, marks.there, *other, marks.end]
    return Merged("\n".join(found), clean)


def unmerged(text: str) -> int:
    """The first line (from 1) that still is a marker, 0 if none is."""
    lines = enumerate(text.split("\n"), 1)
    return next((number for number, line in lines if line.rstrip() in MARKERS), 0)


Lines = Sequence[str]


def _regions(old: Lines, one: Lines, two: Lines) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The text cut where both versions still hold the same line of `old`, as diff3 does."""
    ones, twos = _kept(old, one), _kept(old, two)
    low = first = second = 0
    for place in [*(place for place in range(len(old)) if place in ones and place in twos), None]:
        high = len(old) if place is None else place
        end_one = len(one) if place is None else ones[place]
        end_two = len(two) if place is None else twos[place]
        if high > low or end_one > first or end_two > second:
            yield list(old[low:high]), list(one[first:end_one]), list(two[second:end_two])
        if place is not None:
            yield [old[place]], [old[place]], [old[place]]
            low, first, second = place + 1, end_one + 1, end_two + 1


def _kept(old: Lines, new: Lines) -> dict[int, int]:
    """Which line of `old` stands where in `new`, in order."""
    equal = (code for code in differences.line_codes(old, new) if code[0] == "equal")
    return {low + step: start + step for _tag, low, high, start, _end in equal for step in range(high - low)}
