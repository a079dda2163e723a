"""What follows a closing bracket: the target of a link or picture, inline or by reference."""

import re
from dataclasses import dataclass

from learn.markup.context import Context
from learn.markup.patterns import decode
from learn.markup.references import LABEL, blank, normal, target, title
from learn.markup.tree import Node, fill, items, kids, make, plain, walk

_HIDDEN = re.compile(r"\\[!-/:-@\[-`{-~]|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class Target:
    href: str
    title: str
    end: int


def after(data: str, pos: int, label: str, context: Context) -> Target | None:
    """The target after `]`. `label` is the text in the brackets, if it may name a reference."""
    if data.startswith("(", pos):
        found = _inline(data, pos, context)
        if found:
            return found
    if data.startswith("[", pos):
        match = LABEL.match(data, pos)
        if match and match[1].strip():
            return _reference(match[1], match.end(), context)
        if data.startswith("[]", pos):
            return _reference(label, pos + 2, context)
    return _reference(label, pos, context)


def _inline(data: str, pos: int, context: Context) -> Target | None:
    start = blank(data, pos + 1)
    found = target(data, start)
    if not found:
        return None
    href, end = found
    begin = blank(data, end)
    words = title(data, begin) if begin > end else None
    if words:
        begin = blank(data, words[1])
    href = unescape(href)
    if not data.startswith(")", begin) or not context.accepts(href):
        return None
    return Target(href, unescape(words[0]) if words else "", begin + 1)


def _reference(label: str, end: int, context: Context) -> Target | None:
    if not label or not context.references:
        return None
    found = context.references.get(normal(label))
    if not found or not context.budget.take("references", len(found[0]) + len(found[1])):
        return None
    href = unescape(found[0])
    return Target(href, unescape(found[1]), end) if context.accepts(href) else None


def unescape(text: str) -> str:
    """The text with character references and escapes resolved, each once."""
    return _HIDDEN.sub(_shown, text) if "&" in text or "\\" in text else text


def _shown(found: re.Match[str]) -> str:
    return found[0][1] if found[0][0] == "\\" else decode(found[0])


def link(found: Target, inner: list[str | Node], line: int) -> Node:
    node = make("a", inner, line, href=found.href)
    for parent in list(walk(node)):
        if any(child.auto for child in kids(parent)):
            fill(parent, [_words(item) for item in items(parent)])
    if found.title:
        node.set("title", found.title)
    return node


def _words(item: str | Node) -> str | Node:
    """An address that became a link by itself is words inside another link."""
    return item.text or "" if isinstance(item, Node) and item.auto else item


def image(found: Target, inner: list[str | Node], line: int) -> Node:
    words = Node("p")
    fill(words, inner)
    node = Node("img", {"src": found.href, "alt": plain(words)}, line)
    if found.title:
        node.set("title", found.title)
    return node
