"""Where blocks begin: one function per kind, tried in order at every line."""

import re
from collections.abc import Callable
from typing import Protocol

from learn.markup import lists, tables
from learn.markup.blocks import (
    Block,
    Code,
    Fence,
    FootnoteText,
    Heading,
    Html,
    Paragraph,
    Quote,
    Rule,
    eat_quote,
)
from learn.markup.context import Context
from learn.markup.cursor import Cursor
from learn.markup.limits import NESTING, TERMS
from learn.markup.references import take_definitions

_ATX = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_ATX_END = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
_FENCE = re.compile(r"(`{3,})(?=[^`]*$)|(~{3,})")
_FOOTNOTE = re.compile(rf"\[\^([^\]\s\[]{{1,{TERMS}}})\]:")
_ATTRIBUTE = r"""[ \t]+[a-zA-Z_:][\w.:-]*(?:[ \t]*=[ \t]*(?:[^\s"'=<>`]+|'[^'\n]*'|"[^"\n]*"))?"""
_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|"
    "dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|"
    "menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|"
    "title|tr|track|ul"
)
_HTML: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        re.compile(r"<(?:script|pre|textarea|style)(?:\s|>|$)", re.IGNORECASE),
        re.compile(r"</(?:script|pre|textarea|style)>", re.IGNORECASE),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<[?]"), re.compile(r"[?]>")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(rf"</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", re.IGNORECASE), None),
)
_LONE_TAG = re.compile(
    rf"(?:<[a-zA-Z][a-zA-Z0-9-]*+(?:{_ATTRIBUTE})*+[ \t]*/?>|</[a-zA-Z][a-zA-Z0-9-]*+[ \t]*>)[ \t]*$"
)
MAYBE = frozenset("#`~*+_=<>-[|:0123456789")


class Reader(Protocol):
    """The part of the parser that beginnings need."""

    context: Context
    number: int

    def tip(self) -> Block: ...

    def open(self, block: Block) -> None: ...

    def depth(self) -> int: ...

    def left_quote(self) -> bool: ...

    def replace_paragraph(self, block: Block | None) -> None: ...


Start = Callable[[Reader, Cursor, Block], bool]


def _deeper(reader: Reader) -> bool:
    """Whether one more list or quote may open here."""
    if reader.depth() < NESTING:
        return True
    reader.context.fault("K204", reader.number)
    return False


def quote(reader: Reader, cursor: Cursor, container: Block) -> bool:  # noqa: ARG001  # one signature
    if cursor.char != ">" or not _deeper(reader):
        return False
    eat_quote(cursor)
    reader.open(Quote(reader.number, far=not reader.context.ours))
    return True


def heading(reader: Reader, cursor: Cursor, container: Block) -> bool:  # noqa: ARG001  # one signature
    found = _ATX.match(cursor.text, cursor.next) if cursor.char == "#" else None
    if not found or not reader.context.budget.take("headings"):
        if found:
            reader.context.fault("K601", reader.number, ausschnitt=cursor.text.strip()[:30])
        return False
    source = _ATX_END.sub("", cursor.text[found.end() :]).strip()
    reader.open(Heading(reader.number, len(found[1]), source))
    cursor.done = True
    return True


def fence(reader: Reader, cursor: Cursor, container: Block) -> bool:  # noqa: ARG001  # one signature
    found = _FENCE.match(cursor.text, cursor.next) if cursor.char in "`~" else None
    if not found:
        return False
    info = cursor.text[found.end() :].strip()
    reader.open(Fence(reader.number, found[0], cursor.indent, info))
    cursor.done = True
    return True


def html(reader: Reader, cursor: Cursor, container: Block) -> bool:
    if cursor.char != "<":
        return False
    for opening, ending in _HTML:
        if opening.match(cursor.text, cursor.next):
            reader.open(Html(reader.number, ending))
            return True
    if isinstance(container, Paragraph | tables.Table) or isinstance(reader.tip(), Paragraph):
        return False
    if not _LONE_TAG.match(cursor.text, cursor.next):
        return False
    reader.open(Html(reader.number, None))
    return True


def setext(reader: Reader, cursor: Cursor, container: Block) -> bool:
    if not isinstance(container, Paragraph) or cursor.char not in "=-":
        return False
    if not _SETEXT.match(cursor.text, cursor.next) or not reader.context.budget.take("headings"):
        return False
    used = take_definitions("\n".join(container.lines), reader.context.references)
    lines = container.lines[used:]
    if not lines:
        return False
    level = 1 if cursor.char == "=" else 2
    reader.replace_paragraph(Heading(container.line + used, level, "\n".join(lines).strip()))
    cursor.done = True
    return True


def rule(reader: Reader, cursor: Cursor, container: Block) -> bool:  # noqa: ARG001  # one signature
    if cursor.char not in "*_-" or not _RULE.match(cursor.text, cursor.next):
        return False
    reader.open(Rule(reader.number))
    cursor.done = True
    return True


def footnote(reader: Reader, cursor: Cursor, container: Block) -> bool:  # noqa: ARG001  # one signature
    found = _FOOTNOTE.match(cursor.text, cursor.next) if cursor.char == "[" else None
    if not found or reader.left_quote() or not _deeper(reader):
        return False
    cursor.to_next()
    cursor.skip(len(found[0]))
    cursor.to_next()
    reader.open(FootnoteText(reader.number, found[1]))
    cursor.find()
    return True


def item(reader: Reader, cursor: Cursor, container: Block) -> bool:
    marker = lists.marker_at(cursor, container)
    if not marker or not _deeper(reader):
        return False
    offset = lists.eat_marker(cursor, marker)
    if not (isinstance(container, lists.List) and container.takes(marker)):
        reader.open(lists.List(reader.number, marker))
    reader.open(lists.Item(reader.number, offset))
    return True


def table(reader: Reader, cursor: Cursor, container: Block) -> bool:
    """The last line of a paragraph becomes the head, unless it is a lazy one: only text may be lazy."""
    if not isinstance(container, Paragraph) or not container.lines or "|" not in container.lines[-1]:
        return False
    if container.lazy:
        return False
    aligns = tables.alignments(cursor.text[cursor.next :], bare=not reader.context.ours)
    head = tables.cells(container.lines[-1]) if aligns else []
    if not aligns or len(head) != len(aligns):
        return False
    if not reader.context.budget.take("cells", len(aligns)):
        reader.context.fault("K601", reader.number - 1, ausschnitt=container.lines[-1][:30])
        return False
    container.lines.pop()
    found = tables.Table(reader.number - 1, head, aligns, reader.context.budget)
    reader.replace_paragraph(found)
    cursor.done = True
    return True


def code(reader: Reader, cursor: Cursor) -> bool:
    """Indented code, which never ends a paragraph."""
    if cursor.blank or isinstance(reader.tip(), Paragraph):
        return False
    cursor.skip_columns(4)
    reader.open(Code(reader.number))
    return True


def ends_paragraph(cursor: Cursor, inside: Block, *, lists_too: bool) -> bool:
    """Whether a block begins here that may end a paragraph, however far the line is indented."""
    text, pos = cursor.text, cursor.next
    return (
        cursor.char == ">"
        or any(sign.match(text, pos) for sign in (_ATX, _FENCE, _RULE, _FOOTNOTE))
        or any(opening.match(text, pos) for opening, _ending in _HTML)
        or (lists_too and lists.marker_at(cursor, inside) is not None)
    )


STARTS: tuple[Start, ...] = (quote, heading, fence, html, table, setext, rule, footnote, item)
