"""The parsed text as a JSON-able value for content_hash, and its plain words for the search."""

from xml.etree.ElementTree import Element

from learn.markup.names import names
from learn.markup.tree import Node, items, kids, plain

_BLOCKS = names(
    "aside blockquote details div dl dt dd figure figcaption h1 h2 h3 h4 h5 h6 li ol p pre section "
    "table thead tbody tr td th ul caption summary quiz aufgabe fahrplan begriff"
)
_DERIVED = frozenset(
    {"id", "class", "href", "rel", "loading", "tabindex", "role", "aria-label", "aria-labelledby"}
)


def canonical(node: Node) -> list[object]:
    """`[tag, attributes, content…]`, white space collapsed outside code, links by identity."""
    attributes: dict[str, str] = {name: value for name, value in node.items() if name not in _DERIVED}
    if node.identity:
        attributes["to"] = node.identity
    if node.info and node.tag in {"marke", "pre"}:
        attributes["name"] = node.info
    if node.tag in {"marke", "quiz", "aufgabe", "fahrplan", "begriff"} and node.get("id"):
        attributes["id"] = node.get("id") or ""
    if node.align:
        attributes["align"] = node.align
    if node.tag == "pre":
        return ["pre", attributes, "".join(node.itertext())]
    return [node.tag, attributes, *_content(node)]


def _content(node: Node) -> list[object]:
    found: list[object] = []
    for item in items(node):
        if isinstance(item, str):
            words = " ".join(item.split())
            if words and node.tag == "code":
                found.append(item)
            elif words:
                found.append(f"{' ' * item[0].isspace()}{words}{' ' * item[-1].isspace()}")
        else:
            found.append(canonical(item))
    return _edges(found) if node.tag in _BLOCKS else found


def _edges(content: list[object]) -> list[object]:
    """Blanks at the edges of a block, or beside a block in it, mean nothing."""
    for index, item in enumerate(content):
        if isinstance(item, str):
            before = index == 0 or _is_block(content[index - 1])
            after = index == len(content) - 1 or _is_block(content[index + 1])
            words = item.lstrip() if before else item
            content[index] = words.rstrip() if after else words
    return content


def _is_block(item: object) -> bool:
    return isinstance(item, list) and item[0] in _BLOCKS


def words(node: Element) -> str:
    """The plain words, one line per block."""
    lines: list[str] = []
    _lines(node, lines)
    return "\n".join(line for line in lines if line)


def _lines(node: Element, lines: list[str]) -> None:
    if node.tag == "marke":
        return
    if any(child.tag in _BLOCKS for child in kids(node)):
        lines.append(" ".join((node.text or "").split()))
        for child in kids(node):
            _lines(child, lines)
            lines.append(" ".join((child.tail or "").split()))
    else:
        lines.append(plain(node))
