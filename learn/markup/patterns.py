"""Inline patterns that bind tighter than emphasis: code, escapes, addresses, HTML, characters, line ends."""

import html
import re
from abc import abstractmethod
from html.entities import html5
from typing import ClassVar

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from learn.markup.context import Context
from learn.markup.limits import ADDRESS
from learn.markup.tree import Node

Found = tuple["Node | str | None", int | None, int | None]
NOTHING: Found = (None, None, None)


class GfmPattern(InlineProcessor):
    """A pattern that is tried where one of its `starts` stands; it sees each text once, left to right."""

    starts: ClassVar[str] = ""
    expression: ClassVar[str] = r"(?!)"

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(self.expression, md)
        self.context = context

    def begin(self, data: str, line: int) -> None:
        """Called before each text, with the line it begins at."""

    @abstractmethod
    def found(self, m: re.Match[str], data: str) -> Found:
        """The element or text that stands for `data[start:end]`, or NOTHING."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]  # noqa: N802
        return self.found(m, data)  # Python-Markdown's name for it


class CodeSpan(GfmPattern):
    starts = "`"
    expression = r"`+"

    def begin(self, data: str, line: int) -> None:
        self._last: dict[int, int] | None = None
        self._data = data
        self._line = line

    def _closers(self) -> dict[int, int]:
        """The last place of a run of each length, so that a search in vain happens never."""
        if self._last is None:
            self._last = {len(run[0]): run.start() for run in self.compiled_re.finditer(self._data)}
        return self._last

    def found(self, m: re.Match[str], data: str) -> Found:
        size, pos = len(m[0]), m.end()
        if not self.context.budget.take("backticks"):
            if not self.context.budget.warned:
                self.context.fault("K601", self._line + data.count("\n", 0, pos), ausschnitt=m[0][:30])
            self.context.budget.warned = True
            return m[0], m.start(), pos
        if self._closers().get(size, -1) < pos:
            return m[0], m.start(), pos
        for run in self.compiled_re.finditer(data, pos):
            if len(run[0]) == size:
                self.context.budget.take("backticks")
                node = Node("code")
                node.text = AtomicString(_code(data[pos : run.start()]))
                return node, m.start(), run.end()
        return m[0], m.start(), pos


def _code(text: str) -> str:
    text = text.replace("\n", " ")
    if text.strip() and text.startswith(" ") and text.endswith(" "):
        return text[1:-1]
    return text


class Escape(GfmPattern):
    """markdown-it also keeps a backslash and any other sign apart from the words behind them."""

    starts = "\\"
    expression = r"\\(?:([!-/:-@\[-`{-~])|[^\n])"

    def found(self, m: re.Match[str], data: str) -> Found:  # noqa: ARG002  # the text is not needed
        if m[1] is None and self.context.ours:
            return NOTHING
        return AtomicString(m[1] or m[0]), m.start(), m.end()


class LineEnd(GfmPattern):
    """A backslash or two blanks before the line end break the line."""

    starts = "\\\n"
    expression = r"\\?\n[ \t]*"

    def found(self, m: re.Match[str], data: str) -> Found:
        before = data[max(0, m.start() - 2) : m.start()]
        if m[0].startswith("\\") or before == "  ":
            return Node("br"), m.start(), m.end()
        return "\n", m.start(), m.end()


class Entity(GfmPattern):
    starts = "&"
    expression = r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[a-zA-Z][a-zA-Z0-9]{1,31});"

    def found(self, m: re.Match[str], data: str) -> Found:  # noqa: ARG002  # the text is not needed
        return AtomicString(decode(m[0])), m.start(), m.end()


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def decode(entity: str) -> str:
    """The character an entity stands for; unknown names stay as they are."""
    if entity[1] != "#" and entity[1:] not in html5:
        return entity
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", html.unescape(entity))


_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"


class Autolink(GfmPattern):
    starts = "<"
    expression = (
        rf"<(?:([A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\x00-\x20<>]{{0,{ADDRESS}}})"
        rf"|([a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{0,8}}))>"
    )

    def found(self, m: re.Match[str], data: str) -> Found:  # noqa: ARG002  # the text is not needed
        if m[1] and not self.context.accepts(m[1]):
            return NOTHING
        return address(m[1] or m[2], m[1] or f"mailto:{m[2]}"), m.start(), m.end()


def address(words: str, href: str) -> Node:
    node = Node("a", {"href": href})
    node.text = AtomicString(words)
    return node


_TAG_ATTRIBUTE = r"""\s+[a-zA-Z_:][\w.:-]*+(?:\s*=\s*(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?"""
TAG = rf"<[a-zA-Z][a-zA-Z0-9-]*+(?:{_TAG_ATTRIBUTE})*+\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*+\s*>"
_ENDINGS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_DECLARATION = re.compile(r"<!(?:--|\[CDATA\[|[A-Za-z])|<[?]")


class InlineHtml(GfmPattern):
    """Kept as it is; the construct `html` decides about it."""

    starts = "<"
    expression = rf"{TAG}|<[!?]"

    def begin(self, data: str, line: int) -> None:  # noqa: ARG002  # starts afresh
        self._missing: set[str] = set()

    def found(self, m: re.Match[str], data: str) -> Found:
        end: int | None = m.end()
        if len(m[0]) == 2:
            end = self._special(data, m.start())
            if end is None:
                return NOTHING
        node = Node("raw")
        node.source = data[m.start() : end]
        return node, m.start(), end

    def _special(self, data: str, start: int) -> int | None:
        """Where a comment, instruction or declaration ends; each ending is looked for in vain only once."""
        for opening, ending in _ENDINGS:
            if data.startswith(opening, start) and _DECLARATION.match(data, start):
                if ending in self._missing:
                    return None
                if data.startswith(("<!-->", "<!--->"), start):
                    return data.index(">", start) + 1
                end = data.find(ending, start + len(opening))
                if end < 0:
                    self._missing.add(ending)
                    return None
                return end + len(ending)
        return None
