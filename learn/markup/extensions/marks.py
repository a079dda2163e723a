"""Marks: comments alone on a line that begin or end a quiz, an exercise, a Fahrplan or tabs."""

import difflib
import re

from learn.markup.context import Context
from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, fill, kids, walk

SECTIONS = frozenset({"quiz", "aufgabe", "fahrplan", "tabs"})
_KEYS = {
    "quiz": {"id"},
    "aufgabe": {"id"},
    "fahrplan": {"id"},
    "tabs": set(),
    "frage": {"id", "typ", "lektion"},
    "begriff": {"id", "auch"},
    "zitat": {"beitrag", "fassung"},
}
_NEEDS_ID = frozenset({"quiz", "aufgabe", "fahrplan", "frage"})
_WORKS: dict[str, frozenset[str]] = {
    "lektion": SECTIONS | {"frage"},
    "kurs": frozenset({"tabs", "begriff"}),
    "modul": frozenset({"tabs", "begriff"}),
    "glossar": frozenset({"tabs", "begriff"}),
    "pfad": frozenset({"tabs", "begriff"}),
    "fragen": frozenset({"frage"}),
    "einfach": frozenset({"tabs"}),
    "beitrag": frozenset({"zitat"}),
}
_NEVER = frozenset({"versuche", "bestehen", "abgabe", "peer", "frist"})
_COMMENT = re.compile(r"\s{0,3}<!--\s*(/?)([A-Za-z][\w-]*)((?:\s[^\n]*?)?)\s*-->\s*")
_CODE = re.compile(r"<(?:pre|script|style|textarea)", re.IGNORECASE)
_LONG = re.compile(r"\s*<!--(?![^\n]*-->)")  # a comment over several lines
_PAIR = re.compile(r'\s+(?:([\w-]+)=("[^"]*"|[^\s"]+)|(\S+))')
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_mark(node: Node, context: Context) -> Node | None:
    """The mark in a raw block, `/name` for an end; None if it is an ordinary comment or no comment."""
    found = _COMMENT.fullmatch(node.source or "")
    if not found:
        return None
    name = found[2]
    if name not in _KEYS:
        _unknown(name, found[3], node.line, context)
        return None
    mark = Node("marke", line=node.line)
    mark.info = found[1] + name
    if name not in _WORKS[context.kind]:
        if not found[1]:
            context.fault("K202", node.line, name=name)
        return None
    if not found[1]:
        _attributes(mark, name, found[3], context)
    return mark


def parted(raw: Node) -> list[Node]:
    """A block of authors' HTML, with each mark alone on a line in it as a block of its own."""
    source = raw.source or ""
    if not raw.block or "\n" not in source.rstrip() or _CODE.search(source) or _LONG.match(source):
        return [raw]
    found: list[Node] = []
    begin = True
    for number, line in enumerate(source.split("\n"), raw.line):
        mark = _COMMENT.fullmatch(line)
        known = mark is not None and mark[2] in _KEYS
        if known or begin:
            found.append(_piece(line, number))
        else:
            found[-1].source = f"{found[-1].source}\n{line}"
        begin = known
    return [piece for piece in found if (piece.source or "").strip()]


def _piece(source: str, line: int) -> Node:
    node = Node("raw", line=line)
    node.source, node.block = source, True
    return node


def _unknown(name: str, rest: str, line: int, context: Context) -> None:
    """A comment is taken for a misspelt mark if it looks like one."""
    pairs = _PAIR.findall(rest)
    like = bool(pairs) and all(key for key, _, _ in pairs)
    near = not rest.strip() and difflib.get_close_matches(name, _KEYS, 1, 0.8)
    if like or near or (name in _NEVER and not rest.strip()):
        context.fault("K202", line, name=name)


