"""Tables: a focusable region around each, with number or caption, and heads that name rows and columns."""

import re

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, fill, items, kids, make, plain, walk

_CAPTION = re.compile(r"Tabelle:\s*")
DATA = frozenset({"quiz", "fahrplan"})  # read as data, not shown as written


class Tables(Construct):
    def apply(self, root: Node) -> None:
        self.number = 0
        self._inside(root)

    def _inside(self, parent: Node) -> None:
        """Wraps the tables among these children; the paragraph before one may be its caption."""
        content: list[str | Node] = []
        for item in items(parent):
            if isinstance(item, str) or item.tag != "table":
                content.append(item)
                self._other(item)
                continue
            while content and isinstance(content[-1], str) and not content[-1].strip():
                content.pop()
            caption = _caption(content[-1]) if content else None
            if caption is not None:
                content.pop()
            content.append(self._table(item, caption))
        if any(child.tag == "table" for child in kids(parent)):
            fill(parent, content)

    def _other(self, item: "str | Node") -> None:
        if isinstance(item, str):
            return
        if item.tag not in DATA:
            self._inside(item)
            return
        for block in kids(item):
            if block.tag == "table":
                self._heads(block)
            else:
                self._inside(block)

    def _table(self, table: Node, caption: Node | None) -> Node:
        self.number += 1
        self._heads(table)
        self._row_heads(table)
        self._align(table)
        attributes = {"class": "sc-tablewrap", "role": "region", "tabindex": "0"}
        if caption is None:
            attributes["aria-label"] = f"Tabelle {self.number}"
        else:
            attributes["aria-labelledby"] = f"tab-{self.number}"
            caption.set("id", f"tab-{self.number}")
            table.insert(0, caption)
        wrap = Node("div", attributes, table.line)
        fill(wrap, [table])
        return wrap

    def _heads(self, table: Node) -> None:
        """Heads of columns, each of which needs words."""
        for row in walk(table, "tr"):
            above = all(cell.tag == "th" for cell in kids(row))  # authors' tables may lack a head
            for cell in walk(row, "th"):
                cell.set("scope", "col" if above else "row")
                if above and not plain(cell):
                    self.context.fault("K507", cell.line or table.line)

    @staticmethod
    def _row_heads(table: Node) -> None:
        rows = [row for body in kids(table) if body.tag == "tbody" for row in kids(body) if len(row)]
        firsts = [kids(row)[0] for row in rows]
        if not firsts or not all(_bold(cell) for cell in firsts):
            return
        for cell in firsts:
            cell.tag = "th"
            cell.set("scope", "row")
            fill(cell, items(kids(cell)[0]))

    @staticmethod
    def _align(table: Node) -> None:
        for cell in walk(table):
            if cell.align in {"center", "right"}:
                cell.set("class", f"sc-{cell.align}")


def _caption(before: "str | Node") -> Node | None:
    """The paragraph `Tabelle: …` as a caption, without that word."""
    if isinstance(before, str) or before.tag != "p":
        return None
    found = _CAPTION.match(before.text or "")
    if not found or plain(before) == "Tabelle:":
        return None
    content = items(before)
    content[0] = (before.text or "")[found.end() :]
    return make("caption", content, before.line)


def _bold(cell: Node) -> bool:
    content = [item for item in items(cell) if not isinstance(item, str) or item.strip()]
    return len(content) == 1 and isinstance(content[0], Node) and content[0].tag == "strong"
