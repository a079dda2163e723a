"""Headings without gaps: below the title, no level is left out."""

import re

from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.scanning import heading

_ITEM = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?=#)")
_TAG = re.compile(r"<(/?)h([1-6])(?=[\s>])", re.IGNORECASE)
_SETEXT = re.compile(r"[ ]{0,3}(=+|-+)[ \t]*$")


def levelled(lines: Lines) -> Lines:
    """With levels in steps of one. A `# ` that stands first is the title; others move one level down."""
    walk = _Walk(lines)
    for index in range(len(lines.texts)):
        walk.look(index)
    return lines.changed(walk.texts)


class _Walk:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.texts = list(lines.texts)
        self.last = 1
        self.begun = False
        self.shift = self._more_titles()

    def _more_titles(self) -> int:
        """1 if a heading of the first level stands below the beginning of the text."""
        begun = False
        for index, text in enumerate(self.texts):
            if self.lines.scan.hidden[index] or not text.strip():
                continue
            if begun and text.lstrip()[0] in "#=<" and self._top(index, text):
                return 1
            begun = True
        return 0

    def _top(self, index: int, text: str) -> bool:
        found = heading(text.strip())
        return (found is not None and found[0] == 1) or self._setext(index) == 1 or "<h1" in text.lower()

    def _setext(self, index: int) -> int:
        """The level of the heading that this line underlines, 0 if none."""
        found = _SETEXT.match(self.texts[index])
        if not found or not index or not self.texts[index - 1].strip() or self.lines.scan.hidden[index - 1]:
            return 0
        above = self.texts[index - 1].lstrip()
        if above[0] in "#>|" or re.match(r"(?:[-*+]|\d{1,9}[.)])\s", above):
            return 0
        return 1 if found[1][0] == "=" else 2

    def look(self, index: int) -> None:
        text = self.texts[index]
        if self.lines.scan.hidden[index] or not text.strip():
            return
        if "#" not in text and "<" not in text and text.lstrip()[0] not in "=-":
            self.begun = True
            return
        prefix = PREFIX.match(text)
        head = prefix.end() if prefix else 0
        item = _ITEM.match(text, head)
        start = item.end() if item else head
        found = heading(text[start:])
        if found and not self.begun and found[0] == 1 and not start:
            self.last = 1
        elif found:
            new = self._new(found[0])
            self.texts[index] = text[:start] + "#" * new + text[start + found[0] :]
        elif level := self._setext(index):
            self._underlined(index, level)
        elif "<" in text:
            self.texts[index] = _TAG.sub(self._tag, text)
        self.begun = True

    def _new(self, level: int) -> int:
        self.last = min(level + self.shift, self.last + 1, 6)
        self.last = max(2, self.last)
        return self.last

    def _underlined(self, index: int, level: int) -> None:
        """An underlined heading stays so where its level stays."""
        if level == 1 and self._first(index - 1):
            return
        new = self._new(level)
        if new == level or (self.texts[index - 2].strip() if index > 1 else ""):
            return
        self.texts[index - 1] = f"{'#' * new} {self.texts[index - 1].strip()}"
        self.texts[index] = ""

    def _first(self, index: int) -> bool:
        return not any(text.strip() for text in self.texts[:index]) if index < 5 else False

    def _tag(self, found: re.Match[str]) -> str:
        if found[1]:
            return f"</h{self.last}"
        return f"<h{self._new(int(found[2]))}"
