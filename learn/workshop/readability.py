"""How long and how hard a German text is: words, sentences, and a school grade as a hint. Pure.

The grade is the first Wiener Sachtextformel (R. Bamberger, E. Vanecek: Lesen, Verstehen, Lernen, Schreiben,
Wien 1984): 0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875, where MS is the share of words with three
and more syllables, SL the mean number of words in a sentence, IW the share of words with more than six
letters, ES the share of words with one syllable; shares in per cent. It knows nothing of what a text says.

Silent reading takes 179 words a minute in German (S. Trauzettel-Klosinski, K. Dietz: Standardized Assessment
of Reading Performance, IOVS 53, 2012).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from math import ceil

from learn.markup.names import names

PER_MINUTE = 179
LONG_SENTENCE = 15  # words, in Einfache Sprache
HARD = 5  # syllables
ENOUGH = 30  # words; shorter texts say nothing of how hard they are
BLOCKS = names("p li td th dd dt h2 h3 h4 h5 h6 summary figcaption caption div blockquote aside")
PROSE = frozenset({"p", "li", "dd", "div", "blockquote"})
SKIPPED = frozenset({"pre", "sup"})
WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-’'][^\W_]+)*|\d[\d.,]*")
LETTERS = re.compile(r"[^\W\d_]")
LOOKED_BACK = 24  # characters before a dot: longer than every abbreviation
SYLLABLE = re.compile(r"[aä]u|[ea]i|eu|ie|aa|ee|oo|[aeiouyäöüáàâéèêíóôú]")
END = re.compile(r"[.!?…][“”\"»)\]]*\s+(?=[„“\"«(\[]?[A-ZÄÖÜ0-9])")
SENTENCE = re.compile(r"[.!?:…][“”\"»)\]]*$")  # what ends otherwise is a key word in a list
ABBREVIATION = re.compile(
    r"(?:^|[\s(„])(?:\d+|[A-Za-zÄÖÜäöü]|Abb|Abs|Art|bzw|ca|Dr|etc|evtl|ggf|inkl|Kap|max|min|Mio|Mrd|Nr|Prof|"
    r"sog|St|Tab|Tel|usw|vgl|Ziff)\.$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """`mean`: words in a sentence, 0 without any. `grade`: None for a text that is too short to tell.

    `long`: sentences beyond what Einfache Sprache advises, longest first. `hard`: words of many syllables.
    """

    words: int = 0
    sentences: int = 0
    mean: float = 0.0
    grade: float | None = None
    long: tuple[str, ...] = ()
    hard: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """Time to read it, at least one minute where there is anything."""
        return ceil(self.words / PER_MINUTE)


def read(pieces: Iterable[str]) -> Reading:
    """Measure pieces of sanitised HTML."""
    found = Blocks()
    for piece in pieces:
        found.feed(piece)
        found.end()
    words = [word for _tag, text in found.blocks for word in WORD.findall(text)]
    prose = [sentence for tag, text in found.blocks if tag in PROSE for sentence in sentences(text)]
    counted = [(len(WORD.findall(sentence)), sentence) for sentence in prose if SENTENCE.search(sentence)]
    counted = [(number, sentence) for number, sentence in counted if number]
    total = sum(number for number, _sentence in counted)
    mean = total / len(counted) if counted else 0.0
    long = sorted((each for each in counted if each[0] > LONG_SENTENCE), key=lambda each: -each[0])
    return Reading(
        words=len(words),
        sentences=len(counted),
        mean=mean,
        grade=_grade([word for _number, sentence in counted for word in WORD.findall(sentence)], mean),
        long=tuple(sentence for _number, sentence in long),
        hard=tuple(dict.fromkeys(word for word in words if syllables(word) >= HARD)),
    )


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph; dots of dates and usual abbreviations end none."""
    start = 0
    for match in END.finditer(text):
        end = match.start() + 1
        if not ABBREVIATION.search(text[max(0, end - LOOKED_BACK) : end]):
            yield text[start : match.end()].strip()
            start = match.end()
    if text[start:].strip():
        yield text[start:].strip()


def syllables(word: str) -> int:
    """About how many: groups of vowels."""
    return len(SYLLABLE.findall(word.lower()))


def _grade(words: list[str], mean: float) -> float | None:
    """The first Wiener Sachtextformel, from 4 (easy) to 15."""
    spoken = [word for word in words if LETTERS.match(word)]
    if len(spoken) < ENOUGH:
        return None
    counts = [syllables(word) for word in spoken]
    share = 100 / len(spoken)
    many = share * sum(count >= 3 for count in counts)
    single = share * sum(count <= 1 for count in counts)
    wide = share * sum(len(word) > 6 for word in spoken)
    return 0.1935 * many + 0.1672 * mean + 0.1297 * wide - 0.0327 * single - 0.875


class Blocks(HTMLParser):
    """The running text of each block with the block's element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self.open: list[str] = ["p"]
        self.text: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as called
        if tag in SKIPPED:
            self.skipped += 1
        if tag in BLOCKS:
            self.end()
            self.open.append(tag)
        elif tag == "br":
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self.skipped -= 1
        if tag in BLOCKS:
            self.end()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.text.append(data)

    def end(self) -> None:
        """Keep what has been read since the block began."""
        text = " ".join("".join(self.text).split())
        if text:
            self.blocks.append((self.open[-1], text))
        self.text = []
