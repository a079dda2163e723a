"""Parting compounds of which one part is a word that no list knows: `zuschlags` and `kriterium`. Pure."""

import re
from collections.abc import Callable, Collection, Iterator

SHORTEST_WORD, LONGEST_WORD = 9, 32  # letters; shorter words are as likely something else
SHORTEST_PART, SHORTEST_KNOWN, SHORTEST_UNKNOWN, SHORTEST_LAST = 3, 4, 4, 5
MOST_PARTS = 4
DERIVED = re.compile(
    r"(?:isch|isier|ier|ist|ik|at|ation|ition|it(?:ae|a)et|ismus|lich|keit|heit|schaft|ung|bar|sam|haft|los|ig|er|el|"
    r"in|inn|ler|ner|chen|nis|iv|al|ell|ur|end|st|t)+(?:e|en|er|es|em|ern|s|n|t|te|ten)?"
)  # what makes another word of a word, not a compound
NO_WORD = frozenset(
    {"durch", "fort", "hinter", "ueber", "unter", "wider", "wieder", "zurueck", "zusammen", "auseinander"}
    | {"herunter", "hinaus", "herum", "voran", "voraus", "vorbei", "verun", "veran", "beein", "beauf"}
    | {"bewirt", "miss", "nieder", "gegen", "inter", "unge", "unver", "unbe", "ueberver", "allge"}
)
NO_LAST = frozenset(
    {"ende", "enden", "ender", "endes", "test", "teste", "testen", "listen", "lichen", "ungen"}
)
VOWEL = re.compile("[aeiouy]")
ONSET = re.compile(
    r"(?:[aeiouy]|[b-df-hj-np-tv-xz](?:[aeiouy]|$)|bl|br|ch[aeiouyr]|cl|cr|dr|fl|fr|gl|gn|gr|kl|kn|kr|pf|ph|pl|pr|"
    r"ps|qu|sch|sk|sl|sm|sp|st|sw|th|tr|tw|wr|zw)"
)  # how German words begin
VERB_PREFIX = re.compile(r"(?:ab|an|auf|aus|be|ver|vor|um|zu|nach|ueber|unter|mit|rueck)$")
PER_PART, WEAK = 4, 4  # what another part costs, and one that may well be chance

IsWord = Callable[[str], bool]


def split(word: str, is_word: IsWord, joints: Collection[str]) -> tuple[str, ...]:
    """The parts of a folded word of which exactly one is unknown, and short; else the word itself."""
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        return (word,)
    known = set(_known(word, is_word, joints))
    if not known:
        return (word,)
    inside = _inside_derived(word, known)
    found = [
        (*before, word[start:end], *after)
        for start in range(len(word))
        for end in range(start + SHORTEST_UNKNOWN, len(word) + 1)
        if start not in inside and end not in inside and _may_be_word(word, start, end)
        for before in _filled(word, 0, start, known)
        for after in _filled(word, end, len(word), known)
        if 2 <= len(before) + 1 + len(after) <= MOST_PARTS
    ]
    return min(found, key=lambda parts: _cost(parts, known, word), default=(word,))


def _known(word: str, is_word: IsWord, joints: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where known parts stand, with the letters that join them to the next one."""
    size = len(word)
    for start in range(size - SHORTEST_KNOWN + 1):
        ends = [end for end in range(start + SHORTEST_PART, size + 1) if is_word(word[start:end])]
        joined = {
            end + len(joint) for end in ends for joint in joints if word.startswith(joint, end) and end < size
        }
        for end in {*ends, *(each for each in joined if each < size)}:
            whole, banned = end - start == size, end == size and word[start:] in NO_LAST
            if end - start >= SHORTEST_KNOWN and not whole and not banned:
                yield start, end


def _inside_derived(word: str, known: set[tuple[int, int]]) -> set[int]:
    """Where nothing may be parted: within `automatisierung`, which is no `auto`."""
    derived = [place for place in known if DERIVED.fullmatch(word[place[1] :])]
    return {place for start, end in derived for place in range(start + 1, end + 1)}


def _may_be_word(word: str, start: int, end: int) -> bool:
    piece = word[start:end]
    if not VOWEL.search(piece) or not ONSET.match(piece) or piece in NO_WORD:
        return False
    return end < len(word) or (len(piece) >= SHORTEST_LAST and not DERIVED.fullmatch(piece))


def _filled(word: str, start: int, end: int, known: set[tuple[int, int]]) -> list[tuple[str, ...]]:
    """The ways to fill a stretch with known parts, the fewest first; one empty way for an empty stretch."""
    if start == end:
        return [()]
    whole: list[tuple[str, ...]] = [(word[start:end],)] if (start, end) in known else []
    places = range(start + SHORTEST_KNOWN, end - SHORTEST_KNOWN + 1)
    halved = (place for place in places if (start, place) in known and (place, end) in known)
    return whole + [(word[start:place], word[place:end]) for place in halved]


def _cost(parts: tuple[str, ...], known: set[tuple[int, int]], word: str) -> tuple[int, int]:
    """Few unknown letters in few parts, none of them a scrap, and nothing torn from its verb's prefix."""
    place, cost = 0, PER_PART * len(parts)
    for part in parts:
        end = place + len(part)
        if (place, end) not in known:
            cost += len(part) + (WEAK if end < len(word) and VERB_PREFIX.search(part) else 0)
        elif len(part) == SHORTEST_KNOWN:
            cost += WEAK
        place = end
    return cost, -len(parts[0])
