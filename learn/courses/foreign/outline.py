"""Headings of a converted text: what they say, the fragments they give, levels without gaps."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from learn.courses.foreign.lines import Lines
from learn.markup import render
from learn.markup.extensions.headings import slug
from learn.markup.model import Fault

MARKER = r"(?:[-*+]|\d{1,9}[.)])"
ATX = re.compile(
    rf"^([ \t]{{0,12}}+(?:(?:>|{MARKER}(?=[ \t]))[ \t]*+)*+)(#{{1,6}})(?=[ \t]|$)([^\n]*)$", re.MULTILINE
)
SETEXT = re.compile(r"^([ >]*+)(?=[^\s>#|])([^\n]+)\n[ >]*+(=+|-+)[ \t]*$", re.MULTILINE)
HTML = re.compile(r"<h([1-6])\b[^>\n]{0,500}>(.{0,500}?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
NO_SETEXT = re.compile(rf"{MARKER}(?:[ \t]|$)|<|\[[^\]]*\]:|(?:[-*_][ \t]*){{3,}}$")
MARKUP = re.compile(r"[*_`<&\[\]!~:\\{]")
ANCHOR = re.compile(
    r"""<[a-z][^>\n]{0,200}\b(?:id|name)[ \t]*=[ \t]*["']?([^"'\s>]{1,200})"""
    r"""|\{[^}\n]{0,80}#([\w:.-]{1,200})[^}\n]{0,80}\}""",
    re.IGNORECASE,
)
BARE = re.compile(r"\{[^}]{0,200}\}|!\[[^\]]{0,200}\](?:\([^()]{0,500}\)|\[[^\]]{0,200}\])|<[^<>]{0,300}>")
BY_NAME = re.compile(r"(?<!!)\[([^\[\]]{1,200})\]\[[^\[\]]{0,200}\]")  # links whose target stands elsewhere
LONGEST = 2_000
NEAR = 4  # lines that an anchor may stand before its heading


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its span, and the span of what gives its level. `style` is `#`, `=`, `-` or `<`."""

    level: int
    text: str
    start: int
    end: int
    style: str
    mark: tuple[int, int]


def headings(lines: Lines) -> list[Heading]:
    """Headings of all styles, in order."""
    found = [
        entry
        for entry in _all(lines.joined)
        if not lines.guarded(entry.start + 0 if entry.style != "#" else entry.mark[0])
    ]
    found.sort(key=lambda entry: entry.start)
    kept: list[Heading] = []
    for entry in found:
        if not kept or entry.start >= kept[-1].end:
            kept.append(entry)
    return kept


def _all(body: str) -> Iterator[Heading]:
    for m in ATX.finditer(body):
        words = m[3].strip()
        bare = words.rstrip("#")
        words = bare.rstrip() if not bare or bare[-1] in " \t" else words
        yield Heading(len(m[2]), words, m.start(), m.end(), "#", m.span(2))
    for m in SETEXT.finditer(body):
        table = "|" in m[2] and m[3][0] == "-"
        if not NO_SETEXT.match(m[2]) and not table:
            yield Heading(1 if m[3][0] == "=" else 2, m[2].strip(), m.start(), m.end(), m[3][0], m.span(3))
    for m in HTML.finditer(body):
        yield Heading(int(m[1]), m[2].strip(), m.start(), m.end(), "<", m.span())


def plain(words: str) -> str:
    """A heading's visible words."""
    words = BY_NAME.sub(r"\1", words)
    if not MARKUP.search(words) or len(words) > LONGEST:
        return " ".join(words.split())
    return " ".join(render(f"# {words}", "kurs").title.split())


def letters(words: str) -> str:
    """What two spellings of a title have in common."""
    return re.sub(r"[\W_]+", "", words.casefold())


def leading(lines: Lines, found: list[Heading]) -> Heading | None:
    """The first heading where it is a title: of level 1, with nothing but comments before it."""
    if not found or found[0].level != 1 or found[0].style == "<":
        return None
    before = re.sub(r"<!--.*?-->", "", lines.joined[: found[0].start], flags=re.DOTALL)
    return found[0] if not before.strip() else None


