"""Footnotes: `[^a]` in the text, their texts at the end, numbered in the order of first use."""

import re
from collections.abc import Iterable

from learn.markup.context import Context
from learn.markup.extensions.base import Construct
from learn.markup.limits import TERMS
from learn.markup.patterns import NOTHING, Found, GfmPattern
from learn.markup.tree import Node, become, fill, items, kids, make, walk


class FootnoteUse(GfmPattern):
    starts = "["
    expression = rf"\[\^([^\]\s\[]{{1,{TERMS}}})\]"

    def found(self, m: re.Match[str], data: str) -> Found:
        label = m[1]
        if label not in self.context.footnotes and (not self.context.ours or data.startswith("(", m.end())):
            return NOTHING  # a link whose text begins with the sign
        node = Node("fnref")
        node.info = label
        return node, m.start(), m.end()


class Footnotes(Construct):
    def apply(self, root: Node) -> None:
        context = self.context
        if context.ours:
            _out_of_links(root)
        texts = [node for node in kids(root) if node.tag == "footnote"]
        fill(root, [item for item in items(root) if isinstance(item, str) or item.tag != "footnote"])
        waiting = [root]
        numbers: dict[str, int] = {}
        uses: dict[str, int] = {}
        while waiting:
            for use in list(walk(waiting.pop(0), "fnref")):
                text = context.footnotes.get(use.info)
                if text is None or not context.budget.take("footnotes"):
                    self._as_text(use, known=text is not None)
                    continue
                if use.info not in numbers:
                    numbers[use.info] = len(numbers) + 1
                    waiting.append(text)
                uses[use.info] = uses.get(use.info, 0) + 1
                _mark(use, numbers[use.info], uses[use.info])
        for node in texts:
            if node.info not in numbers and context.budget.footnotes:
                context.fault("K205", node.line, x=node.info)
        context.notes = {
            number: _entry(context.footnotes[label], number) for label, number in numbers.items()
        }

    def _as_text(self, use: Node, *, known: bool) -> None:
        if known:
            self.context.fault("K601", use.line, ausschnitt=f"[^{use.info}]")
        else:
            self.context.fault("K205", use.line, x=use.info)
        become(use, "span")
        fill(use, [f"[^{use.info}]"])


def _out_of_links(root: Node) -> None:
    """A link holds no other; what stands in its words follows them."""
    for parent in list(walk(root)):
        if not any(child.tag == "a" and any(True for _ in walk(child, "fnref")) for child in kids(parent)):
            continue
        content: list[str | Node] = []
        for item in items(parent):
            content.append(item)
            if isinstance(item, Node) and item.tag == "a":
                content.extend(_taken(item))
        fill(parent, content)


def _taken(link: Node) -> list[Node]:
    """The uses in a link, which loses them."""
    found = list(walk(link, "fnref"))
    for place in list(walk(link)) if found else []:
        fill(place, [item for item in items(place) if isinstance(item, str) or item.tag != "fnref"])
    return found


def _mark(use: Node, number: int, time: int) -> None:
    become(use, "sup", {"id": f"fnref-{number}" + (f"-{time}" if time > 1 else "")})
    link = make("a", [str(number)], use.line, href=f"#fn-{number}", aria_label=f"Fußnote {number}")
    fill(use, [link])


def _entry(text: Node, number: int) -> Node:
    """The text as a list entry, with the way back in its last paragraph."""
    back = make("a", ["↩"], text.line, href=f"#fnref-{number}", aria_label=f"Zurück zu Fußnote {number}")
    become(text, "li", {"id": f"fn-{number}"})
    last = kids(text)[-1] if len(text) else None
    if last is None or last.tag != "p":
        last = make("p", line=text.line)
        text.append(last)
    else:
        end = kids(last)[-1] if len(last) else None
        if end is None:
            last.text = f"{last.text or ''} "
        else:
            end.tail = f"{end.tail or ''} "
    last.append(back)
    return text


def used(nodes: Iterable[Node], context: Context) -> list[Node]:
    """The entries that `nodes` and these entries refer to, by number."""
    found: dict[int, Node] = {}
    waiting = list(nodes)
    while waiting:
        for link in walk(waiting.pop(), "a"):
            href = link.get("href") or ""
            number = int(href[4:]) if href.startswith("#fn-") and href[4:].isdecimal() else 0
            if number in context.notes and number not in found:
                found[number] = context.notes[number]
                waiting.append(context.notes[number])
    return [found[number] for number in sorted(found)]


def section(entries: list[Node]) -> Node:
    """The section at the end of a text."""
    ordered = make("ol", entries)
    if entries and (entries[0].get("id") or "") != "fn-1":
        ordered.set("start", (entries[0].get("id") or "")[3:])
    return make("section", [ordered], class_="sc-footnotes", aria_label="Fußnoten")
