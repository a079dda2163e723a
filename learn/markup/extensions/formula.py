"""Formulas: `$…$` and `$$…$$` where the front matter says `formeln: ja`."""

import re

from markdown.util import AtomicString

from learn.markup.extensions.base import Construct
from learn.markup.patterns import Found, GfmPattern
from learn.markup.tree import Node, walk

_CLOSING = re.compile(r"(?<!\\)\$(?!\d)")


class FormulaPattern(GfmPattern):
    starts = "$"
    expression = r"\${1,2}"

    def begin(self, data: str, line: int) -> None:  # noqa: ARG002  # starts afresh
        self._missing: set[str] = set()

    def found(self, m: re.Match[str], data: str) -> Found:
        sign, start = m[0], m.end()
        end = -1 if sign in self._missing else self._end(data, sign, start)
        if end < 0:
            self._missing.add(sign)
            return sign, m.start(), start
        text = data[start:end].strip()
        if not text or (sign == "$" and (data[start].isspace() or data[end - 1].isspace())):
            return sign, m.start(), start
        node = Node("code", {"class": "sc-math"})
        node.text = AtomicString(" ".join(text.split()))
        return node, m.start(), end + len(sign)

    @staticmethod
    def _end(data: str, sign: str, start: int) -> int:
        if sign == "$$":
            return data.find("$$", start)
        found = _CLOSING.search(data, start)
        return found.start() if found else -1


class Formulas(Construct):
    """Reports formulas that cannot be right."""

    def apply(self, root: Node) -> None:
        for node in walk(root, "code"):
            if node.get("class") == "sc-math" and not balanced(node.text or ""):
                self.context.fault("K206", node.line)


def balanced(text: str) -> bool:
    depth = 0
    for char in re.sub(r"\\[\\{}]", "", text):
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0
