"""What texts and queries are compared by: folded words, German stems, parts of compounds, trigrams.

Pure. `VERSION` rises whenever a text would get other terms than before: the index is then built anew.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from learn.core.folding import fold
from learn.search import halves
from learn.search.german import ALIKE, ALIKE_WORDS, APART, ATOMS, LEXICON, STOP, WHOLE
from learn.search.stems import base

VERSION = "2"
LONGEST = 60  # letters of a word that counts
WORD = re.compile(r"[^\W_]+(?:[-‐‑–·:*_/.’'][^\W_]+)*")
JOINTS = re.compile(r"[-‐‑–·:*_/.’']")
GENDER = re.compile(r"[:*_](innen|in)\b", re.IGNORECASE)
PARTICIPLE = re.compile(
    r"(?P<prefix>ab|an|auf|aus|bei|durch|ein|fest|frei|her|hin|los|mit|nach|um|unter|vor|weg|weiter|zu|zurueck|"
    r"zusammen|)ge(?P<verb>[a-z]{3,})t"
)
FUGEN = ("", "s", "es", "n", "en", "er", "e")  # what stands between the parts of a compound
SHORTEST_COMPOUND, SHORTEST_PART = 7, 3
MOST_PARTS = 5

Known = Callable[[str], bool]


def _nothing(_stem: str) -> bool:
    return False


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as written with their places; „Bürger:innen“ is one, hyphenated ones too."""
    for match in WORD.finditer(text):
        yield match[0], match.start(), match.end()


@lru_cache(maxsize=4_000)
def forms(written: str) -> tuple[str, ...]:
    """The folded words that one written word stands for: `IT-Sicherheit` is it, sicherheit, itsicherheit."""
    joined = GENDER.sub(r"\1", unicodedata.normalize("NFC", written))
    pieces = [piece for piece in (_bare(piece) for piece in JOINTS.split(joined)) if piece]
    whole = "".join(pieces)
    found = pieces if len(pieces) == 1 else [*pieces, whole]
    return tuple(dict.fromkeys(word[:LONGEST] for word in found if _counts(word)))


def _bare(word: str) -> str:
    folded = fold(word)
    return folded if folded.isalnum() else re.sub(r"[\W_]+", "", folded)


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in STOP


@lru_cache(maxsize=8_000)
def stem(word: str) -> str:
    """The stem of a folded word; words that mean the same but differ in their stems share one."""
    if word in APART:
        return APART[word]
    stemmed = base(_infinitive(word))
    return ALIKE.get(stemmed, stemmed)


def _infinitive(word: str) -> str:
    """Forms of a verb as the verb: `steuert` as `steuern`, `umgeruestet` as `umrueste`."""
    if word in ALIKE_WORDS:
        return ALIKE_WORDS[word]
    match = PARTICIPLE.fullmatch(word)
    if match is None or word in WHOLE or word.endswith(("heit", "keit", "schaft")):
        return word
    return match["prefix"] + match["verb"]


def terms(word: str, known: Known = _nothing) -> tuple[str, ...]:
    """The terms of a folded word: its stem, then those of its parts and of neighbouring parts together.

    `known` tells of stems that are words of the corpus, beside our own list.
    """
    within = (part_stem(smaller) for piece in parts(word, known) for smaller in inner_parts(piece))
    return tuple(dict.fromkeys((*_spans(word, known), *within)))


def _spans(word: str, known: Known) -> tuple[str, ...]:
    pieces = parts(word, known)
    spans = ((start, end) for start in range(len(pieces)) for end in range(start + 1, len(pieces) + 1))
    inner = (pieces[start:end] for start, end in spans if end - start < len(pieces))
    found = (stem("".join(span[:-1]) + _plain_part(span[-1], known)) for span in inner)
    return tuple(dict.fromkeys((stem(word), *found)))


@lru_cache(maxsize=4_000)
def inner_parts(piece: str) -> tuple[str, ...]:
    """The parts of a word of our own list that is a compound itself: `fruehwarnung`; none for others."""
    bare = _plain_part(piece, _nothing)
    if len(bare) < SHORTEST_COMPOUND or bare in ATOMS or stem(bare) not in LEXICON:
        return ()
    found = _split_in(bare, _nothing)
    return found if len(found) > 1 and all(len(each) > SHORTEST_PART for each in found) else ()


