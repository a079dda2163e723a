"""Quotes of other contributions: a quote beside `<!-- zitat beitrag=12 fassung=3 -->`."""

import re

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, fill, kids

_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


class Quotations(Construct):
    """The quote before the mark, else the one after it, becomes a piece of its own."""

    def apply(self, root: Node) -> None:
        if self.context.kind != "beitrag":
            return
        content: list[str | Node] = []
        waiting: Node | None = None
        for node in kids(root):
            before = content[-1] if content else None
            if node.tag == "marke" and node.info == "zitat":
                if isinstance(before, Node) and before.tag == "blockquote":
                    content[-1] = _quotation(before, node)
                else:
                    waiting = node
            else:
                marked = waiting is not None and node.tag == "blockquote"
                content.append(_quotation(node, waiting) if marked and waiting is not None else node)
                waiting = None
        fill(root, content)


def _quotation(quote: Node, mark: Node) -> Node:
    post, revision = mark.get("beitrag") or "", mark.get("fassung") or ""
    if not (_NUMBER.fullmatch(post) and _NUMBER.fullmatch(revision)):
        return quote
    place = Node("zitat", {"beitrag": post, "fassung": revision}, quote.line)
    place.append(quote)
    return place
