"""Mending one wrong letter in a German word or in one part of a compound, by our own words. Pure."""

from collections.abc import Iterator
from functools import lru_cache

from learn.search import likeness, words
from learn.search.german import WHOLE

SHORTEST, LONGEST = 5, 32  # letters of a part that may be mended, and of the whole word
MOST = 4


def mended(word: str) -> list[str]:
    """What a folded word may be meant to be, each spelling one letter away, the likeliest first.

    Nothing for a word that is right, whether or not a text has it.
    """
    if len(word) > LONGEST or words.is_compound_end(word, shortest=4):
        return []
    found = dict(sorted(_mended(word), key=lambda pair: pair[1]))
    return [each for each in found if each != word][:MOST]


def _mended(word: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for start in range(len(word) - SHORTEST + 1):
        if start and not words.is_compound_start(word[:start]):
            continue
        for end in range(start + SHORTEST, len(word) + 1):
            if end < len(word) and not words.is_compound_end(word[end:]):
                continue
            for right in _near(word[start:end]):
                place = (0 if start == 0 else 1) + (0 if end == len(word) else 1)
                yield word[:start] + right + word[end:], (place, -len(right))


def _near(piece: str) -> list[str]:
    """Our own words one letter away, with an ending or the letters that join them to the next part."""
    return [
        right + ending
        for ending in words.FUGEN
        if piece.endswith(ending)
        for bare in (piece.removesuffix(ending),)
        if len(bare) >= SHORTEST
        for right in {each for key in (bare, *_shorter(bare)) for each in _by_shorter().get(key, ())}
        if likeness.distance(bare, right, 1) == 1
    ]


@lru_cache(maxsize=1)
def _by_shorter() -> dict[str, list[str]]:
    """Our own words by themselves and by what is left of them without one letter."""
    found: dict[str, list[str]] = {}
    for word in WHOLE:
        if len(word) >= SHORTEST:
            for key in {word, *_shorter(word)}:
                found.setdefault(key, []).append(word)
    return found


def _shorter(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}