def pieces(word: str, corpus: Collection[str]) -> tuple[str, ...]:
    """Terms of what a word is made of, the longest first: parts together, or where it begins and ends."""
    found = _spans(word, corpus.__contains__)[1:]
    if found:
        return tuple(sorted(found, key=len, reverse=True))
    return tuple(sorted({stem(each) for each in substrings(word)} & {*corpus}, key=len, reverse=True))


def parts(word: str, known: Known = _nothing) -> tuple[str, ...]:
    """The fewest parts of a folded compound, each with the letters that join it to the next.

    Our own words first; only where they do not suffice, words of the corpus, which are parted in turn; at
    last one part may be a word that nobody knows.
    """
    if len(word) < SHORTEST_COMPOUND or word in ATOMS or word.isdigit() or stem(word) in LEXICON:
        return (word,)
    found = _split(word, _nothing)
    if len(found) > 1:
        return found
    pieces = _split(word, known) if known is not _nothing else found
    if len(pieces) == 1:
        return halves.split(word, lambda piece: _is_word(piece, known), FUGEN)
    return tuple(each for piece in pieces for each in _split(piece, _nothing))


def _split(word: str, known: Known) -> tuple[str, ...]:
    if len(word) < SHORTEST_COMPOUND or stem(word) in LEXICON:
        return (word,)
    return _split_in(word, known)


def _split_in(word: str, known: Known) -> tuple[str, ...]:
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    best[len(word)] = ()
    for start in range(len(word) - SHORTEST_PART, -1, -1):
        for end in range(start + SHORTEST_PART, len(word) + 1 if start else len(word)):
            rest = best[end]
            if rest is None or len(rest) >= MOST_PARTS:
                continue
            if _is_part(word[start:end], known, last=end == len(word)):
                found = (word[start:end], *rest)
                if _better(found, best[start]):
                    best[start] = found
    return best[0] or (word,)


def substrings(word: str) -> set[str]:
    """Stems a compound may consist of, to be looked up in the corpus; none for short words."""
    if len(word) < SHORTEST_COMPOUND + 2 or word in ATOMS or stem(word) in LEXICON:
        return set()
    heads = {word[:end] for end in range(5, len(word) - SHORTEST_PART + 1)}
    tails = {word[start:] for start in range(SHORTEST_PART, len(word) - 4)}
    return {*heads, *tails}


def grams(word: str) -> set[str]:
    """Three letters each; a word with umlauts gives those of `baeume` and of `baume`."""
    return {each[place : place + 3] for each in spellings(word) for place in range(len(each) - 2)}


def spellings(word: str) -> tuple[str, ...]:
    """A folded word with umlauts as two letters and, as many type them, as one."""
    short = re.sub(r"(?<![aeq])ue|ae|oe", lambda match: match[0][0], word)
    return (word,) if short == word else (word, short)


def _better(one: tuple[str, ...], other: tuple[str, ...] | None) -> bool:
    """Fewer parts, then a longer last one: that is what the word is about."""
    return other is None or (len(one), -len(one[-1])) < (len(other), -len(other[-1]))


def _is_part(piece: str, known: Known, *, last: bool) -> bool:
    endings = ("",) if last else FUGEN
    return any(
        _is_word(piece.removesuffix(ending) if ending else piece, known)
        for ending in endings
        if not ending or piece.endswith(ending)
    )


def _is_word(piece: str, known: Known) -> bool:
    if len(piece) < SHORTEST_PART:
        return False
    stemmed = stem(piece)
    return stemmed in LEXICON or (len(piece) >= SHORTEST_PART + 2 and known(stemmed))


def is_compound_start(piece: str) -> bool:
    """Whether a compound may begin so: parts of our own list and what joins them to the next."""
    return _is_part(piece, _nothing, last=False) or len(_split_in(f"{piece}tag", _nothing)) > 1


def is_compound_end(piece: str, shortest: int = SHORTEST_PART) -> bool:
    """Whether a compound may end so, of parts of at least so many letters."""
    if _is_part(piece, _nothing, last=True):
        return True
    found = _split_in(piece, _nothing)
    return len(found) > 1 and all(len(each) >= shortest for each in found)


def part_stem(piece: str, known: Known = _nothing) -> str:
    """The stem of a part of a compound."""
    return stem(_plain_part(piece, known))


def _plain_part(piece: str, known: Known) -> str:
    """A part without what joins it to the next."""
    for ending in FUGEN:
        bare = piece.removesuffix(ending) if ending else piece
        if (not ending or piece.endswith(ending)) and _is_word(bare, known):
            return bare
    return piece
