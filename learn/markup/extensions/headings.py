"""Headings: the title, GitHub's slugs behind `s-`, levels without gaps."""

import unicodedata

from learn.markup.context import Context
from learn.markup.extensions.base import Construct
from learn.markup.model import Heading
from learn.markup.tree import Node, kids, plain, walk

LEVELS = {f"h{level}": level for level in range(1, 7)}
_WORD = frozenset({"Nd", "Nl", "Pc"})  # besides letters and marks


def slug(text: str, *, signs: str = "") -> str:
    """GitHub's slug: lower case, letters, digits, `-` and `_` kept, blanks turned into `-`.

    A blank that stood beside a sign turns too: „🎉 Fest“ is `-fest`. `signs` are kept besides.
    """
    kept = "".join(char for char in text.lower() if _stays(char) or char in signs)
    return kept.replace(" ", "-") if kept.strip() else "abschnitt"


def _stays(char: str) -> bool:
    return char in "- " or unicodedata.category(char) in _WORD or unicodedata.category(char)[0] in "LM"


def unique_slug(context: Context, text: str) -> str:
    """The slug of `text`, with a number if the text has used it already."""
    base = slug(text)
    found, number = base, context.slugs.get(base, -1)
    while found in context.slugs:
        number += 1
        found = f"{base}-{number}" if number else base
    context.slugs[base] = number
    context.slugs.setdefault(found, 0)
    return found


class Headings(Construct):
    def apply(self, root: Node) -> None:
        self._title(root)
        headings = [node for node in walk(root) if node.tag in LEVELS]
        if any(node.tag == "h1" for node in headings):
            for node in headings:
                node.tag = f"h{min(6, LEVELS[node.tag] + 1)}"
        asked = self._questions(root)
        last = 1
        for node in headings:
            level = LEVELS[node.tag]
            self._check(node, last, level)
            last = level
            self._name(node, level, asked.get(node))

    def _title(self, root: Node) -> None:
        context, first = self.context, kids(root)[0] if len(root) else None
        if context.kind == "beitrag" or first is None or first.tag != "h1":
            return
        context.found_title = plain(first)
        unique_slug(context, context.found_title)
        if context.title and context.found_title != " ".join(context.title.split()):
            context.fault("K208", first.line)
        root.remove(first)

    def _check(self, node: Node, last: int, level: int) -> None:
        if level > last + 1 and self.context.kind != "beitrag":
            self.context.fault("K504", node.line, a="#" * last, b="#" * (last + 1))

    def _questions(self, root: Node) -> dict[Node, str]:
        """Headings that ask a question, and the address of that question."""
        places = [root] if self.context.kind == "fragen" else list(walk(root, "quiz"))
        found: dict[Node, str] = {}
        for place in places:
            blocks = kids(place)
            for node, mark in zip(blocks, [*blocks[1:], None], strict=False):
                if node.tag in LEVELS:
                    asked = mark is not None and mark.tag == "marke" and mark.info == "frage"
                    found[node] = f"frage-{mark.get('id')}" if asked and mark is not None else ""
        return found

    def _name(self, node: Node, level: int, question: str | None) -> None:
        text = plain(node)
        name = unique_slug(self.context, text)
        if question is None and not (level == 2 and self.context.kind == "glossar"):
            node.set("id", f"s-{name}")
            self.context.headings.append(Heading(level, name, text, node.line))
        if question != "":
            self.context.fragments[name] = question or f"s-{name}"
