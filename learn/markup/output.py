"""From the tree to sanitised pieces of HTML, counting what goes to the sanitiser."""

from collections.abc import Iterable
from html import escape

from learn.markup.limits import TooLarge
from learn.markup.sanitise import sanitise
from learn.markup.serialise import inner_html
from learn.markup.tokens import Tokens
from learn.markup.tree import Node, fill, items, plain


class Writer:
    """Writes pieces of one text; together they stay below `limit` characters (TooLarge)."""

    def __init__(self, limit: int, tokens: Tokens) -> None:
        self.left = limit
        self.tokens = tokens

    def _clean(self, text: str) -> str:
        """The text after the last gate, formulas in their places."""
        self._count(len(text))
        clean = sanitise(text).strip()
        shown = self.tokens.back(clean)
        self._count(len(shown) - len(clean))
        return shown

    def _count(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise TooLarge

    def html(self, content: "Iterable[str | Node]") -> str:
        place = Node("div")
        fill(place, content)
        return self._clean(inner_html(place))

    def inner(self, node: Node) -> str:
        return self._clean(inner_html(node))

    def words(self, node: Node) -> str:
        """The plain words, escaped: HTML without any element."""
        return escape(plain(node), quote=False)

    def option(self, item: Node) -> str:
        """A list item without its box and without quotes; a single paragraph gives its content."""
        content = [part for part in items(item) if isinstance(part, str) or part.tag != "blockquote"]
        solid = [part for part in content if not isinstance(part, str) or part.strip()]
        first = solid[0] if solid else ""
        if isinstance(first, Node) and first.tag == "p":
            fill(first, _unboxed(items(first)))
            content = items(first) if len(solid) == 1 else content
        return self.html(_unboxed(content))


def _unboxed(content: list[str | Node]) -> list[str | Node]:
    """Without the box, which would tell the answer, and the blank behind it."""
    kept = [part for part in content if isinstance(part, str) or part.tag != "input"]
    if len(kept) < len(content) and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip()
    return kept
