"""From postings to a ranked list of groups: what each concept matches, both lists joined, weak ones dropped.

Pure. Reciprocal rank (k = 60) joins list A (stems, parts, synonyms) and list B (what looks alike).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from learn.search import lookup
from learn.search.asked import Alternative, Concept
from learn.search.lookup import weight_of

K = 60
TIMES = (0.0, 1.0, 1.5, 2.5)  # how much a hit counts in the text, in a title, as a title
Match = tuple[float, int, float]
Place = tuple[float, float, int]  # covered, rank, group, all negative: they sort as they are shown
NO_MATCH = (0.0, 0, 0.0)
Postings = Mapping[tuple[str, str], Sequence[int]]


@dataclass(slots=True)
class Matched:
    """What a concept matches, by group: how well, in which document, how much of it; in list A and list B."""

    sure: dict[int, Match] = field(default_factory=dict)
    near: dict[int, Match] = field(default_factory=dict)
    cut: bool = False  # there are more than the newest 500
    weight: float = 1.0  # rare words tell more

    def shares(self) -> dict[int, float]:
        """How much of the concept each group answers."""
        found = {top: match[2] for top, match in self.near.items()}
        found.update((top, match[2]) for top, match in self.sure.items() if match[2] >= found.get(top, 0.0))
        return found

    def whole(self) -> list[int]:
        """Groups that answer all of it."""
        return [top for top, share in self.shares().items() if share == 1.0]

    def groups(self) -> set[int]:
        """Every group it matches."""
        return self.sure.keys() | self.near.keys()


def best(postings: Postings, looked_up: Postings) -> dict[str, dict[int, int]]:
    """By term: each group's best posting among the newest 500: as a title, in a title, then the newest.

    `looked_up` are older ones that were asked for one by one.
    """
    lists: dict[str, list[int]] = {}
    for (term, part), numbers in postings.items():
        key = f"{term} {part[0]}"  # questions must not push lessons and terms out
        lists[key] = [*lists[key], *numbers] if key in lists else list(numbers)
    found: dict[str, dict[int, int]] = {}
    for key, numbers in lists.items():
        numbers.sort()
        newest = numbers[-lookup.NEWEST :]
        mine = found.setdefault(key[: key.rindex(" ")], {})
        mine |= {(packed >> 2) & 0xFFFFFFFF: packed for packed in newest}
        for weight in (2, 3):
            mine |= {(packed >> 2) & 0xFFFFFFFF: packed for packed in newest if packed & 3 == weight}
    for (term, _part), numbers in looked_up.items():
        mine = found.setdefault(term, {})
        found[term] = {(packed >> 2) & 0xFFFFFFFF: packed for packed in numbers} | mine
    return found


def matched(
    concept: Concept, by_term: Mapping[str, Mapping[int, int]], full: set[str], number: int
) -> Matched:
    """What a concept matches; `full` are terms whose lists were cut, `number` all documents."""
    found = Matched()
    for alternative in concept.alternatives:
        goal = found.near if alternative.near else found.sure
        values = [alternative.quality * times for times in TIMES]
        share = alternative.share
        fresh = {
            top: (values[packed & 3], packed >> 34, share)
            for top, packed in _together(alternative, by_term).items()
        }
        if goal:
            fresh = {top: match for top, match in fresh.items() if match[0] > goal.get(top, NO_MATCH)[0]}
        goal.update(fresh)
    found.cut = any(term in full for term in concept.alternatives[0].terms)
    found.weight = _weight(found, number)
    return found


def _together(alternative: Alternative, by_term: Mapping[str, Mapping[int, int]]) -> Mapping[int, int]:
    """Groups that have all terms, with the posting that counts least."""
    lists = sorted((by_term.get(term, {}) for term in alternative.terms), key=len)
    found = lists[0]
    for other in lists[1:]:
        found = {top: min(found[top], other[top], key=weight_of) for top in found.keys() & other.keys()}
    return found


def _weight(found: Matched, number: int) -> float:
    """As usual, the logarithm of how rare it is; of a cut list the span of the newest tells."""
    groups = found.groups()
    size: float = len(found.whole()) or len(groups)
    if found.cut and groups:
        span = max(1, number - min(groups))
        size = max(size, size * number / span)
    return math.log(1 + (number + 1) / (size + 1)) if groups else 0.0


def ranked(concepts: Sequence[Matched], *, least: float) -> list[Place]:
    """The groups in order: those that answer more first, then by rank, then the newest.

    `least`: the share of the query that must be answered.
    """
    weights = _weights(concepts)
    total = sum(weights) or 1.0
    sure = _scores([each.sure for each in concepts], weights)
    near = _scores([each.near for each in concepts], weights)
    covered: dict[int, float] = {}
    for each, weight in zip(concepts, weights, strict=True):
        for top, share in each.shares().items():
            covered[top] = covered.get(top, 0.0) + weight * share / total
    bar = _bar(covered.values(), len(concepts), least)
    fused: dict[int, float] = {}
    for scores in (sure, near):
        kept = sorted(
            ((round(covered[top], 4), score, top) for top, score in scores.items() if covered[top] >= bar),
            reverse=True,
        )
        for place, (_covered, _score, top) in enumerate(kept, 1):
            fused[top] = fused.get(top, 0.0) + 1 / (K + place)
    return sorted((-round(covered[top], 4), -round(score, 6), -top) for top, score in fused.items())


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


def document(concepts: Sequence[Matched], top: int) -> int:
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
