"""Lists and their items: where one begins, what belongs to it, tight or loose."""

import re
from dataclasses import dataclass
from itertools import pairwise

from learn.markup.blocks import Block, Match, Paragraph
from learn.markup.cursor import Cursor
from learn.markup.tree import Node, kids

_MARKER = re.compile(r"(?:([*+-])|(\d{1,9})([.)]))(?=[ \t]|$)")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands before an item: its sign, the number (None: a bullet) and its width."""

    sign: str
    number: int | None
    width: int


class List(Block):
    container = True

    def __init__(self, line: int, marker: Marker) -> None:
        super().__init__(line)
        self.marker = marker

    def takes(self, marker: Marker) -> bool:
        ordered = self.marker.number is None, marker.number is None
        return ordered[0] == ordered[1] and self.marker.sign == marker.sign

    def loose(self) -> bool:
        return _parted(self.children) or any(_parted(item.children) for item in self.children)

    def nodes(self) -> list[Node]:
        node = Node("ul" if self.marker.number is None else "ol", line=self.line)
        if self.marker.number not in {None, 1}:
            node.set("start", str(self.marker.number))
        tight = not self.loose()
        for item in self.children:
            for child in item.nodes():
                for block in kids(child):
                    block.tight = tight and block.tag == "p"
                node.append(child)
        return [node]


def _parted(blocks: list[Block]) -> bool:
    """Whether a blank line stands between two of these."""
    return any(first.end + 1 < second.line for first, second in pairwise(blocks))


class Item(Block):
    container = True
    nests = True

    def __init__(self, line: int, offset: int) -> None:
        super().__init__(line)
        self.offset = offset

    def continues(self, cursor: Cursor) -> Match:
        if cursor.blank:
            if not self.children:
                return Match.STOP
            cursor.to_next()
            return Match.GO
        if cursor.indent < self.offset:
            return Match.STOP
        cursor.skip_columns(self.offset)
        return Match.GO

    def nodes(self) -> list[Node]:
        node = Node("li", line=self.line)
        node.extend(super().nodes())
        if len(node) and node[0].tag == "p":
            _task(node, kids(node)[0])
        return [node]


def _task(item: Node, first: Node) -> None:
    found = _TASK.match(first.source or "")
    if found:
        item.tick = found[1] != " "
        first.source = (first.source or "")[found.end() :]


def marker_at(cursor: Cursor, container: Block) -> Marker | None:
    """The marker at the next visible character, if an item may begin there."""
    found = _MARKER.match(cursor.text, cursor.next)
    if not found:
        return None
    number = int(found[2]) if found[2] else None
    if isinstance(container, Paragraph) and (
        number not in {None, 1} or not cursor.text[found.end() :].strip(" \t")
    ):
        return None  # only a filled item, numbered from 1, ends a paragraph
    return Marker(found[1] or found[3], number, len(found[0]))


def eat_marker(cursor: Cursor, marker: Marker) -> int:
    """Moves behind the marker; the column at which the item's content begins."""
    indent = cursor.indent
    cursor.to_next()
    cursor.skip(marker.width)
    pos, column, partial = cursor.pos, cursor.column, cursor.partial
    blank, spaces = cursor.blank, cursor.indent
    if blank or spaces > 4 or spaces < 1:
        cursor.pos, cursor.column, cursor.partial = pos, column, partial
        cursor.find()
        spaces = 1
        if cursor.at_space():
            cursor.skip_columns(1)
    else:
        cursor.skip_columns(spaces)
    return indent + marker.width + spaces
