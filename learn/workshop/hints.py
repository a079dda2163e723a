"""What may be better in a text, and what is fine: beside publishing's findings and never in its way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from learn.markup.model import Exercise, Html, Part, Plan, PlanText, Question, Quiz
from learn.workshop import keys, readability
from learn.workshop.drawing import Drawing
from learn.workshop.nearby import Nearby
from learn.workshop.readability import Reading

SHOWN = 6  # long words
LONG_ON_AVERAGE = 20  # words in a sentence
EASY = 8  # school grade up to which a text counts as easy
QUOTED = 90  # characters of a sentence
NO_PLAIN = (
    "Einfache Sprache fehlt. Die Fassung ist freiwillig, hilft aber auch neuen Kolleginnen und Kollegen."
)
TABLE = re.compile(r"<table\b")
IMAGE = re.compile(r"<img\b")
LINK = re.compile(r"<a href=")


@dataclass(frozen=True, slots=True)
class Hint:
    """What may be better, or is fine (`good`). `href`, `link`: where to do something about it."""

    sentence: str
    good: bool = False
    href: str = ""
    link: str = ""


def reading(parts: Iterable[Part]) -> Reading:
    """Words and sentences of all parts, questions included."""
    return readability.read(pieces(parts))


def hints(
    nearby: Nearby, picture: Drawing, parts: tuple[Part, ...], found: Reading, key: str
) -> Iterator[Hint]:
    """All hints for a text, what is fine last."""
    yield from _time(picture, found)
    if picture.text.kind == "einfach":
        yield from _easy(found)
    elif found.mean > LONG_ON_AVERAGE:
        mean = _number(found.mean)
        yield Hint(f"Sätze sind im Schnitt {mean} Wörter lang. Kürzere lesen sich leichter.")
    if picture.text.kind == "lektion" and key + keys.PLAIN not in nearby.paths:
        yield Hint(NO_PLAIN, href=keys.href(key + keys.PLAIN), link="Fassung anlegen")
    yield from _fine(picture, parts, found)


def _time(picture: Drawing, found: Reading) -> Iterator[Hint]:
    """Reading time against the duration the head names."""
    planned = picture.text.head.number("dauer") if picture.text.head.sound("dauer") else 0
    if picture.text.kind == "lektion" and planned and found.minutes > planned:
        minutes = f"{found.minutes} Minute{'n' if found.minutes > 1 else ''}"
        yield Hint(f"Das Lesen allein dauert etwa {minutes}, im Kopf stehen {planned}.")


def _easy(found: Reading) -> Iterator[Hint]:
    """For Einfache Sprache: long sentences, hard words, and a grade that is named a hint."""
    for sentence in found.long[:3]:
        shown = sentence if len(sentence) <= QUOTED else f"{sentence[:QUOTED]}…"
        count = len(readability.WORD.findall(sentence))
        words = f"Dieser Satz hat {count} Wörter, mit {readability.LONG_SENTENCE} liest er sich leichter"
        yield Hint(f"{words}: „{shown}“")
    if found.hard:
        more = " und weitere" if len(found.hard) > SHOWN else ""
        named = ", ".join(found.hard[:SHOWN])
        yield Hint(f"Lange Wörter: {named}{more}. Gibt es kürzere, oder hilft ein Bindestrich?")
    if found.grade is not None and found.grade > EASY:
        grade = min(round(found.grade), 15)
        words = f"So schwer wie ein Text für Schulstufe {grade} (Wiener Sachtextformel)."
        yield Hint(f"{words} Das ist nur ein Anhaltspunkt: Die Formel zählt Silben und Wörter.")


def _fine(picture: Drawing, parts: tuple[Part, ...], found: Reading) -> Iterator[Hint]:
    """One sentence on all that is right."""
    codes = {fault.code for fault in picture.drawn.trace.faults}
    html = "\n".join(pieces(parts))
    images, tables = len(IMAGE.findall(html)), len(TABLE.findall(html))
    links = len(LINK.findall(html))
    right = [
        (len(picture.drawn.headings) > 1 and "K504" not in codes, "Überschriften sind lückenlos"),
        (
            tables and "K507" not in codes,
            "Tabelle hat Spaltenköpfe" if tables == 1 else "Tabellen haben Spaltenköpfe",
        ),
        (
            images and not codes & {"K501", "K502"},
            "Bild ist beschrieben" if images == 1 else "Bilder sind beschrieben",
        ),
        (links and not codes & {"K503", "K506"}, "Links sagen, wohin sie führen"),
        (0 < found.mean <= LONG_ON_AVERAGE, f"Sätze im Schnitt {_number(found.mean)} Wörter lang"),
    ]
    words = [sentence for holds, sentence in right if holds]
    if words:
        yield Hint(", ".join(words) + ".", good=True)


def _number(value: float) -> str:
    return str(max(1, round(value)))


def pieces(parts: Iterable[Part]) -> Iterator[str]:
    """The HTML of all parts."""
    for part in parts:
        if isinstance(part, Html | Exercise):
            yield part.html
        elif isinstance(part, Quiz):
            for question in part.questions:
                yield from _asked(question)
        elif isinstance(part, Plan):
            yield from (entry.html for entry in part.parts if isinstance(entry, PlanText))


def _asked(question: Question) -> Iterator[str]:
    yield question.html
    yield question.hint
    yield from (option.html for option in question.options)
    yield from question.items
    yield from (f"{left} {right}" for left, right in question.pairs)
    yield question.explanation
