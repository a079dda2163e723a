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
        for child in kids(parent):
            if child.tag in DATA:
                for table in walk(child, "table"):
                    self._heads(table)
            elif child.tag == "table":
                self._table(parent, child)
            else:
                self._inside(child)

    def _table(self, parent: Node, table: Node) -> None:
        self.number += 1
        self._heads(table)
        self._row_heads(table)
        self._align(table)
        caption = self._caption(parent, table)
        attributes = {"class": "sc-tablewrap", "role": "region", "tabindex": "0"}
        if caption is not None:
            caption.set("id", f"tab-{self.number}")
            table.insert(0, caption)
            attributes["aria-labelledby"] = f"tab-{self.number}"
        else:
            attributes["aria-label"] = f"Tabelle {self.number}"
        wrap = Node("div", attributes, table.line)
        fill(parent, [wrap if item is table else item for item in items(parent)])
        wrap.append(table)
        table.tail = None

    @staticmethod
    def _caption(parent: Node, table: Node) -> Node | None:
        """The paragraph `Tabelle: …` directly before, without that word."""
        blocks = kids(parent)
        index = blocks.index(table)
        before = blocks[index - 1] if index else None
        found = _CAPTION.match(before.text or "") if before is not None and before.tag == "p" else None
        if before is None or not found:
            return None
        parent.remove(before)
        content = items(before)
        content[0] = (before.text or "")[found.end() :]
        return make("caption", content, before.line)

    def _heads(self, table: Node) -> None:
        """Heads of columns, each of which needs words."""
        for head in kids(table):
            if head.tag != "thead":
                continue
            for cell in walk(head, "th"):
                cell.set("scope", "col")
                if not plain(cell):
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


def _bold(cell: Node) -> bool:
    content = [item for item in items(cell) if not isinstance(item, str) or item.strip()]
    return len(content) == 1 and isinstance(content[0], Node) and content[0].tag == "strong"
