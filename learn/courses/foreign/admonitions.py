"""Callouts of other generators: `!!! note` with indented text, and fences like ```{note}."""

import re

from learn.courses.foreign.boxes import Box, Boxes, Kind
from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.scanning import Fence
from learn.courses.foreign.sorts import FOLDED, sort_of

_MKDOCS = re.compile(r"(!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w-]+)*[ \t]*(?:\"([^\"]{0,300})\")?[ \t]*$")
_TAB = re.compile(r"===[!+]?[ \t]+\"([^\"]{1,300})\"[ \t]*$")
_MYST = re.compile(r"\{([\w:-]+)\}[ \t]*(.*)$")
_OPTION = re.compile(r":[\w-]+:")


def indented(lines: Lines, boxes: Boxes) -> Lines:
    """`!!!`, `???` and `===` of MkDocs: the text indented below them is their content."""
    if not any(sign in lines.joined for sign in ("!!!", "???", '=== "', '===! "')):
        return lines
    return _Indented(lines, boxes).written()


class _Indented:
    def __init__(self, lines: Lines, boxes: Boxes) -> None:
        self.lines, self.boxes = lines, boxes
        self.texts: list[str] = []
        self.numbers: list[int] = []
        self.open: list[tuple[int, str]] = []  # box, prefix of its opening line

    def written(self) -> Lines:
        for index, text in enumerate(self.lines.texts):
            self._line(index, text)
        self._close_to(-1, len(self.lines.texts) - 1)
        return Lines(self.texts, self.numbers)

    def _line(self, index: int, text: str) -> None:
        indent = len(text) - len(text.lstrip(" "))
        if text.strip():
            self._close_to(indent, index)
        inner = text[4 * len(self.open) :] if text.strip() else text
        prefix = inner[: len(inner) - len(inner.lstrip(" "))]
        visible = not self.lines.scan.hidden[index] or self.open
        box = _box(inner.strip()) if visible and len(prefix) % 4 == 0 and len(self.open) < 8 else None
        if box is None:
            self._add(inner, index)
            return
        number = self.boxes.add(box, "")
        self._add(self.boxes.opening(number, prefix), index)
        self.open.append((number, " " * indent))

    def _close_to(self, indent: int, index: int) -> None:
        """Ends the boxes whose content is indented deeper than this."""
        while self.open and indent < len(self.open[-1][1]) + 4:
            number, prefix = self.open.pop()
            self._add(self.boxes.closing(number, prefix[4 * len(self.open) :]), index)

    def _add(self, text: str, index: int) -> None:
        self.texts.append(text)
        self.numbers.append(self.lines.numbers[index])


def _box(text: str) -> Box | None:
    tab = _TAB.match(text)
    if tab:
        return Box("tab", text, title=tab[1])
    found = _MKDOCS.match(text)
    sort = sort_of(found[2]) if found else ""
    if not found or (not sort and found[2].casefold() not in {"quote", "cite"} | FOLDED):
        return None
    kind: Kind = "details" if found[1].startswith("?") else "alert"
    return Box(kind, text, sort or "NOTE", found[3] or "", found[2])


def fenced(lines: Lines, boxes: Boxes) -> Lines:
    """```{note} of MyST: the fence goes, its text becomes Markdown again."""
    texts = list(lines.texts)
    for fence in lines.scan.fences:
        found = _MYST.match(fence.info)
        box = _directive(found) if found else None
        if box is None or not _closed(texts, fence):
            continue
        number = boxes.add(box, texts[fence.last].strip())
        for index, sign in ((fence.first, boxes.opening(number)), (fence.last, boxes.closing(number))):
            prefix = PREFIX.match(texts[index])
            texts[index] = (prefix[0] if prefix else "") + sign
        for index in range(fence.first + 1, fence.last):
            if not _OPTION.match(texts[index].strip()):
                break
            texts[index] = ""
    return lines.changed(texts)


def _closed(texts: list[str], fence: Fence) -> bool:
    return fence.last > fence.first and texts[fence.last].strip(" \t>").startswith(fence.marks)


def _directive(found: re.Match[str]) -> Box | None:
    name, title = found[1].casefold(), found[2].strip()
    if name in FOLDED:
        return Box("details", found[0], title=title)
    if name == "admonition":
        return Box("alert", found[0], title=title)
    sort = sort_of(name)
    return Box("alert", found[0], sort, title, name.capitalize()) if sort else None
