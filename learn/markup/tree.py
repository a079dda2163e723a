"""Elements that remember their source line, and the few operations all constructs need on them."""

from collections.abc import Iterable, Iterator
from typing import Any, cast
from xml.etree.ElementTree import Element


class Node(Element):
    """An element of the tree. Python attributes never reach the HTML.

    `source` is text not yet parsed (leaf blocks), code or raw HTML; `info` a fence's language or a mark's
    name; `tick` the state of a task-list item; `align` a cell's alignment; `identity` a link's target as
    content_hash sees it; `token` is written in place of the element; `tight` marks a paragraph of a tight
    list, `block` raw HTML between blocks, `auto` an address linked without any mark.
    """

    line = 0
    source: str | None = None
    info = ""
    tick: bool | None = None
    align = ""
    identity = ""
    token = ""
    tight = False
    block = False
    auto = False

    def __init__(self, tag: str, attrib: dict[str, str] | None = None, line: int = 0) -> None:
        super().__init__(tag, attrib or {})
        self.line = line


def kids(node: Element) -> list[Node]:
    children: list[Any] = list(node)  # of our own making, so all are nodes
    return children


def walk(node: Element, tag: str | None = None) -> Iterator[Node]:
    """`node` itself and all below it, in document order, optionally those of one tag."""
    return cast("Iterator[Node]", node.iter(tag))


def items(node: Element) -> list[str | Node]:
    """The content as a flat list of texts and elements, without tails."""
    found: list[str | Node] = [node.text] if node.text else []
    for child in kids(node):
        found.append(child)
        if child.tail:
            found.append(child.tail)
    return found


def fill(node: Element, content: Iterable[str | Node]) -> None:
    """Replaces the content of `node`; the reverse of `items`."""
    node[:] = []
    node.text = None
    last: Node | None = None
    for item in content:
        if not isinstance(item, str):
            item.tail = None
            node.append(item)
            last = item
        elif last is None:
            node.text = (node.text or "") + item
        else:
            last.tail = (last.tail or "") + item


def make(tag: str, content: Iterable[str | Node] = (), line: int = 0, **attributes: str) -> Node:
    """A new element. `class_` stands for class, `_` in names for `-`."""
    attrib = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    node = Node(tag, attrib, line)
    fill(node, content)
    return node


def become(node: Node, tag: str, attributes: dict[str, str] | None = None) -> None:
    node.tag = tag
    node.attrib.clear()
    node.attrib.update(attributes or {})


def plain(node: Element) -> str:
    """The words of an element, white space collapsed; pictures count with their alt text."""
    return " ".join(raw_text(node).split())


def raw_text(node: Element) -> str:
    words: list[str] = []
    _collect(node, words)
    return "".join(words)


def _collect(node: Element, words: list[str]) -> None:
    if node.tag == "img":
        words.append(node.get("alt") or "")
    if node.tag == "br":
        words.append(" ")
    words.append(node.text or "")
    for child in node:
        _collect(child, words)
        words.append(child.tail or "")
