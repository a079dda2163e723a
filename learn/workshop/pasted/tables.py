"""Pasted tables as Markdown: joined cells are parted, lines of a cell joined, mere layout unfolded."""

import re
from collections.abc import Iterator
from itertools import groupby

from learn.workshop.escaping import words
from learn.workshop.pasted.inline import BREAK, one_line, whole
from learn.workshop.pasted.tree import BLOCKS, Element, Item

MOST_CELLS = 1_500  # of one table; the renderer reads 2,000 in a text
WIDEST = 20
_BOLD = re.compile(r"^\*\*([^*]+)\*\*$")  # heads are bold by themselves
_PARTS = frozenset({"thead", "tbody", "tfoot", "div", "p"})


def table(element: Element) -> list[str] | None:
    """The table with its caption as blocks; None for what is none: one column or row, words beside cells."""
    rows = [list(_cells(row)) for row in _rows(element)]
    if not _is_table(element, rows):
        return None
    grid = _trimmed(_spread(rows))
    width = max((len(row) for row in grid), default=0)
    if len(grid) < 2 or not 2 <= width <= WIDEST or len(grid) * width > MOST_CELLS:
        return None
    grid[0] = [_BOLD.sub(r"\1", cell) for cell in grid[0]]
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in grid]
    caption = [f"Tabelle: {made}" for made in map(_line, _named(element, "caption")) if made]
    return [*caption[:1], "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])]


def _rows(element: Element) -> Iterator[Element]:
    for item in element.content:
        if isinstance(item, Element) and item.name == "tr":
            yield item
        elif isinstance(item, Element) and item.name in _PARTS:
            yield from _rows(item)


def _cells(row: Element) -> Iterator[Element]:
    for item in row.content:
        if isinstance(item, Element) and item.name == "td":
            yield item


def _named(element: Element, name: str) -> list[Element]:
    return [item for item in element.content if isinstance(item, Element) and item.name == name]


def _is_table(element: Element, rows: list[list[Element]]) -> bool:
    """Whether all words stand in plain cells, and none holds another table or long texts."""
    inside = "".join(cell.words() for row in rows for cell in row)
    inside += "".join(each.words() for each in _named(element, "caption"))
    if len("".join(inside.split())) != len("".join(element.words().split())):
        return False
    return len(_named(element, "caption")) < 2 and not any(
        _holds_a_table(cell) for row in rows for cell in row
    )


def _holds_a_table(cell: Element) -> bool:
    return any(
        isinstance(item, Element) and (item.name in {"table", "pre"} or _holds_a_table(item))
        for item in cell.content
    )


def _spread(rows: list[list[Element]]) -> list[list[str]]:
    """Words by row and column; further places of a joined cell are empty. Too large: none."""
    if sum(_number(cell, "colspan") for row in rows for cell in row) > MOST_CELLS:
        return []
    grid: list[list[str]] = []
    taken: dict[int, int] = {}  # column -> rows that a cell above still fills
    for row in rows:
        made: list[str] = []
        below: dict[int, int] = {}
        for cell in row:
            while taken.get(len(made), 0):
                made.append("")
            span, depth = _number(cell, "colspan"), _number(cell, "rowspan")
            below |= {column: depth for column in range(len(made), len(made) + span) if depth > 1}
            made += [_cell(cell), *[""] * (span - 1)]
        grid.append(made)
        taken = {column: left - 1 for column, left in {**taken, **below}.items() if left > 1}
    return grid


def _number(cell: Element, name: str) -> int:
    value = cell.attributes.get(name, "1")
    return min(max(int(value), 1), WIDEST) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _trimmed(grid: list[list[str]]) -> list[list[str]]:
    """Without empty rows, and without empty columns at the end, as Excel pastes them."""
    rows = [row for row in grid if any(row)]
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell), default=0)
    return [row[:width] for row in rows]


def _line(element: Element) -> str:
    return one_line(element.content) if _flat(element) else words(element.words())


def _flat(element: Element) -> bool:
    return not any(isinstance(item, Element) and item.name in BLOCKS | {"div"} for item in element.content)


def _cell(cell: Element) -> str:
    """A cell on one line, its paragraphs and items parted by breaks."""
    made = "<br>".join(
        row.strip().replace("\ue001", "") for row in "".join(_text(cell.content)).split(BREAK) if row.strip()
    )
    return made.replace("|", "\\|")


def _text(items: list[Item]) -> Iterator[str]:
    for block, run in groupby(items, lambda item: isinstance(item, Element) and _is_block(item)):
        if not block:
            yield whole(list(run))
            continue
        for item in run:
            assert isinstance(item, Element)
            yield BREAK + ("– " if item.name == "li" else "")
            yield from _text(item.content)
            yield BREAK


def _is_block(element: Element) -> bool:
    return element.name in BLOCKS or element.name in {"div", "hr"}
