"""Our own German words: parts of compounds, words that stay whole, stems that belong together, stop words."""

import re
from collections.abc import Iterator
from pathlib import Path

from learn.core.folding import fold
from learn.search.stems import base

COMMAS = re.compile(r"[:,] ")


def _sections() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            rows = found.setdefault(line.strip("[]"), [])
        elif line:
            rows.append([fold(word) for word in (line.split() if ":" not in line else COMMAS.split(line))])
    return found


def _words(rows: list[list[str]]) -> Iterator[str]:
    for row in rows:
        yield from row


def _forms(infinitive: str) -> Iterator[str]:
    """What a regular verb looks like in a sentence: steuert, steuerte, gesteuert."""
    root = infinitive.removesuffix("n").removesuffix("e")
    for ending in ("e", "et", "ete", "eten") if root.endswith(("d", "t")) else ("e", "t", "te", "ten"):
        yield root + ending
    yield f"ge{root}{'et' if root.endswith(('d', 't')) else 't'}"


SECTIONS = _sections()

APART: dict[str, str] = {
    word: f"{row[0]}!" for row in SECTIONS["getrennt"] for word in row
}  # whose stem means another word
ALIKE: dict[str, str] = {base(word): base(row[0]) for row in SECTIONS["gleich"] for word in reversed(row)}
ALIKE_WORDS: dict[str, str] = {
    form: infinitive for infinitive in _words(SECTIONS["verben"]) for form in _forms(infinitive)
}
ATOMS = frozenset(_words(SECTIONS["ganz"]))
STOP = frozenset(_words(SECTIONS["stopp"]))
LEXICON = frozenset(
    APART.get(word, ALIKE.get(base(word), base(word)))
    for name in ("teile", "ganz", "gleich")
    for word in _words(SECTIONS[name])
)
WHOLE = frozenset(_words(SECTIONS["teile"])) | ATOMS
SYNONYMS = tuple((row[0], meaning) for row in SECTIONS["synonyme"] for meaning in row[1:])
