"""Tables of a printed course: each cell at a fixed place, so that no two meet and none is left over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from learn.courses.takeaway.wellformed import Node

ROW_GROUPS = {"thead", "tbody", "tfoot"}
MOST = 40  # columns; further cells follow in the last one
WIDEST, NARROWEST = 60, 12  # shares of the page, in characters of the longest cell
Blocks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its place and how many columns and rows it takes."""

    node: Node
    x: int
    y: int
    across: int
    down: int


def table(node: Node, blocks: Callable[[Node, bool], Blocks]) -> dict[str, Any]:
    """A table block: `head` rows repeat on each page; `blocks` reads a cell, the flag says: of the head."""
    rows = list(_rows(node))
    head = 0
    while head < len(rows) and _is_head(rows[head]):
        head += 1
    placed = list(_placed(rows[:head], 0)) + list(_placed(rows[head:], head))
    columns = max((cell.x + cell.across for cell in placed), default=1)
    return {
        "k": "table",
        "head": head,
        "widths": _widths(placed, columns),
        "cells": [_cell(cell, head, blocks) for cell in placed],
    }


def _cell(cell: Placed, head: int, blocks: Callable[[Node, bool], Blocks]) -> dict[str, Any]:
    of_head = cell.y < head
    classes = cell.node.values.get("class", "").split()
    return {
        "x": cell.x,
        "y": cell.y,
        "across": cell.across,
        "down": cell.down,
        "head": cell.node.name == "th",
        "align": next((side for side in ("center", "right") if f"sc-{side}" in classes), "left"),
        "c": blocks(cell.node, of_head),
    }


def _rows(node: Node) -> Iterator[list[Node]]:
    """The cells of each row, in order; rows stand in groups or alone."""
    for child in node.children:
        if child.name in ROW_GROUPS:
            yield from _rows(child)
        elif child.name == "tr":
            cells = [cell for cell in child.children if cell.name in {"td", "th"}]
            if cells:
                yield cells


def _is_head(row: list[Node]) -> bool:
    return all(cell.name == "th" and cell.values.get("scope") != "row" for cell in row)


def _placed(rows: list[list[Node]], first: int) -> Iterator[Placed]:
    """Each cell where HTML puts it: the next free place of its row; spans end where something stands."""
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in _limited(row):
            while (x, y) in taken:
                x += 1
            across = 1
            wanted = min(_number(cell, "colspan"), MOST - x)
            while across < wanted and (x + across, y) not in taken:
                across += 1
            down = min(_number(cell, "rowspan"), len(rows) - y)
            taken.update((x + i, y + j) for i in range(across) for j in range(down))
            yield Placed(cell, x, first + y, across, down)
            x += across


def _limited(row: list[Node]) -> list[Node]:
    """At most MOST cells; the last one takes what the others hold."""
    if len(row) <= MOST:
        return row
    rest = [part for cell in row[MOST - 1 :] for part in (*cell.children, Node(text=" "))]
    last = row[MOST - 1]
    return [*row[: MOST - 1], Node(last.name, values=last.values, children=rest)]


def _number(cell: Node, name: str) -> int:
    value = cell.values.get(name, "")
    return max(1, min(int(value), 1000)) if value.isascii() and value.isdecimal() else 1


def _widths(placed: list[Placed], columns: int) -> list[int]:
    """Shares of the page for the columns, by the longest text of each."""
    longest = [0] * columns
    for cell in placed:
        if cell.across == 1:
            longest[cell.x] = max(longest[cell.x], len(cell.node.words().strip()))
    return [min(WIDEST, max(NARROWEST, length)) for length in longest]
