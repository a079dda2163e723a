"""Formulas: `$…$` and `$$…$$` where the front matter says `formeln: ja`."""

import re

from markdown.util import AtomicString

from learn.markup.extensions.base import Construct
from learn.markup.extensions.headings import LEVELS
from learn.markup.mathml import mathml
from learn.markup.patterns import Found, GfmPattern
from learn.markup.tree import Node, walk

_FOCUSED = LEVELS.keys() | {"a", "summary"}  # what holds no further place to stop at
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
        node.info = sign
        node.text = AtomicString(" ".join(text.split()))
        return node, m.start(), end + len(sign)

    @staticmethod
    def _end(data: str, sign: str, start: int) -> int:
        if sign == "$$":
            return data.find("$$", start)
        found = _CLOSING.search(data, start)
        return found.start() if found else -1


class Formulas(Construct):
    """Gives formulas their MathML; reports those that stay TeX, because they cannot be right."""

    def apply(self, root: Node) -> None:
        if not self.context.formulas:
            return
        inside = {id(node) for place in walk(root) if place.tag in _FOCUSED for node in walk(place, "code")}
        for node in walk(root, "code"):
            if node.get("class") == "sc-math":
                self._formula(node, focusable=id(node) not in inside)

    def _formula(self, node: Node, *, focusable: bool) -> None:
        tex = node.text or ""
        found = ""
        if balanced(tex) and self.context.budget.take("formulas", len(tex)):
            found = mathml(tex, display=node.info == "$$", focusable=focusable)
        if found:
            node.token = self.context.tokens.add(found)
        else:
            self.context.fault("K206", node.line)


def balanced(text: str) -> bool:
    depth = 0
    for char in re.sub(r"\\[\\{}]", "", text):
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0
