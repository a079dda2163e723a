"""Writes the boxes of a text in our dialect: alerts, folded texts, quotes and tabs around their content."""

import re
from html import escape

from learn.courses.foreign.boxes import Box, Boxes, Marker, became, restored
from learn.courses.foreign.lines import PREFIX, Lines
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.scanning import heading
from learn.markup.extensions.headings import slug

_FRAGMENT = re.compile(r"\]\(#([^)\s]{1,200})")
_NOT_PLAIN = re.compile(r"[`*_\[\]<>&\\$~|]")
_CODE = re.compile(r"`([^`]+)`")


def framed(lines: Lines, boxes: Boxes, notes: Notes) -> Lines:
    """The text with our form in place of every pair of markers; linear in its size."""
    if not boxes.boxes:
        return lines
    lines, markers = restored(lines, boxes, notes)
    return _Framer(lines, markers, boxes, notes).run()


class _Framer:
    def __init__(self, lines: Lines, markers: list[Marker | None], boxes: Boxes, notes: Notes) -> None:
        self.lines, self.markers, self.boxes, self.notes = lines, markers, boxes, notes
        self.texts: list[str] = []
        self.numbers: list[int] = []
        self.stack: list[
            tuple[str, str, Box, bool]
        ] = []  # prefix, sign put before lines, box, written as tabs
        self.targets = set(_FRAGMENT.findall(lines.joined))
        self.level = 1
        self.gap: str | None = None  # the next words need an empty line behind this prefix before them
        self.fresh = False  # a box has just begun and brought its empty line
        self.index = 0

    def run(self) -> Lines:
        while self.index < len(self.lines.texts):
            marker, text = self.markers[self.index], self.lines.texts[self.index]
            if marker is None:
                self._note_level(text)
                self._put(text)
            elif marker.opens:
                self._open(marker)
            else:
                self._close(marker)
            self.index += 1
        return Lines(self.texts, self.numbers)

    # Lines, within what is open

    def _put(self, text: str) -> None:
        new = self._within(text)
        if not new.strip(" \t>") and not self.lines.scan.hidden[self.index] and self.fresh:
            return
        if self.gap is not None and text.strip():
            self._blank(self.gap)
        self.gap, self.fresh = None, False
        self._add(new)

    def _add(self, text: str) -> None:
        self.texts.append(text)
        self.numbers.append(self.lines.numbers[min(self.index, len(self.lines.numbers) - 1)])

    def _within(self, text: str) -> str:
        """The line behind the signs of all open boxes; each stands where its box began."""
        out, used = [], 0
        for prefix, sign, _, _ in self.stack:
            if not sign and not prefix:
                continue
            end = _shared(text, prefix, used)
            out.append(text[used:end].ljust(max(0, len(prefix) - used)))
            out.append(sign)
            used = max(used, end)
        return (
            ("".join(out) + text[used:]).rstrip(" ")
            if not text[used:].strip()
            else "".join(out) + text[used:]
        )

    def _blank(self, prefix: str) -> None:
        """An empty line of this container, unless one stands there; one of a quote in it does not count."""
        new = self._within(prefix.rstrip())
        last = self.texts[-1] if self.texts else ""
        if last.strip(" \t>") or last.count(">") > new.count(">"):
            self._add(new)

    def _note_level(self, text: str) -> None:
        if not self.lines.scan.hidden[self.index] and not any(sign for _, sign, _, _ in self.stack):
            found = heading(text.lstrip())
            self.level = found[0] if found else self.level

    # Boxes

    def _open(self, marker: Marker) -> None:
        box = self.boxes.boxes[marker.number]
        if new := became(box):
            self.notes.became(self.lines.numbers[self.index], box.source, new)
        if self.gap is not None:
            self._blank(self.gap)
        self._blank(marker.prefix)
        self.gap, self.fresh = None, True
        tabs = False
        if box.kind in {"alert", "quote"}:
            self.stack.append((marker.prefix, "> ", box, False))
            self._head_of_quote(marker.prefix, box)
            return
        if box.kind == "details":
            self._head_of_details(marker.prefix, box)
        elif box.kind in {"tabs", "headed"}:
            tabs = self._tabs_fit(marker, box)
            if tabs:
                self._lines(marker.prefix, "<!-- tabs -->", "")
        elif box.kind == "tab":
            self._head_of_tab(marker.prefix, box)
        self.stack.append((marker.prefix, "", box, tabs))

    def _close(self, marker: Marker) -> None:
        _, _, box, tabs = self.stack[-1]
        sign = self.stack[-1][1]
        while len(self.texts) > 1 and self._empty_end(sign):
            self.texts.pop()
            self.numbers.pop()
        self.stack.pop()
        self.fresh = False
        if box.kind == "details":
            self._blank(marker.prefix)
            self._lines(marker.prefix, "</details>")
        elif tabs:
            self._blank(marker.prefix)
            self._lines(marker.prefix, "<!-- /tabs -->")
        self.gap = marker.prefix

    def _empty_end(self, sign: str) -> bool:
        """Whether the last line is an empty one that the box which ends can do without."""
        if self.texts[-1].strip(" \t>"):
            return False
        return ">" in self.texts[-1] if sign else not self.texts[-2].strip(" \t>")

    def _lines(self, prefix: str, *texts: str) -> None:
        for text in texts:
            self._add(self._within(f"{prefix}{text}" if text else prefix.rstrip()))

    def _head_of_quote(self, prefix: str, box: Box) -> None:
        if box.kind == "alert":
            self._lines(prefix, f"[!{box.sort}]")
        title, kept = self._title(box)
        if title:
            self._lines(prefix, f"**{title}**", "")
        if kept:
            self._lines(prefix, kept, "")

    def _head_of_details(self, prefix: str, box: Box) -> None:
        title, kept = self._title(box)
        summary = _summary(title)
        self._lines(
            prefix, "<details>", f"<summary>{summary or escape(box.label) or 'Mehr dazu'}</summary>", ""
        )
        if title and not summary:
            self._lines(prefix, f"**{title}**", "")
        if kept:
            self._lines(prefix, kept, "")

    def _head_of_tab(self, prefix: str, box: Box) -> None:
        parent = next((item for item in reversed(self.stack) if item[2].kind == "tabs"), None)
        title = box.title or box.label
        if parent is not None and parent[3]:
            self._lines(prefix, f"{'#' * self._tab_level()} {title}", "")
        elif title:
            self._lines(prefix, f"**{title}**", "")

    def _tab_level(self) -> int:
        return min(6, self.level + 1)

    # Titles

    def _title(self, box: Box) -> tuple[str, str]:
        """Words for the title, and the heading inside that has to stay one because a link leads to it."""
        own = box.title
        if box.titled and not own:
            own, kept = self._heading_inside()
            if kept:
                return box.label, kept
        if own and box.label and box.label.casefold() not in own.casefold():
            return f"{box.label}: {own}", ""
        return own or box.label, ""

    def _heading_inside(self) -> tuple[str, str]:
        """Takes the heading that stands first inside; as title, or as the line it is."""
        at = self.index + 1
        while (
            at < len(self.lines.texts) and self.markers[at] is None and not self.lines.texts[at].strip(" \t>")
        ):
            at += 1
        if at >= len(self.lines.texts) or self.markers[at] is not None or self.lines.scan.hidden[at]:
            return "", ""
        text = self.lines.texts[at]
        prefix = PREFIX.match(text)
        found = heading(text[prefix.end() if prefix else 0 :])
        if found is None or not found[1]:
            return "", ""
        self.index = at
        if slug(found[1]) in self.targets:
            return "", "#" * found[0] + " " + found[1]
        return found[1], ""

    # Tabs

    def _tabs_fit(self, marker: Marker, box: Box) -> bool:
        """Whether tabs can stand here: outside other boxes, with no heading that would part them anew."""
        if marker.prefix or any(item[1] or item[2].kind == "details" or item[3] for item in self.stack):
            return False
        levels, tabs = self._inside(marker)
        if box.kind == "headed":
            return bool(levels)
        return tabs > 0 and all(level > self._tab_level() for level in levels)

    def _inside(self, marker: Marker) -> tuple[list[int], int]:
        """Levels of the headings, and the number of tabs, up to the end of this box."""
        levels, tabs = [], 0
        for at in range(self.index + 1, len(self.lines.texts)):
            other = self.markers[at]
            if other is not None:
                if other.number == marker.number:
                    break
                tabs += other.opens and self.boxes.boxes[other.number].kind == "tab"
            elif not self.lines.scan.hidden[at]:
                found = heading(self.lines.texts[at].lstrip())
                levels.extend([found[0]] if found else [])
        return levels, tabs


def _shared(text: str, prefix: str, used: int) -> int:
    """How far the line begins like this prefix, at least up to `used`."""
    if text.startswith(prefix):
        return max(used, len(prefix))
    bare = prefix.rstrip()
    if text.startswith(bare) and bare:
        return max(used, min(len(bare), len(text)))
    blank = len(text) - len(text.lstrip(" "))
    return max(used, min(blank, len(prefix)))


def _summary(title: str) -> str:
    """The title as HTML; empty if it holds more than words and code."""
    bare = _CODE.sub("", title)
    if _NOT_PLAIN.search(bare):
        return ""
    return _CODE.sub(r"<code>\1</code>", escape(title, quote=False))
