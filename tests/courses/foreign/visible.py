"""Whether a draft shows every word of its source, in order, and as many links and pictures."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from learn.markup import render
from learn.markup.model import Exercise, Html, Part, Plan, PlanField, PlanTable, PlanText, Quiz, Rendered
from learn.markup.names import names

REFERENCE = MarkdownIt("gfm-like").use(footnote_plugin)
WORD = re.compile(r"\w+")
INLINE = names("a abbr b code del em i ins kbd mark q s samp small span strong sub u")
ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", re.IGNORECASE)
NAMES = {
    "note": "Hinweis",
    "tip": "Tipp",
    "important": "Wichtig",
    "warning": "Achtung",
    "caution": "Vorsicht",
}
LONG = 30_000  # words that are compared at length
WINDOW = 600  # words that a reading may jump ahead
HIDDEN = frozenset({"script", "style", "template", "noscript", "title"})
# What other dialects write around their text and nobody reads.
SIGNS = re.compile(
    r"^[ \t>]*:{3,}[^\n]*$|\{\{[<%][^\n]*?[%>]\}\}|\{:[^}\n]*\}|\{%[^\n]*?%\}"
    r"|(?<=[)\]])\{[^}\n]*\}|^[ \t]*\{[#.][^}\n]*\}[ \t]*$|(?<=[ \t])\{[#.][\w.: #-]*\}[ \t]*$"
    r"|(?<=[-*+.)] )[ \t]*\[[xX]\](?=[ \t])",  # a tick is no word
    re.MULTILINE,
)
FENCES = re.compile(r"^([ \t]*)(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\2[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a draft lacks: words of the source that are lost or moved; links and pictures (source, draft)."""

    lost: tuple[str, ...]
    moved: tuple[str, ...]
    links: tuple[int, int]
    pictures: tuple[int, int]

    @property
    def none(self) -> bool:
        return not (
            self.lost or self.moved or self.links[0] > self.links[1] or self.pictures[0] > self.pictures[1]
        )


class _Reader(HTMLParser):
    """Collects visible words with the texts of pictures, and counts links and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.counts: Counter[str] = Counter()
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.text += [" "] * (tag not in INLINE)
        self.hidden += tag in HIDDEN
        if tag == "img":
            self.counts["img"] += 1
            self.text += [" ", given.get("alt") or "", " "]
        elif tag == "a" and given.get("href") is not None and not (given["href"] or "").startswith("#fn"):
            self.counts["a"] += 1

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in HIDDEN and self.hidden > 0
        self.text += [" "] * (tag not in INLINE)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(data)

    @property
    def words(self) -> list[str]:
        """The words of the text; an alert's sign stands for its heading."""
        return WORD.findall(ALERT.sub(lambda sign: NAMES[sign[1].lower()], "".join(self.text)))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(re.sub(r"<!--.*?-->", " ", html, flags=re.DOTALL))  # its own end of comments is another
    reader.close()
    return reader


def compare(source: str, title: str, goals: tuple[str, ...], body: str, rendered: Rendered) -> Difference:
    """Compare the body of a source with its draft, `rendered` being what learners see of it."""
    wanted = _read(REFERENCE.render(unsigned(source))).words
    shown = _read(f"<p>{title}</p>" + "".join(f"<p>{goal}</p>" for goal in goals)).words
    for html in _shown(rendered.parts):
        shown += _read(html).words
    lost, moved = missing(wanted, shown)
    if moved and len(wanted) < LONG:
        moved = _disordered(wanted, shown, lost)
    before, after = (_read("".join(_html(text))).counts for text in (unsigned(source), body))
    return Difference(lost, moved, (before["a"], after["a"]), (before["img"], after["img"]))


def unsigned(source: str) -> str:
    """The text without the signs of its dialect, code untouched."""
    pieces, last = [], 0
    for fence in FENCES.finditer(source):
        pieces += [SIGNS.sub("", source[last : fence.start()]), fence[0]]
        last = fence.end()
    return "".join([*pieces, SIGNS.sub("", source[last:])])


def _html(text: str) -> Iterator[str]:
    for part in render(text, "gfm").parts:
        assert isinstance(part, Html)
        yield part.html


def missing(wanted: list[str], shown: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that are not there often enough, and words that stand elsewhere."""
    left = Counter(word.casefold() for word in shown)
    places: dict[str, list[int]] = {}
    for place, word in enumerate(shown):
        places.setdefault(word.casefold(), []).append(place)
    lost, moved, at = [], [], 0
    for word in wanted:
        key = word.casefold()
        if not left[key]:
            lost.append(word)
            continue
        left[key] -= 1
        found = places[key]
        next_one = bisect_left(found, at)
        if next_one < len(found) and found[next_one] - at < WINDOW:
            at = found[next_one] + 1
        else:
            moved.append(word)
    return tuple(lost), tuple(moved)


def _disordered(wanted: list[str], shown: list[str], lost: tuple[str, ...]) -> tuple[str, ...]:
    """Words that stand elsewhere, by the longest runs that both have in common."""
    before, after = ([word.casefold() for word in words] for words in (wanted, shown))
    gone = Counter(lost)
    moved, at = [], 0
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for word in wanted[at : block.a]:
            if gone[word]:
                gone[word] -= 1
            else:
                moved.append(word)
        at = block.a + block.size
    return tuple(moved)


def _shown(parts: tuple[Part, ...]) -> Iterator[str]:
    """The HTML of all parts in the order in which they are read."""
    for part in parts:
        if isinstance(part, Html):
            yield part.html
        elif isinstance(part, Quiz):
            yield part.heading
            for question in part.questions:
                yield from _question(question)
        elif isinstance(part, Exercise):
            yield f"{part.heading} {part.html}"
        elif isinstance(part, Plan):
            yield part.heading
            yield from _plan(part)


def _question(question: Any) -> Iterator[str]:
    yield f"{question.html} {question.hint}"
    for option in question.options:
        yield f"{option.html} {option.feedback}"
    yield " ".join((*question.items, *question.columns, *(" ".join(pair) for pair in question.pairs)))
    yield " ".join((*question.solutions, question.explanation))


def _plan(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        if isinstance(part, PlanText):
            yield part.html
        elif isinstance(part, PlanField):
            yield f"{part.label} {part.hint}"
        elif isinstance(part, PlanTable):
            yield " ".join((*part.columns, *(cell.html for row in part.rows for cell in row)))
