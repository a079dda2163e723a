"""Generated questions and answers for measurements: the same number gives the same thread.

Threads are of Zipf-like length; one holds as many posts as `longest` says, one exactly 20. Words come from a
vocabulary with a few common and many rare ones, as in German texts, so that a search index is as uneven as
a real one.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from learn.network.topics import TOPICS

LONGEST, SHORT = 5_000, 20  # posts of two threads that are always there
USUAL = 200  # posts of a thread at most, otherwise
PARAGRAPHS = 3_000  # different ones
FEW = 30  # questions that each circle has at least, so that a list fills a page
RARE_SHARE = 0.005  # of the questions are public, and as many stand in the first Klasse
SECOND_SHARE = 0.05  # stand in the second Klasse
PHASES = ("idee", "konzept", "vergabe", "betrieb")
COMMON = (
    *("Kommune", "Rathaus", "Sensor", "Messwert", "Vergabe", "Haushalt", "Datenschutz", "Beteiligung"),
    *("Wartung", "Förderung", "Vertrag", "Schnittstelle", "Bauhof", "Gemeinderat", "Verwaltung", "Netz"),
    *("Angebot", "Frist", "Auswertung", "Batterie", "Karte", "Server", "Schulung", "Kosten"),
)
STARTS = (
    *("Wasser", "Straßen", "Schul", "Wärme", "Bürger", "Daten", "Energie", "Grün", "Haus", "Verkehrs"),
    *("Boden", "Luft", "Müll", "Park", "Rad", "Stadt", "Wald", "Zähler", "Brücken", "Licht", "Melde"),
    *("Pegel", "Regen", "Schnee", "Sozial", "Strom", "Tarif", "Umwelt", "Wetter", "Winter"),
)
MIDDLES = (
    *("", "bau", "plan", "netz", "dienst", "werk", "amts", "raum", "mess", "last", "förder", "leit"),
    *("prüf", "tausch", "stell", "lauf"),
)
ENDS = (
    *("konzept", "verfahren", "anlage", "ordnung", "satzung", "meldung", "station", "zentrale", "gruppe"),
    *("register", "verordnung", "plattform", "auskunft", "prüfung", "liste", "steuerung", "erfassung"),
    *("beratung", "abgabe", "tafel", "kataster", "bericht", "stelle", "speicher", "nachweis", "kontrolle"),
)
DOES = (
    "braucht",
    "ersetzt",
    "liefert",
    "prüft",
    "zeigt",
    "kostet",
    "meldet",
    "verlangt",
    "ergänzt",
    "regelt",
)
LINKS = ("nach", "vor", "mit", "ohne", "für", "über")
WHEN = ("am Montag", "vor der Sitzung", "nach dem Winter", "im ersten Jahr", "mit dem Team", "zum Schluss")


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with its posts: `kinds` from number 1 on; the random numbers that shape its rows."""

    number: int
    kinds: tuple[str, ...]
    chance: random.Random

    @property
    def title(self) -> str:
        chance = random.Random(self.number)  # noqa: S311 - no secret
        return f"{_word(chance)} und {_word(chance)}: was gilt für Fall {self.number}?"


def threads(posts: int) -> Iterator[Thread]:
    """Threads with so many posts in all; the first are the longest and the one of twenty."""
    left, number = posts, 0
    while left > 0:
        chance = random.Random(f"thread {number}")  # noqa: S311 - no secret
        size = min(left, _size(chance, number, posts))
        yield Thread(number, _kinds(chance, size), chance)
        left, number = left - size, number + 1


def circle(thread: Thread, klassen: Sequence[str]) -> str:
    """Where a thread stands: few public, as few in the first Klasse, some in the second, the rest Netzwerk.

    Public and first Klasse together are one per cent of a large forum, never less than `FEW` each: a person
    who reads these two alone reads one per cent. The two special threads are in the Netzwerk.
    """
    if thread.number < 2:
        return "netzwerk"
    place = thread.number - 2
    if place < 2 * FEW:
        return ("oeffentlich", klassen[0])[place % 2]
    drawn = random.Random(f"circle {place}").random()  # noqa: S311 - no secret
    steps = (RARE_SHARE, 2 * RARE_SHARE, 2 * RARE_SHARE + SECOND_SHARE)
    return ("oeffentlich", *klassen, "netzwerk")[bisect(steps, drawn)]


def topics(chance: random.Random) -> list[str]:
    """One to three topics, the first of them common ones far more often."""
    names = list(TOPICS)
    found = chance.choices(names, _weights(len(names)), k=chance.choice((1, 1, 2, 3)))
    return list(dict.fromkeys(found))


def text(chance: random.Random) -> list[str]:
    """Paragraphs of a post: one sentence of its own, and in half of them some that others have, too."""
    pool = paragraphs()
    return [sentence(chance), *(pool[chance.randrange(len(pool))] for _ in range(chance.choice((0, 1))))]


@cache
def paragraphs() -> tuple[str, ...]:
    """Paragraphs of two or three sentences."""
    chance = random.Random("paragraphs")  # noqa: S311 - no secret
    return tuple(" ".join(sentence(chance) for _ in range(chance.choice((2, 3)))) for _ in range(PARAGRAPHS))


def sentence(chance: random.Random) -> str:
    """A sentence of some ten words, three of them drawn from the vocabulary."""
    words = [_word(chance) for _ in range(3)]
    return (
        f"{words[0]} {chance.choice(DOES)} {chance.choice(LINKS)} {words[1]},"
        f" und {words[2]} {chance.choice(DOES)} {chance.choice(WHEN)}."
    )


@cache
def vocabulary() -> tuple[str, ...]:
    """Common words first, then compounds."""
    made = {f"{start}{middle}{end}" for start in STARTS for middle in MIDDLES for end in ENDS}
    rest = sorted(made)
    random.Random("vocabulary").shuffle(rest)  # noqa: S311 - no secret
    return (*COMMON, *rest)


def _word(chance: random.Random) -> str:
    """A word: the n-th is drawn about 1/n as often as the first."""
    words = vocabulary()
    return words[min(int(len(words) ** chance.random()) - 1 + chance.randrange(3), len(words) - 1)]


def _size(chance: random.Random, number: int, posts: int) -> int:
    if number == 0:
        return min(LONGEST, max(1, posts // 4))
    return SHORT if number == 1 else bisect(_sizes(), chance.random()) + 1


@cache
def _sizes() -> list[float]:
    """How many of all threads have at most 1, 2, 3 … posts."""
    weights = [1 / size**1.8 for size in range(1, USUAL + 1)]
    total = sum(weights)
    return [share / total for share in accumulate(weights)][:-1]


@cache
def _weights(count: int) -> tuple[float, ...]:
    return tuple(1 / (place + 1) ** 1.5 for place in range(count))


def _kinds(chance: random.Random, size: int) -> tuple[str, ...]:
    """The question, then answers; every fifth post or so asks back."""
    return ("frage", *("rueckfrage" if chance.random() < 0.2 else "antwort" for _ in range(size - 1)))