def lowered(lines: Lines, found: list[Heading]) -> Lines:
    """All headings one level deeper, so that the first one is no title."""
    return _releveled(lines, [(entry, min(entry.level + 1, 6)) for entry in found])


def levelled(lines: Lines, *, titled: bool) -> tuple[Lines, list[Fault]]:
    """No heading leaves a level out; each that did is named (K504). `titled`: the first one is the title."""
    found = headings(lines)[1 if titled else 0 :]
    shift = int(any(entry.level == 1 for entry in found))
    planned: list[tuple[Heading, int]] = []
    faults = []
    above: list[tuple[int, int]] = []
    last = 1
    for entry in found:
        level = min(entry.level + shift, 6)
        while above and above[-1][0] >= level:
            above.pop()
        new = min(level, (above[-1][1] if above else 1) + 1)
        if level > last + 1:
            line = lines.number_at(entry.start)
            faults.append(Fault("K504", line, {"a": "#" * last, "b": "#" * (last + 1)}))
        above.append((level, new))
        last = level
        planned.append((entry, new))
    if planned and not titled and planned[0][0].level > 1 >= planned[0][1] - shift:
        shift = 0  # with one sign it would stand where the title stands, and not be shown
    return _releveled(lines, [(entry, new - shift) for entry, new in planned]), faults


def _releveled(lines: Lines, changes: Iterable[tuple[Heading, int]]) -> Lines:
    pieces = [_piece(lines.joined, entry, level) for entry, level in changes if level != entry.level]
    return lines.spliced(pieces) if pieces else lines


def _piece(body: str, entry: Heading, level: int) -> tuple[int, int, str]:
    """What to put in place of a heading's mark, or of the whole heading."""
    if entry.style == "#":
        return (*entry.mark, "#" * level)
    if entry.style == "<":
        old = body[entry.start : entry.end]
        opened = f"{old[:2]}{level}{old[3:]}"
        return entry.start, entry.end, re.sub(r"[1-6](\s*>)$", rf"{level}\1", opened)
    if level <= 2:
        return (*entry.mark, ("=" if level == 1 else "-") * (entry.mark[1] - entry.mark[0]))
    before = re.match(r"[ >]*", body[entry.start : entry.end])
    return entry.start, entry.end, f"{before[0] if before else ''}{'#' * level} {entry.text}"


def fragments(lines: Lines, *, titled: bool) -> dict[str, str]:
    """Fragments of a text by what foreign texts may call them: ours, other spellings, anchors in the text."""
    found = headings(lines)
    names = slugs(plain(entry.text) for entry in found)
    known: dict[str, str] = {}
    usable = list(zip(found, names, strict=True))[1 if titled else 0 :]
    for entry, name in usable:
        bare = BARE.sub("", entry.text)
        for spelling in (name, letters(name), letters(bare), letters(plain(bare))):
            known.setdefault(spelling, name)
    for anchor in ANCHOR.finditer(lines.joined):
        name = _nearest(lines, anchor.start(), usable)
        if name:
            known.setdefault(anchor[1] or anchor[2], name)
    return known


def _nearest(lines: Lines, position: int, usable: list[tuple[Heading, str]]) -> str:
    """The heading that an anchor stands in or shortly before, else the one it stands under."""
    line = lines.index_at(position)
    after = next((pair for pair in usable if pair[0].end >= position), None)
    if after and lines.index_at(after[0].start) - line <= NEAR:
        return after[1]
    before = [name for entry, name in usable if entry.end < position]
    return before[-1] if before else ""


def slugs(texts: Iterable[str]) -> list[str]:
    """The fragments of headings that say this, in order."""
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        base = slug(text)
        name, number = base, seen.get(base, -1)
        while name in seen:
            number += 1
            name = f"{base}-{number}" if number else base
        seen[base] = number
        seen.setdefault(name, 0)
        found.append(name)
    return found
