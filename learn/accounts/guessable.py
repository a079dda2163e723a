"""Passwords that are guessed first: common ones, keyboard rows, years, one's own name, and little besides.

Common words come from the lists of zxcvbn, not its estimator: that one knows neither German words nor „2024“
as a year (it calls „Sommer2024!“ hard to guess), and takes a second for 72 hostile characters.

The lists are read at each check and let go: 7 ms, against 40 ms for the hash that follows. Importing the
package would keep 14 MB in every process that ever saw a new password; most never do.
"""

import importlib.util
import re
from collections.abc import Collection, Iterator
from pathlib import Path

SHORTEST, LONGEST = 4, 20  # letters of a common word
LEFT = 5  # so many different signs must stay when everything known is taken away
# Words that suggest themselves on a platform for towns (ASVS 6.2.11); the lists are not about German offices.
SETTING = ("willkommen", "kommune", "verwaltung", "buergermeister", "digitalisierung", "lernplattform")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertzuiop",
    "qwertyuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
)
RUNS = (*ROWS, *(row[::-1] for row in ROWS))
DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|(?:19|20)\d{2}")
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
DISGUISED = re.compile(r"(?:^|(?<=[a-z]))[430157$!@]{1,2}(?=[a-z])")
LETTERS = str.maketrans("430157$!@", "aeoistsia")


def guessable(password: str, context: Collection[str]) -> tuple[bool, bool]:
    """Whether it is easily guessed by anybody, and by those who know the texts of `context`.

    Nothing but one known word, runs, repetitions and years counts as easy; several words do not.
    """
    plain = password.casefold().translate(SPELLED)
    variants = {plain, plain[::-1], DISGUISED.sub(lambda found: found[0].translate(LETTERS), plain)}
    words = common({piece for variant in variants for piece in pieces(variant)})
    own = [*SETTING, *re.findall(r"[a-z]{3,}", " ".join(context).casefold().translate(SPELLED))]
    anybody = any(easy(variant, words, SETTING) for variant in variants)
    return anybody, anybody or any(easy(variant, words, own) for variant in variants)


def pieces(text: str) -> Iterator[str]:
    """Every piece that could be a common word."""
    for start in range(len(text) - SHORTEST + 1):
        for end in range(start + SHORTEST, min(start + LONGEST, len(text)) + 1):
            yield text[start:end]


def common(candidates: Collection[str]) -> set[str]:
    """Those of the candidates that stand in a list of zxcvbn."""
    package = importlib.util.find_spec("zxcvbn")
    assert package is not None
    assert package.submodule_search_locations is not None
    path = Path(package.submodule_search_locations[0]) / "frequency_lists.py"
    spec = importlib.util.spec_from_file_location("frequency_lists", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)  # its package would be imported with it otherwise
    spec.loader.exec_module(module)
    wanted = set(candidates)
    return {word for words in module.FREQUENCY_LISTS.values() for word in wanted.intersection(words)}


def easy(text: str, words: Collection[str], own: Collection[str]) -> bool:
    """Whether next to nothing stays when own words, runs, years and one common word are taken away."""
    position, known, left = 0, 0, set()
    while position < len(text):
        free = max(longest(text, position, own), run(text, position), day(text, position))
        word = word_at(text, position, words)
        if max(free, word) == 0:
            left.add(text[position])
        known += word > free
        position += max(free, word, 1)
    return known <= 1 and len(left) < LEFT


def longest(text: str, position: int, words: Collection[str]) -> int:
    """Length of the longest of these words that begins here."""
    return max((len(word) for word in words if text.startswith(word, position)), default=0)


def word_at(text: str, position: int, words: Collection[str]) -> int:
    """Length of the longest common word that begins here."""
    for length in range(min(LONGEST, len(text) - position), SHORTEST - 1, -1):
        if text[position : position + length] in words:
            return length
    return 0


def run(text: str, position: int) -> int:
    """Length of the same sign again, or of neighbours in a row; three at least."""
    same = re.compile(r"(.)\1{2,}", re.DOTALL).match(text, position)
    found = len(same[0]) if same else 0
    for row in RUNS:
        length = 3
        while len(piece := text[position : position + length]) == length and piece in row:
            found, length = max(found, length), length + 1
    return found


def day(text: str, position: int) -> int:
    """Length of a year or day that begins here."""
    found = DAY.match(text, position)
    return len(found[0]) if found else 0
