"""Practice: a quote whose first line is bold and begins with „Aus der Praxis:“."""

from learn.markup.extensions.alerts import callout
from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, items, kids, plain, walk


class Practice(Construct):
    def apply(self, root: Node) -> None:
        for quote in list(walk(root, "blockquote")):
            first = kids(quote)[0] if len(quote) else None
            if first is None or first.tag != "p" or first.text or not len(first):
                continue
            label = kids(first)[0]
            if label.tag == "strong" and plain(label).startswith("Aus der Praxis:"):
                rest = items(first)[1:]
                if self._line_ends(rest):
                    if rest and isinstance(rest[0], Node):
                        rest = rest[1:]
                    callout(quote, "town", items(label), _stripped(rest))

    @staticmethod
    def _line_ends(rest: "list[str | Node]") -> bool:
        if not rest:
            return True
        head = rest[0]
        return head.startswith("\n") if isinstance(head, str) else head.tag == "br"


def _stripped(content: "list[str | Node]") -> "list[str | Node]":
    if content and isinstance(content[0], str):
        return [content[0].lstrip("\n"), *content[1:]]
    return content
