"""A query as what it asks for: concepts, each with the terms that would satisfy it. Pure.

A concept is a word, or several that mean one thing together; an alternative is a set of terms that must all
be there. List A holds stems, parts of compounds and synonyms, list B what merely looks alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from learn.search import synonyms, words

LONGEST = 200  # characters of a query that count
MOST = 12  # words of it
PARTLY = 0.35  # the quality of alternatives that answer a part only


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the query: as written, where it stands, and the folded forms it has."""

    written: str
    start: int
    end: int
    forms: tuple[str, ...]

    @property
    def whole(self) -> str:
        """The word without hyphens."""
        return self.forms[-1]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Terms of which a group must have all. `quality` up to 1; `near` marks list B."""

    terms: tuple[str, ...]
    quality: float
    near: bool = False

    @property
    def share(self) -> float:
        """How much of what was asked for it answers."""
        return 1.0 if self.quality > PARTLY else 0.6


@dataclass(slots=True)
class Concept:
    """One thing that was asked for. `word` is its folded form, empty for a phrase.

    `pieces` are what is left to look for when nothing answers the whole word, the longest first.
    """

    words: tuple[Asked, ...]
    pieces: tuple[str, ...] = ()
    alternatives: list[Alternative] = field(default_factory=list)

    @property
    def word(self) -> str:
        """What may be misspelt."""
        return self.words[0].whole if len(self.words) == 1 else ""

    def add(self, terms: Sequence[str], quality: float, *, near: bool = False) -> None:
        """One more way to satisfy it, unless there is a better one with the same terms."""
        found = tuple(dict.fromkeys(terms))
        if found and all(each.terms != found for each in self.alternatives):
            self.alternatives.append(Alternative(found, quality, near))


def clean(query: str) -> str:
    """A query as we repeat it: no control characters, blanks collapsed, at most 200 characters."""
    shown = "".join(char if char.isprintable() else " " for char in query[: 4 * LONGEST])
    return " ".join(shown.split())[:LONGEST]


def asked(query: str) -> tuple[Asked, ...]:
    """The words that count, each once."""
    found: dict[str, Asked] = {}
    for written, start, end in words.tokens(clean(query)):
        forms = words.forms(written)
        if forms:
            found.setdefault(forms[-1], Asked(written, start, end, forms))
    return tuple(found.values())[:MOST]


def phrases(found: Sequence[Asked]) -> dict[str, tuple[int, int]]:
    """Each run of up to four words by its stems, and where it lies."""
    stems = [words.stem(word.whole) for word in found]
    runs = (
        (start, end)
        for start in range(len(stems))
        for end in range(start + 1, min(len(stems), start + synonyms.LONGEST_PHRASE) + 1)
    )
    return {" ".join(stems[start:end]): (start, end) for start, end in runs}


def concepts(
    found: Sequence[Asked],
    known: Mapping[str, tuple[str, ...]],
    stored: Mapping[str, Sequence[tuple[str, str]]],
) -> list[Concept]:
    """The words with their stems, parts and synonyms; `stored` gives meanings and their source by phrase."""
    corpus = {words.stem(word) for word in known}
    places = phrases(found)
    meanings = {
        phrase: [*((meaning, 0.9) for meaning in synonyms.own(phrase)), *_weighted(stored.get(phrase, ()))]
        for phrase in places
    }
    taken: set[int] = set()
    result: list[Concept] = []
    for start in range(len(found)):
        if start in taken:
            continue
        end = max(
            (end for phrase, (first, end) in places.items() if first == start and meanings[phrase]),
            default=start + 1,
        )
        taken |= set(range(start, end))
        result.append(_concept(found[start:end], corpus, meanings))
    return result


def _weighted(stored: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    """A term of the glossary means the same; a topic is wider than the words that lead to it."""
    return [(meaning, 0.9 if source.startswith("begriff") else 0.3) for meaning, source in stored]


def _concept(
    run: Sequence[Asked],
    corpus: set[str],
    meanings: Mapping[str, Sequence[tuple[str, float]]],
) -> Concept:
    concept = Concept(tuple(run))
    stems = [words.stem(word.whole) for word in run]
    concept.add(stems, 1.0)
    if len(run) == 1:
        for pieces in _pieces(run[0], corpus):
            concept.add(pieces, 0.8)
            for other in _with_synonyms(pieces):
                concept.add(other, 0.6)
        concept.add(_smaller(run[0].whole, corpus), 0.6)
        concept.pieces = words.pieces(run[0].whole, corpus)
    for meaning, quality in meanings[" ".join(stems)]:
        concept.add(meaning.split(" "), quality)
    return concept


def _pieces(word: Asked, corpus: set[str]) -> list[list[str]]:
    """The parts of a compound that together mean it, those its hyphens show first."""
    found: list[list[str]] = []
    if len(word.forms) > 1:
        found.append([words.stem(form) for form in word.forms[:-1]])
    pieces = words.parts(word.whole, corpus.__contains__)
    if len(pieces) > 1:
        found.append([words.part_stem(piece, corpus.__contains__) for piece in pieces])
    return found


def _smaller(word: str, corpus: set[str]) -> list[str]:
    """The smallest parts of a compound, where our own list has larger ones: `frueh`, `warn`; else nothing."""
    pieces = words.parts(word, corpus.__contains__)
    inner = [words.inner_parts(piece) or (piece,) for piece in pieces]
    if sum(map(len, inner)) == len(pieces):
        return []
    return [words.part_stem(each, corpus.__contains__) for some in inner for each in some]


def _with_synonyms(pieces: Sequence[str]) -> Iterator[list[str]]:
    """The parts of a compound with another word for one of them: `baum`, `giess` for `baumbewaesserung`."""
    for place, piece in enumerate(pieces):
        for meaning in synonyms.own(piece):
            if " " not in meaning:
                yield [*pieces[:place], meaning, *pieces[place + 1 :]]
