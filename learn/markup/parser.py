"""The block parser that stands in for Python-Markdown's: GFM's block structure, line by line."""

from collections.abc import Iterable
from typing import cast
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser

from learn.markup.blocks import Block, Document, Html, Match, Paragraph, Quote
from learn.markup.context import Context
from learn.markup.cursor import Cursor
from learn.markup.lists import Item, List
from learn.markup.starts import MAYBE, STARTS, code, ends_paragraph
from learn.markup.tables import Table
from learn.markup.tree import Node, kids


class GfmParser(BlockParser):
    """Keeps the chain of open blocks; each line first finds those it continues, then opens new ones."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context
        self.number = context.first_line - 1
        self.root_block = Document(context.first_line)
        self.chain: list[Block] = [self.root_block]
        self.matched = 1

    def parseDocument(self, lines: Iterable[str]) -> "ElementTree[Element | None]":  # noqa: N802  # Python-Markdown's name
        for line in lines:
            self._line(line)
        self.matched = 1
        self._close_unmatched()
        root = Node(self.md.doc_tag, line=self.context.first_line)
        root.extend(self.root_block.nodes())
        self._hoist(root)
        return cast("ElementTree[Element | None]", ElementTree(root))

    def _hoist(self, root: Node) -> None:
        """Footnote texts leave their place; the first of a label counts."""
        for parent in list(root.iter()):
            found = [child for child in kids(parent) if child.tag == "footnote"]
            if found:
                parent[:] = [child for child in kids(parent) if child.tag != "footnote"]
            for child in found:
                if self.context.footnotes.setdefault(child.info, child) is not child:
                    self.context.fault("K205", child.line, x=child.info)
        root.extend(self.context.footnotes.values())

    # What beginnings of blocks ask for

    def tip(self) -> Block:
        return self.chain[-1]

    def depth(self) -> int:
        return sum(block.nests for block in self.chain[: self.matched])

    def left_quote(self) -> bool:
        """Whether the line goes on with a paragraph of a quote without its sign; what markdown-it prefers to
        the text of a footnote.
        """
        left = any(isinstance(block, Quote) for block in self.chain[self.matched :])
        return left and not self.context.ours and isinstance(self.chain[-1], Paragraph)

    def open(self, block: Block) -> None:
        """Opens a block inside the deepest continued one that can hold it."""
        self._close_unmatched()
        while not self._holds(self.chain[-1], block):
            self.chain.pop().close(self.context.references)
        self.chain[-1].children.append(block)
        self.chain.append(block)
        self.matched = len(self.chain)
        self._touch()

    @staticmethod
    def _holds(parent: Block, child: Block) -> bool:
        if isinstance(parent, List) or isinstance(child, Item):
            return isinstance(parent, List) and isinstance(child, Item)
        return parent.container

    def replace_paragraph(self, block: Block | None) -> None:
        """Closes the paragraph read last and puts `block` behind what is left of it."""
        paragraph = self.chain.pop()
        assert isinstance(paragraph, Paragraph)
        if isinstance(block, Table):
            paragraph.end -= 1
            paragraph.close(self.context.references)
        else:
            paragraph.lines.clear()
        if not paragraph.lines:
            self.chain[-1].children.pop()
        self.matched = len(self.chain)
        if block:
            self.open(block)

    # One line

    def _line(self, text: str) -> None:
        self.number += 1
        cursor = Cursor(text)
        if not self._match(cursor):
            return
        if not self.context.ours:
            self._settle(cursor)
        self._start(cursor)
        if not cursor.done:
            self._rest(cursor)

    def _match(self, cursor: Cursor) -> bool:
        """Finds the open blocks that the line continues; False if it ended a fence."""
        index = 1
        while index < len(self.chain):
            block = self.chain[index]
            found = block.continues(cursor)
            if found is Match.STOP:
                self._full(block)
                break
            if found is Match.DONE:
                self.matched = index + 1
                self._touch()
                self.chain.pop().close(self.context.references)
                return False
            index += 1
            if isinstance(block, Quote):
                self.matched = index
                self._touch()
        self.matched = index
        return True

    def _full(self, block: Block) -> None:
        if isinstance(block, Table) and block.full:
            self.context.fault("K601", self.number, ausschnitt="|")

    def _settle(self, cursor: Cursor) -> None:
        """For markdown-it, a link's definition is no paragraph: whatever follows begins anew."""
        tip = self.chain[-1]
        if isinstance(tip, Paragraph) and not cursor.blank and tip.settled(cursor.text[cursor.next :]):
            self.chain.pop().close(self.context.references)
            self.matched = min(self.matched, len(self.chain))

    def _start(self, cursor: Cursor) -> None:
        """Opens as many blocks as begin here."""
        while True:
            container = self.chain[self.matched - 1]
            if container.text and not isinstance(container, Table):
                return
            if cursor.indent >= 4:
                if not self.context.ours and self._outdented(cursor):
                    self._close_unmatched()
                code(self, cursor)
                return
            if cursor.blank or cursor.char not in MAYBE:
                return
            if not any(start(self, cursor, container) for start in STARTS):
                return
            if cursor.done or not self.chain[-1].container:
                return

    def _outdented(self, cursor: Cursor) -> bool:
        """Whether markdown-it ends a paragraph that CommonMark lets go on: in a list item or a quote in a
        quote, by a block that begins left of the text, though right of where blocks may begin outside.
        """
        *items, tip = self.chain[self.matched :] or [self.root_block]
        offsets = [block.offset for block in items if isinstance(block, Item)]
        quotes = len(items) > 1 and all(isinstance(block, Quote) for block in items)
        lists = bool(offsets) and all(isinstance(block, List | Item) for block in items)
        if not isinstance(tip, Paragraph) or not (quotes or lists):
            return False
        lists_too = quotes or cursor.indent - sum(offsets[:-1]) < 4
        return ends_paragraph(cursor, self.root_block if quotes else tip, lists_too=lists_too)

    def _rest(self, cursor: Cursor) -> None:
        """Gives what is left of the line to a block."""
        tip = self.chain[-1]
        lazy = self.matched < len(self.chain) and isinstance(tip, Paragraph) and not cursor.blank
        if lazy:
            self.matched = len(self.chain)
        self._close_unmatched()
        tip = self.chain[-1]
        if isinstance(tip, Paragraph):
            tip.lazy = lazy
        if tip.text or isinstance(tip, Paragraph):
            self._add(tip, cursor)
        elif not cursor.blank:
            paragraph = Paragraph(self.number)
            self.open(paragraph)
            self._add(paragraph, cursor)

    def _add(self, block: Block, cursor: Cursor) -> None:
        if not cursor.blank:
            self._touch()
        if block.add(cursor) and isinstance(block, Html):
            self.chain.pop().close(self.context.references)
            self.matched = len(self.chain)

    def _touch(self) -> None:
        for block in self.chain[: self.matched]:
            block.end = self.number

    def _close_unmatched(self) -> None:
        while len(self.chain) > self.matched:
            self.chain.pop().close(self.context.references)
