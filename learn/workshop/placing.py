"""Where something new may stand in a text: behind a block, in a quiz, at the end of a paragraph; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from learn.courses.heads import FileKind

Sort = Literal["block", "frage", "wort"]
WHAT = ("bild", "tabelle", "kasten", "reiter", "frage", "fahrplan", "aufgabe", "verweis", "video")
_LESSONS_ONLY = frozenset({"frage", "fahrplan", "aufgabe"})
END = "ende"
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_OPENS = re.compile(r"\s{0,3}<!--\s*(quiz|aufgabe|fahrplan|tabs)\b")
_CLOSES = re.compile(r"\s{0,3}<!--\s*/(quiz|aufgabe|fahrplan|tabs)\s*-->")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_LIST = re.compile(r"\s{0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_SIGNS = re.compile(r"<!--.*?-->|\]\([^)]*\)|[*_`\\\[\]>#|]|^\s*(?:[-+]|\d+[.)])\s+")
_QUOTED = 48  # characters of a block that its place quotes


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a text that stay together, from 0, `end` excluded. `mark`: the mark that holds them."""

    start: int
    end: int
    lines: tuple[str, ...]
    mark: str = ""

    @property
    def first(self) -> str:
        return self.lines[0]

    @property
    def heading(self) -> tuple[int, str] | None:
        found = _HEADING.match(self.first)
        return (len(found[1]), found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Place:
    """A place to choose. `value`: what the form sends; `kind`: of the block it is at; `words` quote it.

    `line` counts from 1 in the text. `kind`: anfang, ueberschrift, absatz, quiz.
    """

    value: str
    kind: str
    words: str
    line: int


def possible(kind: FileKind) -> tuple[str, ...]:
    """What may stand in texts of this kind (content.md, K202)."""
    if kind == "fragen":
        return ("frage",)
    return tuple(what for what in WHAT if kind == "lektion" or what not in _LESSONS_ONLY)


def places(body: str, sort: Sort) -> tuple[Place, ...]:
    """Places in reading order, without the end of the text, which is always one (`ende`)."""
    found = blocks(body)
    if sort == "wort":
        return tuple(_place("in", block) for block in found if _is_words(block))
    behind = [Place("nach-0", "anfang", "", 1)] if found else []
    # The end of the text is a place of its own, so the last block has none behind it.
    pairs = pairwise(found)
    behind += [_place("nach", block) for block, after in pairs if not _belongs_together(block, after)]
    if sort == "frage":
        return (*_quizzes(found), *behind)
    return tuple(behind)


def inserted(body: str, value: str, snippet: str) -> str:
    """The text with a snippet at a place; at the end where that place is gone."""
    how, _sign, number = value.partition("-")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else -1
    lines = body.split("\n")
    ends = {block.end for block in blocks(body)}
    if how == "in" and at in ends:
        return "\n".join([*lines[: at - 1], f"{lines[at - 1].rstrip()} {snippet}", *lines[at:]])
    if how == "quiz" and at in ends:  # before the mark that ends it
        return _between(lines[: at - 1], snippet, lines[at - 1 :])
    if how == "nach" and (at in ends or at == 0):
        return _between(lines[:at], snippet, lines[at:])
    return _between(lines, snippet, [])


def around(body: str, number: int) -> tuple[str, int]:
    """The mark around a line (from 0) and the level of the last heading before it, 1 where there is none.

    Inside a mark it is the level of the headings there.
    """
    mark, level = "", 1
    for block in blocks(body):
        if block.start <= number < block.end and block.mark:
            inner = next(filter(None, map(_HEADING.match, block.lines)), None)
            mark, level = block.mark, len(inner[1]) if inner else min(level + 1, 6)
        elif block.start < number and block.heading:
            level = block.heading[0]
    return mark, level


def line_of(body: str, value: str) -> int:
    """The line (from 0) at which something is put by `inserted`."""
    how, _sign, number = value.partition("-")
    if number.isascii() and number.isdigit() and len(number) < 7:
        return int(number) - (how == "quiz")
    return body.count("\n") + 1


def blocks(body: str) -> tuple[Block, ...]:
    """The text's blocks: what stands between two marks, in a fence, a list or `details` is one."""
    return tuple(_blocks(body.split("\n")))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    at, last = 0, {found[1]: number for number, line in enumerate(lines) if (found := _CLOSES.match(line))}
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        mark = _OPENS.match(lines[at])
        closed = mark is not None and last.get(mark[1], -1) > at
        end = _mark_end(lines, at, mark[1]) if mark and closed else _end(lines, at)
        yield Block(at, end, tuple(lines[at:end]), mark[1] if mark else "")
        at = end


def _mark_end(lines: Sequence[str], start: int, name: str) -> int:
    """Behind the line that ends a mark; there is one."""
    return _closed(lines, start, re.compile(rf"\s{{0,3}}<!--\s*/{name}\s*-->"))


def _end(lines: Sequence[str], start: int) -> int:
    """Behind the last line of what begins at `start`."""
    fence = _FENCE.match(lines[start])
    if fence:
        return _closed(lines, start, re.compile(rf"\s{{0,3}}{re.escape(fence[1])}"))
    if re.match(r"\s{0,3}<details", lines[start]):
        return _details(lines, start)
    if _HEADING.match(lines[start]):
        marked = start + 1 < len(lines) and re.match(r"\s{0,3}<!--\s*(frage|begriff)\b", lines[start + 1])
        return start + (2 if marked else 1)
    at = start
    while at < len(lines) and lines[at].strip() and not (at > start and _OPENS.match(lines[at])):
        at += 1
    return _rest_of_list(lines, at) if _LIST.match(lines[start]) else at


def _closed(lines: Sequence[str], start: int, ending: re.Pattern[str]) -> int:
    for at in range(start + 1, len(lines)):
        if ending.match(lines[at]):
            return at + 1
    return len(lines)


def _details(lines: Sequence[str], start: int) -> int:
    depth = 0
    for at in range(start, len(lines)):
        depth += lines[at].count("<details") - lines[at].count("</details>")
        if depth <= 0:
            return at + 1
    return len(lines)


def _rest_of_list(lines: Sequence[str], end: int) -> int:
    """Further items of a loose list, and what is indented below them."""
    at = end
    while at < len(lines):
        if not lines[at].strip():
            at += 1
        elif lines[at].startswith(("  ", "\t")) or _LIST.match(lines[at]):
            while at < len(lines) and lines[at].strip():
                at += 1
            end = at
        else:
            break
    return end


def _belongs_together(block: Block, after: Block) -> bool:
    """Whether what follows needs to stand directly behind this block."""
    return (
        (bool(block.heading) and after.mark in {"quiz", "aufgabe", "fahrplan"})
        or (block.first.startswith("Tabelle:") and after.first.lstrip().startswith("|"))
        or (block.first.startswith("[Video:") and after.first.lstrip().startswith("<details"))
    )


def _quizzes(found: Sequence[Block]) -> list[Place]:
    return [
        Place(
            f"quiz-{block.end}",
            "quiz",
            before.heading[1] if before and before.heading else "",
            block.start + 1,
        )
        for before, block in pairwise((None, *found))
        if block and block.mark == "quiz"
    ]


def _place(how: str, block: Block) -> Place:
    heading = block.heading
    shown = heading[1] if heading else next(filter(None, map(_plain, block.lines)), "")
    words = shown if len(shown) <= _QUOTED else shown[:_QUOTED].rsplit(" ", 1)[0] + " …"
    kind = "ueberschrift" if heading else "absatz"
    return Place(f"{how}-{block.end}", kind, words, block.start + 1)


def _plain(line: str) -> str:
    return " ".join(_SIGNS.sub(" ", line).split())


def _is_words(block: Block) -> bool:
    """Whether a link may be added at its end: a paragraph, a quote or a list."""
    last = block.lines[-1].strip()
    return not (
        block.mark
        or block.heading
        or _FENCE.match(block.first)
        or last.startswith(("|", "<", "!["))
        or block.first.startswith(("    ", "\t", "[Video:", "!["))
        or re.fullmatch(r"[-*_=\s]+", last)
    )


def _between(before: Sequence[str], snippet: str, after: Sequence[str]) -> str:
    """Parted by empty lines, with no more of them than needed."""
    pieces = ["\n".join(before).rstrip("\n"), snippet, "\n".join(after).strip("\n")]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"