def _attributes(mark: Node, name: str, rest: str, context: Context) -> None:
    for key, value, junk in _PAIR.findall(rest):
        if junk or key not in _KEYS[name] or mark.get(key) is not None:
            context.fault("K202", mark.line, name=junk or key)
        else:
            mark.set(key, value.strip('"'))
    if name in _NEEDS_ID or mark.get("id"):
        _check_id(mark, context)


def _check_id(mark: Node, context: Context) -> None:
    value = mark.get("id") or ""
    if not value:
        context.fault("K301", mark.line)
    elif not _ID.fullmatch(value) or len(value) > 80:
        erwartung = "eine Kennung aus Kleinbuchstaben, Ziffern und Bindestrichen"
        context.fault("K104", mark.line, key="id", erwartung=erwartung, wert=value)
        value = ""
    elif mark.info == "begriff":
        return  # its slug is compared with those of headings
    elif value in context.ids:
        context.fault("K302", mark.line, id=value)
    context.ids.setdefault(value, mark.line)
    mark.set("id", value or f"zeile-{mark.line}")


class Marks(Construct):
    """Groups what stands between two marks under one element named like the mark."""

    def apply(self, root: Node) -> None:
        self._nested(root)
        content: list[Node] = []
        blocks = kids(root)
        orphans: list[Node] = []
        index = 0
        while index < len(blocks):
            node = blocks[index]
            if node.tag != "marke":
                content.append(node)
            elif node.info in SECTIONS:
                index = self._section(blocks, index, content)
                orphans = self._report(orphans)
            else:
                orphans = self._other(node, content, orphans)
            index += 1
        self._report(orphans)
        fill(root, content)

    def _nested(self, root: Node) -> None:
        """Marks count at the top level only."""
        for parent in list(walk(root)):
            if parent is root:
                continue
            for child in kids(parent):
                if child.tag == "marke":
                    parent.remove(child)
                    self._misplaced(child)

    def _misplaced(self, mark: Node) -> None:
        self.context.fault("K203", mark.line, name=mark.info.lstrip("/"))

    def _report(self, orphans: list[Node]) -> list[Node]:
        for mark in orphans:
            self._misplaced(mark)
        return []

    def _other(self, mark: Node, content: list[Node], orphans: list[Node]) -> list[Node]:
        """A mark outside a section: terms, quotes, questions of a test, ends without a beginning."""
        if mark.info in {"begriff", "zitat"} or (mark.info == "frage" and self.context.kind == "fragen"):
            content.append(mark)
            return orphans
        if mark.info == "frage":
            return [*orphans, mark]
        self._misplaced(mark)
        return [] if mark.info == "/quiz" else orphans  # the missing beginning explains them

    def _section(self, blocks: list[Node], start: int, content: list[Node]) -> int:
        """Takes in the section that begins at `start`; the index of its last block."""
        opening = blocks[start]
        end = self._end(blocks, start)
        if end is None:
            self._misplaced(opening)
            return self._unclosed(blocks, start, content)
        section = Node(opening.info, dict(opening.attrib), opening.line)
        for node in blocks[start + 1 : end]:
            if node.tag != "marke" or (node.info == "frage" and opening.info == "quiz"):
                section.append(node)
            elif not node.info.startswith("/"):
                self._misplaced(node)
        content.append(section)
        return end

    @staticmethod
    def _end(blocks: list[Node], start: int) -> int | None:
        name = blocks[start].info
        for index in range(start + 1, len(blocks)):
            if blocks[index].tag == "marke":
                if blocks[index].info == f"/{name}":
                    return index
                if blocks[index].info == name:
                    return None
        return None

    @staticmethod
    def _unclosed(blocks: list[Node], start: int, content: list[Node]) -> int:
        """What follows stays text up to the next section; questions in it are not reported again."""
        index = start + 1
        while index < len(blocks) and not (blocks[index].tag == "marke" and blocks[index].info in SECTIONS):
            if blocks[index].tag != "marke":
                content.append(blocks[index])
            index += 1
        return index - 1
