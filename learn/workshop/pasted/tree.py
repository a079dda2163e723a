"""A small tree of any HTML in linear time: every word that a browser shows is kept, in order.

`html.parser` takes quadratic time for some broken texts, and what nests too deep breaks recursion: here tags
are found by one pattern, and elements below the deepest level stand in their ancestor.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from learn.markup.names import names

VOID = names("area base br col embed hr img input link meta param source track wbr")
HIDDEN = names("head nav script style template title noscript iframe object svg select xml math")
RAW = frozenset({"script", "style", "title", "iframe"})  # hold text, no elements
DEEPEST = 60
MOST_TAGS = 30_000  # beyond, only the words count
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s<>/]*+)((?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""")
_LOOSE = re.compile(r"<(/?)([A-Za-z][^\s<>/]*+)([^<>]*+)>")  # with an odd quotation mark
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?""")
BLOCKS = names(
    "address article aside blockquote body dd details dir div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hr li main menu ol p pre section summary table ul"
)
_ENDED_BY = {
    "p": BLOCKS - {"li", "dt", "dd", "summary"},
    "head": BLOCKS,
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "thead": frozenset({"tbody", "tfoot"}),
    "tbody": frozenset({"tbody", "tfoot"}),
    "option": frozenset({"option"}),
}
_HOLDS = frozenset({"ul", "ol", "table", "blockquote"})
KEPT = frozenset({"style", "class", "href", "alt", "src", "start", "colspan", "rowspan", "width", "hidden"})
LONGEST = 2_000  # characters of an attribute


@dataclass(slots=True)
class Element:
    """An element with its content: elements and texts."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: "list[Element | str]" = field(default_factory=list)

    def words(self) -> str:
        """All text in it."""
        return "".join(item if isinstance(item, str) else item.words() for item in self.content)


Item = Element | str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as written; `attributes` not yet read."""

    name: str
    closing: bool
    attributes: str


def tree(source: str) -> Element:
    """The root of a piece of HTML; of one with all too many tags its words alone."""
    root = Element("div")
    if source.count("<") > MOST_TAGS:
        root.content = [token for token in _tokens(source) if isinstance(token, str)]
        return root
    builder = _Builder(root)
    for token in _tokens(source):
        builder.add(token)
    return root


def _tokens(source: str) -> Iterator[Tag | str]:
    """Tags and texts; comments and declarations vanish, what raw elements hold with them."""
    pos, size = 0, len(source)
    text_from = 0
    gone: set[str] = set()  # endings that were looked for in vain
    while (start := source.find("<", pos)) >= 0:
        tag = _TAG.match(source, start) or _LOOSE.match(source, start)
        end = tag.end() if tag else _declared(source, start, gone)
        if end is None:
            pos = start + 1
            continue
        if start > text_from:
            yield html.unescape(source[text_from:start])
        if tag:
            name = tag[2].lower()
            yield Tag(name, bool(tag[1]), tag[3])
            if name in RAW and not tag[1]:
                end = _behind_raw(source, end, name, gone)
        pos = text_from = end
    if text_from < size:
        yield html.unescape(source[text_from:])


def _declared(source: str, start: int, gone: set[str]) -> int | None:
    """Where a comment or declaration ends; None if none begins there."""
    if not source.startswith(("<!", "<?"), start):
        return None
    ending = "-->" if source.startswith("<!--", start) else ">"
    end = -1 if ending in gone else source.find(ending, start + 2)
    if end < 0:
        gone.add(ending)
        return None
    return end + len(ending)


def _behind_raw(source: str, pos: int, name: str, gone: set[str]) -> int:
    """Where the end tag of a raw element begins; without one it ends where it begins."""
    found = None if name in gone else re.compile(rf"</{name}", re.IGNORECASE).search(source, pos)
    if found is None:
        gone.add(name)
        return pos
    return found.start()


class _Builder:
    def __init__(self, root: Element) -> None:
        self.open = [root]

    def add(self, token: Tag | str) -> None:
        if isinstance(token, str):
            self.open[-1].content.append(token)
        elif token.closing:
            self._close(token.name)
        else:
            self._begin(token)

    def _begin(self, tag: Tag) -> None:
        self._end_before(tag.name)
        made = Element(tag.name, _attributes(tag.attributes))
        self.open[-1].content.append(made)
        closed = tag.attributes.endswith("/") and ":" in tag.name
        if tag.name not in VOID and not closed and len(self.open) < DEEPEST:
            self.open.append(made)

    def _close(self, name: str) -> None:
        if any(element.name == name for element in self.open[1:]):
            while self.open.pop().name != name:
                pass

    def _end_before(self, name: str) -> None:
        """`<li>` ends the one before it, unless a list has begun within."""
        for place in range(len(self.open) - 1, 0, -1):
            there = self.open[place].name
            if name in _ENDED_BY.get(there, ()):
                del self.open[place:]
                if there in {"td", "th"}:  # the row may end, too
                    self._end_before(name)
                return
            if there in _HOLDS:
                return


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text) if text.strip() else ():
        name = match[1].lower()
        if name in KEPT:
            value = match[2] or match[3] or match[4] or ""
            found.setdefault(name, html.unescape(value[:LONGEST]))
    return found
