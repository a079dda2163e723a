"""The tree as HTML text; takes the place of Python-Markdown's serializer."""

from html import escape
from xml.etree.ElementTree import Element

from learn.markup.names import names
from learn.markup.tree import kids

VOID = frozenset({"br", "hr", "img", "input", "source"})
_BREAK_AFTER = names(
    "address aside blockquote caption details div dl dt dd figcaption figure h1 h2 h3 h4 h5 h6 hr li "
    "ol p pre section summary table tbody td th thead tr ul br"
)
_BREAK_INSIDE = names("aside blockquote details div dl figure ol section table tbody thead tr ul")


def inner_html(node: Element) -> str:
    """The HTML of what stands inside `node`."""
    parts: list[str] = []
    _content(node, parts)
    return "".join(parts).strip()


def html(node: Element) -> str:
    parts: list[str] = []
    _element(node, parts)
    return "".join(parts)


def _content(node: Element, parts: list[str]) -> None:
    if node.text:
        parts.append(escape(node.text, quote=False))
    for child in kids(node):
        _element(child, parts)
        if child.tail:
            parts.append(escape(child.tail, quote=False))


def _element(node: Element, parts: list[str]) -> None:
    tag = node.tag
    token: str = getattr(node, "token", "")
    if token:
        parts.append(token)
        return
    if tag == "raw":
        parts.append(getattr(node, "source", "") or "")
        parts.append("\n" * getattr(node, "block", False))
        return
    parts.append(f"<{tag}")
    for name, value in node.attrib.items():
        parts.append(f' {name}="{escape(value)}"')
    parts.append(">")
    if tag not in VOID:
        if tag in _BREAK_INSIDE:
            parts.append("\n")
        _content(node, parts)
        parts.append(f"</{tag}>")
    if tag in _BREAK_AFTER:
        parts.append("\n")
