"""What the lines of a text are: code, hidden HTML or Markdown, and how deep in quotes."""

import re
from dataclasses import dataclass, field

_ATX = re.compile(r"#{1,6}(?=[ \t]|$)")
_QUOTES = re.compile(r"(?:[ \t]{0,3}>[ ]?)*+")
_MARKER = re.compile(r"[ \t]*+(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)[ \t]{0,4}")
_FENCE = re.compile(r"[ \t]*+(`{3,}+(?=[^`]*$)|~{3,}+)(.*)$")
_HIDING = re.compile(r"[ \t]*+(?:<(script|pre|style|textarea)(?=[\s>]|$)|<!--(?!-?>))", re.IGNORECASE)
BREAKS = re.compile(r"[ \t]*+(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|\||`{3}|~{3}|:{3}|\{\{|\{%)")


@dataclass(slots=True)
class Fence:
    """A fenced code block: indexes of its first and last line, and what stands behind the opening marks."""

    first: int
    last: int
    marks: str
    info: str
    depth: int


@dataclass(slots=True)
class Scan:
    """What a look at all lines found: which are code or hidden HTML, how deep in quotes each stands."""

    hidden: list[bool] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)


class Scanner:
    """Reads the lines once; knows code, comments and elements whose content is no Markdown."""

    def __init__(self) -> None:
        self.found = Scan()
        self.fence: Fence | None = None
        self.least = 0  # indent below which the open fence ends with its list item
        self.ending: re.Pattern[str] | None = None
        self.offsets: list[int] = []
        self.blank = True
        self.code = False
        self.depth = 0

    def read(self, lines: list[str]) -> Scan:
        for index, line in enumerate(lines):
            if line[:1].isalpha() and self._plainly():
                continue
            quotes = _QUOTES.match(line)
            head = quotes[0] if quotes else ""
            hidden = self._line(index, head.count(">"), line[len(head) :], line)
            self.found.hidden.append(hidden)
        return self.found

    def _plainly(self) -> bool:
        """Takes a line that begins with a letter at the margin for words, where nothing is open."""
        if self.fence is not None or self.ending is not None or self.depth:
            return False
        if self.blank:
            self.offsets = []
        self.blank = self.code = False
        self.found.hidden.append(False)
        self.found.depth.append(0)
        return True

    def _line(self, index: int, depth: int, rest: str, line: str) -> bool:
        fence = self.fence
        if fence is not None and self._in_fence(fence, index, depth, rest, line):
            self.found.depth.append(fence.depth)
            self.blank = False
            return True
        self.found.depth.append(depth)
        if self.ending is not None and depth >= self.depth:
            if self.ending.search(line):
                self.ending = None
            return True
        self.ending = None
        if depth != self.depth:
            self.offsets, self.blank, self.code = [], True, False
            self.depth = depth
        return self._plain(index, rest)

    def _in_fence(self, fence: Fence, index: int, depth: int, rest: str, line: str) -> bool:
        """Whether the line belongs to the open fence; ends the fence at its last line."""
        if depth > fence.depth:
            rest = _without_quotes(line, fence.depth)
        if depth < fence.depth or (rest.strip() and _width(rest) < self.least):
            self.fence = None
            return False
        fence.last = index
        closing = rest.strip()
        if closing.startswith(fence.marks) and not closing.strip(fence.marks[0]):
            self.fence = None
        return True

    def _plain(self, index: int, rest: str) -> bool:
        if not rest.strip():
            self.blank = True
            return self.code
        indent = _width(rest)
        if self.blank or BREAKS.match(rest):
            while self.offsets and self.offsets[-1] > indent:
                self.offsets.pop()
        base = self.offsets[-1] if self.offsets else 0
        if indent >= base + 4 and (self.blank or self.code):
            self.code, self.blank = True, False
            return True
        self.code = self.blank = False
        return self._opens(index, self._items(rest), indent)

    def _items(self, rest: str) -> str:
        """What stands behind the markers of list items, whose contents may be indented from here on."""
        at = 0
        while found := _MARKER.match(rest, at):
            wide = found[0].rstrip()
            gap = len(found[0]) - len(wide)
            at += len(wide) + (gap if 1 <= gap <= 4 else min(gap, 1))
            self.offsets.append(len(rest[:at].expandtabs(4)) if at < len(rest) else len(wide) + 1)
            if len(self.offsets) > 12:
                break
        return rest[at:]

    def _opens(self, index: int, rest: str, indent: int) -> bool:
        fence = _FENCE.match(rest)
        if fence:
            self.fence = Fence(index, index, fence[1], fence[2].strip(), self.depth)
            self.found.fences.append(self.fence)
            inner = [offset for offset in self.offsets if offset <= max(indent, 2)]
            self.least = inner[-1] if inner else 0
            return True
        html = _HIDING.match(rest)
        if not html:
            return False
        ending = re.compile(rf"</{html[1]}>" if html[1] else "-->", re.IGNORECASE)
        behind = ending.search(rest, html.end())
        if behind:
            return not rest[behind.end() :].strip()
        self.ending = ending
        return True


def heading(text: str) -> tuple[int, str] | None:
    """Level and words of a line that is an ATX heading, its container's signs taken off."""
    found = _ATX.match(text)
    if not found:
        return None
    words = text[found.end() :].strip()
    bare = words.rstrip("#")
    return len(found[0]), bare.rstrip() if not bare or bare[-1] in " \t" else words


def _width(text: str) -> int:
    blank = len(text) - len(text.lstrip(" \t"))
    return len(text[:blank].expandtabs(4))


def _without_quotes(line: str, depth: int) -> str:
    """The line behind its first `depth` signs of quoting."""
    at = 0
    for _ in range(depth):
        at = line.find(">", at) + 1
        at += line[at : at + 1] == " "
    return line[at:]
