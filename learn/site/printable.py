"""Sanitised HTML as the blocks of a paper: what `learn/templates/papers/document.typ` prints.

Knows what our Markdown makes of headings, paragraphs, lists, tables, quotes, emphasis, code and links. Of
anything else the text stays and the element goes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

Block = dict[str, Any]
BLANKS = re.compile("[ \\t\\n]+")  # the non-breaking space stays
VOID = frozenset({"br", "hr", "img", "input"})
INLINE = frozenset({"strong", "em", "a", "code", "br", "sub", "sup", "del", "span", "mark", "kbd", "abbr"})


@dataclass(slots=True)
class Node:
    """An element with its children, or (empty name) a text."""

    name: str = ""
    text: str = ""
    values: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)

    def words(self) -> str:
        return self.text + "".join(child.words() for child in self.children)

    def all(self, *names: str) -> Iterator["Node"]:
        """The elements of these names below this one, outermost first."""
        for child in self.children:
            if child.name in names:
                yield child
            else:
                yield from child.all(*names)


class Tree(HTMLParser):
    """Builds nodes of well-formed HTML, as the sanitiser leaves it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("body")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, values={name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node(text=data))


def blocks(html: str, base_url: str) -> list[Block]:
    """The blocks of a text; addresses of our own are written out from `base_url`."""
    tree = Tree()
    tree.feed(html)
    return list(_blocks(tree.open[0].children, base_url))


def _blocks(nodes: list[Node], base: str) -> Iterator[Block]:
    """Blocks of a sequence; text that stands loose in it becomes a paragraph."""
    loose: list[Node] = []
    for node in nodes:
        if not node.name or node.name in INLINE:
            loose.append(node)
            continue
        yield from _paragraph(loose, base)
        loose = []
        make = MAKERS.get(node.name)
        yield from make(node, base) if make else _blocks(node.children, base)
    yield from _paragraph(loose, base)


def _paragraph(nodes: list[Node], base: str) -> Iterator[Block]:
    found = spans(nodes, base)
    if found:
        yield {"kind": "paragraph", "spans": found}


def _heading(node: Node, base: str) -> Iterator[Block]:
    yield {"kind": "heading", "level": int(node.name[1]) - 1, "spans": spans(node.children, base)}


def _list(node: Node, base: str) -> Iterator[Block]:
    items = [list(_blocks(item.children, base)) for item in node.children if item.name == "li"]
    start = int(node.values.get("start") or 1)
    yield {"kind": "list", "ordered": node.name == "ol", "start": start, "items": items}


def _quote(node: Node, base: str) -> Iterator[Block]:
    yield {"kind": "quote", "blocks": list(_blocks(node.children, base))}


def _rule(_node: Node, _base: str) -> Iterator[Block]:
    yield {"kind": "rule"}


def _table(node: Node, base: str) -> Iterator[Block]:
    rows = [[cell for cell in row.children if cell.name in {"td", "th"}] for row in node.all("tr")]
    printed = [[spans(cell.children, base) for cell in row] for row in rows]
    caption = "".join(found.words() for found in node.all("caption")).strip()
    yield {
        "kind": "table",
        "caption": caption,
        "widths": widths(rows),
        "head": printed[0],
        "rows": printed[1:],
    }


def widths(rows: list[list[Node]]) -> list[int]:
    """Shares of the page for the columns of a table: by the longest text of each, none below a tenth."""
    longest = [max(len(cell.words()) for cell in column) for column in zip(*rows, strict=True)]
    return [min(60, max(14, length)) for length in longest]


def spans(nodes: list[Node], base: str) -> list[Block]:
    """Running text; blank at its ends is cut."""
    found = list(_spans(nodes, base))
    if found and found[0]["kind"] == "text":
        found[0]["text"] = found[0]["text"].lstrip()
    if found and found[-1]["kind"] == "text":
        found[-1]["text"] = found[-1]["text"].rstrip()
    return [span for span in found if span != {"kind": "text", "text": ""}]


def _spans(nodes: list[Node], base: str) -> Iterator[Block]:
    for node in nodes:
        if not node.name:
            yield {"kind": "text", "text": BLANKS.sub(" ", node.text)}
        elif node.name == "br":
            yield {"kind": "break"}
        elif node.name == "code":
            yield {"kind": "code", "text": node.words()}
        elif node.name in {"strong", "em"}:
            kind = "strong" if node.name == "strong" else "emph"
            yield {"kind": kind, "spans": list(_spans(node.children, base))}
        elif node.name == "a" and not node.values.get("href", "#").startswith("#"):
            href = urljoin(base, node.values["href"])
            yield {"kind": "link", "href": href, "spans": list(_spans(node.children, base))}
        else:
            yield from _spans(node.children, base)


MAKERS: dict[str, Callable[[Node, str], Iterator[Block]]] = {
    "p": lambda node, base: _paragraph(node.children, base),
    "ul": _list,
    "ol": _list,
    "blockquote": _quote,
    "hr": _rule,
    "table": _table,
    **{f"h{level}": _heading for level in range(2, 7)},
}
