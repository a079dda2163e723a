"""Alerts: `> [!TIP]` and its four siblings."""

import re

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, become, fill, items, kids, make, walk

LABELS = {
    "NOTE": "Hinweis",
    "TIP": "Tipp",
    "IMPORTANT": "Wichtig",
    "WARNING": "Achtung",
    "CAUTION": "Vorsicht",
}
_HEAD = re.compile(rf"\[!({'|'.join(LABELS)})\][ \t]*(?:\n|$)", re.IGNORECASE)


def callout(quote: Node, sort: str, label: list[str | Node], rest: list[str | Node]) -> None:
    """Turns a quote into a callout; `rest` is what its first paragraph holds besides the label."""
    first = kids(quote)[0]
    become(quote, "aside", {"class": f"sc-callout sc-callout--{sort}", "role": "note"})
    head = make("p", label, first.line, class_="sc-callout__h")
    # Words beside raw HTML are no paragraph, yet they are words.
    blocks = [item for item in items(quote) if item is not first and (isinstance(item, Node) or item.strip())]
    fill(first, rest)
    filled = len(first) or (first.text or "").strip()
    fill(quote, [head, *([first] if filled else []), *blocks])


class Alerts(Construct):
    def apply(self, root: Node) -> None:
        for quote in list(walk(root, "blockquote")):
            first = kids(quote)[0] if len(quote) else None
            found = _HEAD.match(first.text or "") if first is not None and first.tag == "p" else None
            if first is None or not found:
                continue
            if found.end() == len(first.text or "") and len(first) and not found[0].endswith("\n"):
                continue
            content = items(first)
            content[0] = (first.text or "")[found.end() :]
            sort = found[1].upper()
            callout(quote, sort.lower(), [LABELS[sort]], content)
