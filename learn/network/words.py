"""What a town's name contains: endings of its words, so that an index finds the middle of a word too."""

import re

from learn.core.folding import fold

SHORTEST = 2  # letters of an ending that is kept
MOST = 5  # words of a search that count
WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """The folded words of a text, in order: „Eslohe (Sauerland)“ as `eslohe`, `sauerland`."""
    return WORD.findall(fold(text))


def endings(name: str, ags: str) -> set[str]:
    """What a search may begin with to find this town: every ending of every word, and its key.

    „Olpe“ gives `olpe`, `lpe`, `pe`: a text is contained in a word when it begins one of its endings.
    """
    found = {word[start:] for word in words(name) for start in range(max(1, len(word) - SHORTEST + 1))}
    return {*found, ags}


def wanted(text: str) -> tuple[str, ...]:
    """The words somebody searches for, each once."""
    return tuple(dict.fromkeys(words(text)))[:MOST]
