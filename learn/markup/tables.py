"""GFM tables: recognising them and cutting rows into cells."""

import re

from learn.markup.blocks import Block, Match
from learn.markup.cursor import Cursor
from learn.markup.limits import Budget
from learn.markup.tree import Node

_DELIMITER = re.compile(r":?-+:?")
_DELIMITERS = re.compile(r"(?:[|:][|:\- \t]|-[|:-])[|:\- \t]*")  # with a blank behind the dash it is a list
_CELL = re.compile(r"(?:[^\\|]|\\.|\\\Z)*+")
_ALIGN = {"": "", "l": "left", "r": "right", "lr": "center"}


def cells(line: str) -> list[str]:
    """The cells of one row; an escaped pipe stays inside its cell."""
    line = line.strip()
    pos = 1 if line.startswith("|") else 0
    found: list[str] = []
    while pos < len(line) or not found:
        match = _CELL.match(line, pos)
        assert match is not None  # the pattern matches emptiness
        found.append(match[0].strip().replace("\\|", "|"))
        pos = match.end() + 1
    return found


def alignments(line: str, *, bare: bool = False) -> list[str] | None:
    """The columns' alignments if `line` is a delimiter row; `bare`: a single column needs no pipe."""
    if ("|" not in line and not bare) or "-" not in line or not _DELIMITERS.fullmatch(line):
        return None
    found: list[str] = []
    for cell in cells(line):
        if not _DELIMITER.fullmatch(cell):
            return None
        found.append(_ALIGN["l" * cell.startswith(":") + "r" * cell.endswith(":")])
    return found


class Table(Block):
    """`rows` hold cells and their line; the first is the head."""

    text = True

    def __init__(self, line: int, head: list[str], aligns: list[str], budget: Budget) -> None:
        super().__init__(line)
        self.aligns = aligns
        self.rows: list[tuple[list[str], int]] = [(head, line)]
        self.budget = budget
        self.full = False

    def continues(self, cursor: Cursor) -> Match:
        if cursor.blank or cursor.indent > 3:
            return Match.STOP
        self.full = not self.budget.take("cells", len(self.aligns))
        return Match.STOP if self.full else Match.GO

    def add(self, cursor: Cursor) -> bool:
        self.rows.append((cells(cursor.text[cursor.next :]), self.end))
        return False

    def nodes(self) -> list[Node]:
        table = Node("table", line=self.line)
        head = Node("thead", line=self.line)
        head.append(self._row(0, "th"))
        table.append(head)
        if len(self.rows) > 1:
            body = Node("tbody", line=self.line + 2)
            body.extend(self._row(index, "td") for index in range(1, len(self.rows)))
            table.append(body)
        return [table]

    def _row(self, index: int, tag: str) -> Node:
        texts, line = self.rows[index]
        row = Node("tr", line=line)
        for column, align in enumerate(self.aligns):
            cell = Node(tag, line=line)
            cell.source = texts[column] if column < len(texts) else ""
            cell.align = align
            row.append(cell)
        return row
