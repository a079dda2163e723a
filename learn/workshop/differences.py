"""What became of a text, word by word within the lines that differ. Pure; hostile texts cost no more."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["gleich", "weg", "neu"]
Pieces = tuple[tuple[Kind, str], ...]
Codes = list[tuple[str, int, int, int, int]]
WORD = re.compile(r"\S+|\s+")
LINES = 25_000_000  # product of two numbers of lines that are still compared one by one
WORDS = 1_000_000  # the same of words
CONTEXT = 2  # lines around a place that differs


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place that differs, with some lines around it; `line` is its first one in the new text."""

    line: int
    pieces: Pieces


def pieces(old: str, new: str) -> Pieces:
    """The whole text with what is gone and what is new."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return _joined(_pieces(before, after, line_codes(before, after)))


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """The places that differ, in order."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    groups = _groups(line_codes(before, after))
    return tuple(Hunk(group[0][3] + 1, _joined(_pieces(before, after, group))) for group in groups)


def line_codes(old: Sequence[str], new: Sequence[str]) -> Codes:
    """What to do to `old` to get `new`, as difflib says it; in too large a field all is replaced."""
    return _codes(old, new, LINES)


def _codes(old: Sequence[str], new: Sequence[str], most: int) -> Codes:
    """What both begin and end with is left out of the comparison, which then costs at most so much."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    ends = len(old) - tail, len(new) - tail
    middle: Codes = []
    if (ends[0] - head) * (ends[1] - head) > most:
        middle = [("replace", head, ends[0], head, ends[1])]
    else:
        matcher = difflib.SequenceMatcher(None, old[head : ends[0]], new[head : ends[1]])
        for tag, low, high, start, end in matcher.get_opcodes():
            middle.append((tag, low + head, high + head, start + head, end + head))
    first: Codes = [("equal", 0, head, 0, head)] if head else []
    last: Codes = [("equal", ends[0], len(old), ends[1], len(new))] if tail else []
    return first + middle + last


def _pieces(before: Sequence[str], after: Sequence[str], codes: Codes) -> Iterator[tuple[Kind, str]]:
    for tag, low, high, start, end in codes:
        gone, fresh = "".join(before[low:high]), "".join(after[start:end])
        if tag == "equal":
            yield "gleich", gone
        else:
            yield from _words(gone, fresh)


def _words(gone: str, fresh: str) -> Iterator[tuple[Kind, str]]:
    """Word by word; blanks between two words that both changed belong to the change."""
    old, new = WORD.findall(gone), WORD.findall(fresh)
    codes = _codes(old, new, WORDS)
    weg = neu = ""
    for place, (tag, low, high, start, end) in enumerate(codes):
        kept = "".join(old[low:high])
        inside = 0 < place < len(codes) - 1 and not kept.strip()
        if tag == "equal" and not inside:
            yield from (("weg", weg), ("neu", neu), ("gleich", kept))
            weg = neu = ""
        else:
            weg, neu = weg + kept, neu + "".join(new[start:end])
    yield from (("weg", weg), ("neu", neu))


def _joined(found: Iterator[tuple[Kind, str]]) -> Pieces:
    """Neighbours of one kind as one piece, without empty ones."""
    joined: list[tuple[Kind, str]] = []
    for kind, text in found:
        if joined and joined[-1][0] == kind:
            joined[-1] = kind, joined[-1][1] + text
        elif text:
            joined.append((kind, text))
    return tuple(joined)


def _groups(codes: Codes) -> Iterator[Codes]:
    """The codes parted where more than the context is equal, as difflib groups them."""
    group: Codes = []
    for tag, low, high, start, end in codes:
        if tag != "equal":
            group.append((tag, low, high, start, end))
            continue
        if group and high - low > 2 * CONTEXT:
            yield [*group, (tag, low, low + CONTEXT, start, start + CONTEXT)]
            group = []
        kept = min(high - low, CONTEXT) if not group else high - low
        group.append((tag, high - kept, high, end - kept, end))
    if any(code[0] != "equal" for code in group):
        yield _shortened(group)


def _shortened(group: Codes) -> Codes:
    """The last group ends with its context."""
    tag, low, high, start, _end = group[-1]
    if tag == "equal" and high - low > CONTEXT:
        group = [*group[:-1], (tag, low, low + CONTEXT, start, start + CONTEXT)]
    return group
