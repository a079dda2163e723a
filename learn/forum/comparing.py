"""Two states of a text, paragraph by paragraph; merging what two people changed at once. Pure."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

BETWEEN = re.compile(r"\n[ \t]*\n[ \t\n]*")
Kind = Literal["gleich", "entfallen", "neu"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A place where both changed something: its paragraphs in both texts, either may be empty."""

    mine: str
    theirs: str

    @property
    def same(self) -> bool:
        return self.mine == self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome of a merge: `text` where different paragraphs were changed, else None.

    `pairs` are both versions from beginning to end, place by place.
    """

    text: str | None
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Some paragraphs of the history: equal, taken away or new."""

    kind: Kind
    text: str


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; fenced code counts as one, whatever stands in it."""
    found: list[str] = []
    fence = ""
    for piece in BETWEEN.split(text.strip("\n")):
        if fence and found:
            found[-1] = f"{found[-1]}\n\n{piece}"
        else:
            found.append(piece)
        fence = _fence(piece, fence)
    return [piece for piece in found if piece.strip()]


def merged(base: str, mine: str, theirs: str) -> Merge:
    """Both changes in one text, if they touched different paragraphs of `base`."""
    old, first, second = paragraphs(base), paragraphs(mine), paragraphs(theirs)
    pairs: list[Pair] = []
    whole: list[str] = []
    clash = False
    for low, high, one, two in _regions(old, first, second):
        before = old[low:high]
        pairs.append(Pair("\n\n".join(one), "\n\n".join(two)))
        if one in (before, two):
            whole.extend(two)
        elif two == before:
            whole.extend(one)
        else:
            clash = True
    return Merge(None if clash else "\n\n".join(whole), tuple(pairs))


def differences(old: str, new: str) -> tuple[Difference, ...]:
    """What became of a text, paragraph by paragraph."""
    before, after = paragraphs(old), paragraphs(new)
    found: list[Difference] = []
    for tag, low, high, start, end in _matcher(before, after).get_opcodes():
        if tag == "equal":
            found.append(Difference("gleich", "\n\n".join(before[low:high])))
            continue
        if high > low:
            found.append(Difference("entfallen", "\n\n".join(before[low:high])))
        if end > start:
            found.append(Difference("neu", "\n\n".join(after[start:end])))
    return tuple(found)


Region = tuple[int, int, list[str], list[str]]


def _regions(old: list[str], first: list[str], second: list[str]) -> list[Region]:
    """The text cut where both versions still hold the same paragraph of `old`, as diff3 does.

    Each region is a range of `old` and what stands there in either version.
    """
    ones, twos = _kept(old, first), _kept(old, second)
    regions: list[Region] = []
    low = one = two = 0
    for index in [*(place for place in range(len(old)) if place in ones and place in twos), None]:
        high = len(old) if index is None else index
        end_one = len(first) if index is None else ones[index]
        end_two = len(second) if index is None else twos[index]
        if high > low or end_one > one or end_two > two:
            regions.append((low, high, first[one:end_one], second[two:end_two]))
        if index is not None:
            regions.append((index, index + 1, [first[end_one]], [second[end_two]]))
            low, one, two = index + 1, end_one + 1, end_two + 1
    return regions


def _kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which paragraph of `old` stands where in `new`, in order."""
    blocks = _matcher(old, new).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _matcher(old: Sequence[str], new: Sequence[str]) -> difflib.SequenceMatcher[str]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False)


def _fence(piece: str, fence: str) -> str:
    """The fence that is open after a piece, empty if none is."""
    for line in piece.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif fence and mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return fence
