"""The kinds of blocks while they are being read: what continues them and what they become."""

import re
from enum import Enum
from typing import ClassVar

from learn.markup.cursor import Cursor
from learn.markup.references import take_definitions
from learn.markup.tree import Node


class Match(Enum):
    GO = 1  # the line goes on inside this block
    STOP = 2  # it does not belong to it
    DONE = 3  # it ends the block and is used up


class Block:
    """A block being read. `line` is its first source line, `end` the last one with content."""

    container: ClassVar[bool] = False
    nests: ClassVar[bool] = False  # counts as a level of lists and quotes
    text: ClassVar[bool] = False  # takes lines as they come

    def __init__(self, line: int) -> None:
        self.line = line
        self.end = line
        self.children: list[Block] = []

    def continues(self, cursor: Cursor) -> Match:  # noqa: ARG002  # the default
        return Match.GO

    def add(self, cursor: Cursor) -> bool:  # noqa: ARG002  # the default
        """Takes the rest of a line; whether the block is complete with it."""
        return False

    def close(self, references: dict[str, tuple[str, str]]) -> None:
        pass

    def nodes(self) -> list[Node]:
        """What the block becomes in the tree."""
        return [node for child in self.children for node in child.nodes()]


class Document(Block):
    container = True


class Quote(Block):
    """`far`: its sign may be indented as far as it likes, as markdown-it has it."""

    container = True
    nests = True

    def __init__(self, line: int, *, far: bool = False) -> None:
        super().__init__(line)
        self.far = far

    def continues(self, cursor: Cursor) -> Match:
        if (cursor.indent > 3 and not self.far) or cursor.char != ">":
            return Match.STOP
        eat_quote(cursor)
        return Match.GO

    def nodes(self) -> list[Node]:
        node = Node("blockquote", line=self.line)
        node.extend(super().nodes())
        return [node]


def eat_quote(cursor: Cursor) -> None:
    cursor.to_next()
    cursor.skip(1)
    if cursor.at_space():
        cursor.skip_columns(1)


class FootnoteText(Block):
    """`[^label]: text`, with further blocks indented by four columns."""

    container = True
    nests = True

    def __init__(self, line: int, label: str) -> None:
        super().__init__(line)
        self.label = label

    def continues(self, cursor: Cursor) -> Match:
        if cursor.blank:
            return Match.GO if self.children else Match.STOP
        if cursor.indent < 4:
            return Match.STOP
        cursor.skip_columns(4)
        return Match.GO

    def nodes(self) -> list[Node]:
        node = Node("footnote", line=self.line)
        node.info = self.label
        node.extend(super().nodes())
        return [node]


class Paragraph(Block):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.lines: list[str] = []
        self.lazy = False  # whether the last line came without the marks of its quotes and items

    def continues(self, cursor: Cursor) -> Match:
        return Match.STOP if cursor.blank else Match.GO

    def add(self, cursor: Cursor) -> bool:
        self.lines.append(cursor.text[cursor.next :])
        return False

    def settled(self, following: str) -> bool:
        """Whether it holds nothing but complete definitions, which the line `following` does not continue."""
        if not self.lines or not self.lines[0].startswith("["):
            return False
        text, count = "\n".join(self.lines), len(self.lines)
        if take_definitions(text, {}) < count:
            return False
        return following.startswith("[") or take_definitions(f"{text}\n{following}", {}) <= count

    def close(self, references: dict[str, tuple[str, str]]) -> None:
        """Takes link reference definitions off its front."""
        if self.lines and self.lines[0].startswith("["):
            used = take_definitions("\n".join(self.lines), references)
            self.line += used
            del self.lines[:used]

    def nodes(self) -> list[Node]:
        if not self.lines:
            return []
        node = Node("p", line=self.line)
        node.source = "\n".join(self.lines).rstrip()
        return [node] if node.source else []


class Heading(Block):
    def __init__(self, line: int, level: int, source: str) -> None:
        super().__init__(line)
        self.level = level
        self.source = source

    def continues(self, cursor: Cursor) -> Match:  # noqa: ARG002  # a heading has one line
        return Match.STOP

    def nodes(self) -> list[Node]:
        node = Node(f"h{self.level}", line=self.line)
        node.source = self.source
        return [node]


class Rule(Block):
    def continues(self, cursor: Cursor) -> Match:  # noqa: ARG002  # a rule has one line
        return Match.STOP

    def nodes(self) -> list[Node]:
        return [Node("hr", line=self.line)]


class Code(Block):
    """Indented code."""

    text = True

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.lines: list[str] = []
        self.info = ""

    def continues(self, cursor: Cursor) -> Match:
        if cursor.indent >= 4:
            cursor.skip_columns(4)
            return Match.GO
        if not cursor.blank:
            return Match.STOP
        cursor.to_next()
        return Match.GO

    def add(self, cursor: Cursor) -> bool:
        self.lines.append(cursor.rest())
        return False

    def close(self, references: dict[str, tuple[str, str]]) -> None:  # noqa: ARG002  # of paragraphs
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()

    def nodes(self) -> list[Node]:
        node = Node("pre", line=self.line)
        node.source = "".join(f"{line}\n" for line in self.lines)
        node.info = self.info
        return [node]


class Fence(Code):
    def __init__(self, line: int, fence: str, indent: int, info: str) -> None:
        super().__init__(line)
        self.indent = indent
        self.info = info
        self.closing = re.compile(rf"{fence[0]}{{{len(fence)},}}[ \t]*")

    def continues(self, cursor: Cursor) -> Match:
        if cursor.indent < 4 and self.closing.fullmatch(cursor.text, cursor.next):
            return Match.DONE
        if cursor.indent:
            cursor.skip_columns(min(self.indent, cursor.indent))
        return Match.GO

    def close(self, references: dict[str, tuple[str, str]]) -> None:
        pass


class Html(Block):
    """Raw HTML as its author wrote it; `ending` ends it, or a blank line where there is none."""

    text = True

    def __init__(self, line: int, ending: re.Pattern[str] | None) -> None:
        super().__init__(line)
        self.ending = ending
        self.lines: list[str] = []

    def continues(self, cursor: Cursor) -> Match:
        return Match.STOP if cursor.blank and self.ending is None else Match.GO

    def add(self, cursor: Cursor) -> bool:
        self.lines.append(cursor.rest())
        return self.ending is not None and self.ending.search(cursor.text, cursor.pos) is not None

    def nodes(self) -> list[Node]:
        node = Node("raw", line=self.line)
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        node.source = "\n".join(self.lines)
        node.block = True
        return [node]
