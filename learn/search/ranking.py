"""From postings to a ranked list of groups: what each concept matches, both lists joined, weak ones dropped.

Pure. Reciprocal rank (k = 60) joins list A (stems, parts, synonyms) and list B (what looks alike).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from learn.search import lookup
from learn.search.asked import Alternative, Concept
from learn.search.lookup import doc_of, weight_of

K = 60
TIMES = (0.0, 1.0, 1.5, 2.5)  # how much a hit counts in the text, in a title, as a title
Match = tuple[float, int, float]
NO_MATCH = (0.0, 0, 0.0)
Postings = Mapping[tuple[str, str], Sequence[int]]


@dataclass(slots=True)
class Matched:
    """What a concept matches, by group: how well, in which document, how much of it; in list A and list B."""

    sure: dict[int, Match] = field(default_factory=dict)
    near: dict[int, Match] = field(default_factory=dict)
    cut: bool = False  # there are more than the newest 500
    weight: float = 1.0  # rare words tell more

    def share(self, top: int) -> float:
        """How much of the concept a group answers."""
        return max(self.sure.get(top, NO_MATCH)[2], self.near.get(top, NO_MATCH)[2])

    def groups(self) -> set[int]:
        """Every group it matches."""
        return self.sure.keys() | self.near.keys()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A group with its place, the document whose text shows why, and how much of the query it answers."""

    top: int
    doc: int
    score: float
    covered: float


def best(postings: Postings) -> dict[str, dict[int, int]]:
    """By term: each group's best posting, titles before texts, then the newest."""
    found: dict[str, dict[int, int]] = {}
    for (term, _part), numbers in postings.items():
        mine = found.setdefault(term, {})
        for packed in reversed(numbers):
            top = (packed >> 2) & 0xFFFFFFFF
            if packed & 3 >= mine.get(top, 0) & 3:
                mine[top] = packed
    return found


def matched(
    concept: Concept, by_term: Mapping[str, Mapping[int, int]], full: set[str], number: int
) -> Matched:
    """What a concept matches; `full` are terms whose lists were cut, `number` all documents."""
    found = Matched()
    for alternative in concept.alternatives:
        goal = found.near if alternative.near else found.sure
        for top, packed in _together(alternative, by_term):
            value = alternative.quality * TIMES[weight_of(packed)]
            if value > goal.get(top, NO_MATCH)[0]:
                goal[top] = (value, doc_of(packed), alternative.share)
    found.cut = any(term in full for term in concept.alternatives[0].terms)
    found.weight = _weight(found, number)
    return found


def _together(
    alternative: Alternative, by_term: Mapping[str, Mapping[int, int]]
) -> Iterable[tuple[int, int]]:
    lists = sorted((by_term.get(term, {}) for term in alternative.terms), key=len)
    for top, packed in lists[0].items():
        others = [each.get(top) for each in lists[1:]]
        if all(each is not None for each in others):
            yield top, min((packed, *(each for each in others if each is not None)), key=weight_of)


def _weight(found: Matched, number: int) -> float:
    """As usual, the logarithm of how rare it is; of a cut list the span of the newest tells."""
    groups = found.groups()
    size: float = sum(found.share(top) == 1.0 for top in groups) or len(groups)
    if found.cut and groups:
        span = max(1, number - min(groups))
        size = max(size, size * number / span)
    return math.log(1 + (number + 1) / (size + 1)) if groups else 0.0


def ranked(concepts: Sequence[Matched], *, least: float) -> list[Ranked]:
    """The groups in order. `least`: the share of the query that must be answered."""
    weights = _weights(concepts)
    total = sum(weights) or 1.0
    sure = _scores([each.sure for each in concepts], weights)
    near = _scores([each.near for each in concepts], weights)
    covered = {
        top: sum(weight * each.share(top) for each, weight in zip(concepts, weights, strict=True)) / total
        for top in sure.keys() | near.keys()
    }
    bar = _bar(covered.values(), len(concepts), least)
    fused: dict[int, float] = {}
    for scores in (sure, near):
        kept = [top for top in scores if covered[top] >= bar]
        kept.sort(key=lambda top: (covered[top], scores[top], top), reverse=True)
        for place, top in enumerate(kept, 1):
            fused[top] = fused.get(top, 0.0) + 1 / (K + place)
    found = [
        Ranked(top, _document(concepts, top), round(score, 6), round(covered[top], 4))
        for top, score in fused.items()
    ]
    return sorted(found, key=order)


def order(entry: Ranked) -> tuple[float, float, int]:
    """Groups that answer more come first, then by rank, then the newest."""
    return (-entry.covered, -entry.score, -entry.top)


def _weights(concepts: Sequence[Matched]) -> list[float]:
    """A word that is nowhere counts a quarter of the average: it must not hide what the others find."""
    found = [each.weight for each in concepts if each.groups()]
    unknown = sum(found) / len(found) / 4 if found else 1.0
    return [each.weight if each.groups() else unknown for each in concepts]


def _bar(covered: Iterable[float], number: int, least: float) -> float:
    top = max(covered, default=0.0)
    if number <= 2:
        return max(top - 0.001, least)
    return max(top * 0.8, least)


def _scores(lists: Sequence[Mapping[int, Match]], weights: Sequence[float]) -> dict[int, float]:
    found: dict[int, float] = {}
    for values, weight in zip(lists, weights, strict=True):
        for top, (value, _doc, _share) in values.items():
            found[top] = found.get(top, 0.0) + value * weight
    return found


def _document(concepts: Sequence[Matched], top: int) -> int:
    """The document of a group that answers most of the query; where several do, the first of them."""
    counts: dict[int, float] = {}
    for each in concepts:
        found = each.sure.get(top) or each.near.get(top)
        if found:
            counts[found[1]] = counts.get(found[1], 0.0) + each.weight
    return max(counts, key=lambda doc: (counts[doc], -doc), default=top)


def cut(postings: Postings) -> set[str]:
    """Terms of which there are more than the newest 500."""
    return {term for (term, _part), numbers in postings.items() if len(numbers) >= lookup.NEWEST}
