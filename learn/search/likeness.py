"""Words that look like one that was asked for: it begins or stands inside them, or it is misspelt. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from learn.search import words

FREQUENT = "enirstadhulcgmobwfkzpvjyxq"  # letters of German, the most frequent first
PREFIXES = frozenset(
    {"ab", "an", "auf", "aus", "be", "bei", "dar", "durch", "ein", "ent", "er", "fest", "fort", "ge", "her"}
    | {"hin", "los", "mit", "nach", "ueber", "um", "un", "unter", "ver", "vor", "weg", "wider", "zer", "zu"}
    | {"zurueck", "zusammen", "beein", "verun", "veran", "beauf", "vorbe", "bewirt"}
)
SHORTEST_BEGINNING, SHORTEST_INSIDE = 5, 6
MOST_NEAR, MOST_SIMILAR = 12, 4


def telling(word: str, number: int) -> list[str]:
    """The rarest of its trigrams, judged by their letters: their lists are short."""
    found = words.grams(word)
    return sorted(found, key=lambda gram: (-sum(FREQUENT.find(char) % 30 for char in gram), gram))[:number]


def beginning(word: str, candidates: Iterable[str]) -> list[str]:
    """Words that begin with this one, the shortest first."""
    found = {each for each in candidates if each.startswith(word) and each != word}
    return sorted(found, key=lambda each: (len(each), each))[:MOST_NEAR]


def inside(word: str, candidates: Iterable[str]) -> list[str]:
    """Words that contain it, but not those that are another verb: `anleitung` is not about a `leitung`."""
    spelt = words.spellings(word)
    found = {
        each
        for each in candidates
        for one in words.spellings(each)
        for mine in spelt
        if one.find(mine) > 0 and one[: one.find(mine)] not in PREFIXES and one.find(mine) > 2
    }
    return sorted(found, key=lambda each: (len(each), each))[:MOST_NEAR]


def similar(word: str, sharing: Mapping[str, Sequence[str]]) -> list[str]:
    """Words it may be a misspelling of, the nearest first; `sharing` lists words by trigram."""
    counts = Counter(each for gram in words.grams(word) for each in sharing.get(gram, ()))
    allowed = tolerance(word)
    near: list[tuple[int, int, str]] = []
    for each, shared in counts.most_common(120):
        if abs(len(each) - len(word)) <= allowed + 2:
            away = min(
                distance(mine, one, allowed)
                for mine in words.spellings(word)
                for one in words.spellings(each)
            )
            if away <= allowed and each != word:
                near.append((away, -shared, each))
    closest = min((away for away, _shared, _each in near), default=0)
    return [each for away, _shared, each in sorted(near) if away <= closest][:MOST_SIMILAR]


def tolerance(word: str) -> int:
    """So many letters may be wrong."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2 if len(word) < 16 else 3


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with their neighbour; `most` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, char in enumerate(one, 1):
        older, before, row = before, row, [place]
        for column, letter in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (char != letter))
            if column > 1 and place > 1 and char == other[column - 2] and one[place - 2] == letter:
                cost = min(cost, older[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
