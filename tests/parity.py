"""Compares the structure of Markdown files in profile `gfm` with what markdown-it-py makes of them.

    python -m tests.parity DIR …               a line per folder, and the first difference of each lesson
    python -m tests.parity DIR … --verbose     also all counts that differ, and the lessons that agree
    python -m tests.parity DIR … --require 98  exits with 1 if a folder stays below (inline: three less)

Two lessons agree when they hold the same number of each element of `BLOCKS`, or of `INLINE`; footnotes and
checkboxes are left out. Front matter (`---` or `+++`) is cut off before both.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from learn.markup import render
from learn.markup.context import Context, NoFiles
from learn.markup.dialect import Dialect
from learn.markup.model import Html
from learn.markup.names import names
from learn.markup.tree import walk

BLOCKS = names("h1 h2 h3 h4 h5 h6 ul ol li pre blockquote table tr hr img")
INLINE = names("a code del em strong")
COUNTED = BLOCKS | INLINE
SUFFIXES = names(".md .markdown .mdown .mkd .mdx .rmd .qmd")
REFERENCE = MarkdownIt("gfm-like").use(footnote_plugin)
INLINE_MARGIN = 3  # 95 % where 98 % of the structure are asked for
_SAME = {"s": "del"}
_OPENING = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
_LINE_END = re.compile(r"\r\n|\r|\n")


class _Counter(HTMLParser):
    """Counts start tags outside footnote sections."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.notes = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "footnotes" in (dict(attrs).get("class") or ""):
            self.notes = True  # they stand at the end of the page
        if not self.notes:
            self.found[_SAME.get(tag, tag)] += 1


def counts(html: str, tags: frozenset[str] = COUNTED) -> Counter[str]:
    """How often each of `tags` stands in this HTML."""
    reader = _Counter()
    reader.feed(html)
    reader.close()
    return Counter({tag: number for tag, number in reader.found.items() if tag in tags})


def both(text: str, tags: frozenset[str] = COUNTED) -> tuple[Counter[str], Counter[str]]:
    """The counts of our HTML and of the reference's."""
    part = render(text, "gfm").parts[0]
    assert isinstance(part, Html)
    return counts(part.html, tags), counts(REFERENCE.render(text), tags)


# Where the structures part


@dataclass(frozen=True)
class Place:
    tag: str
    line: int


def ours(text: str) -> Iterator[Place]:
    """The elements of our tree in order, with their lines from 1."""
    line = 1
    for node in walk(Dialect(Context(profile="gfm", resolve=NoFiles())).tree(text)):
        line = node.line or line
        if node.tag == "raw":
            yield from _raw(node.source or "", line)
        else:
            yield Place(node.tag, line)


def theirs(text: str) -> Iterator[Place]:
    """The same of the reference's tokens."""
    line = 1
    for token in REFERENCE.parse(text):
        if token.type == "footnote_block_open":
            return
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            yield from _inline(token.children or [], line)
        elif token.type == "html_block":
            yield from _raw(token.content, line)
        elif token.type in {"fence", "code_block"}:
            yield from (Place("pre", line), Place("code", line))
        elif token.nesting >= 0:
            yield Place(token.tag, line)


def _inline(tokens: list[Token], line: int) -> Iterator[Place]:
    for token in tokens:
        if token.type == "html_inline":
            yield from _raw(token.content, line)
        elif token.nesting >= 0 and token.type != "text":
            yield Place("a" if token.type == "footnote_ref" else _SAME.get(token.tag, token.tag), line)
        line += token.type in {"softbreak", "hardbreak"}
        line += token.content.count("\n")


def _raw(source: str, line: int) -> Iterator[Place]:
    for found in _OPENING.finditer(source):
        tag = found[1].lower()
        yield Place(_SAME.get(tag, tag), line + source.count("\n", 0, found.start()))


def first_difference(text: str, tags: frozenset[str]) -> str:
    """The line where the sequences of elements part, and what stands there on both sides."""
    pairs = zip_longest(
        (place for place in ours(text) if place.tag in tags),
        (place for place in theirs(text) if place.tag in tags),
    )
    for mine, other in pairs:
        if mine is None or other is None or mine.tag != other.tag:
            line = min(place.line for place in (mine, other) if place)
            return f"{line}: {_named(mine)} bei uns, {_named(other)} bei markdown-it"
    return "1: verschachtelt"


def _named(place: Place | None) -> str:
    return place.tag if place else "nichts mehr"


# Files and folders


def body(text: str) -> tuple[str, int]:
    """The text below its front matter, and how many lines were cut."""
    lines = _LINE_END.sub("\n", text.removeprefix("\ufeff")).split("\n")
    fence = lines[0].rstrip()
    if fence in {"---", "+++"}:
        for number, line in enumerate(lines[1:], 1):
            if line.rstrip() == fence:
                return "\n".join(lines[number + 1 :]), number + 1
    return "\n".join(lines), 0


@dataclass
class Tally:
    """What one folder gave."""

    lessons: int = 0
    blocks: int = 0
    inline: int = 0
    unreadable: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    agreeing: list[str] = field(default_factory=list)

    def share(self, equal: int) -> float:
        return 100 * equal / self.lessons if self.lessons else 100.0

    def add(self, name: str, text: str) -> None:
        text, cut = body(text)
        mine, other = both(text)
        equal = {tags: not any(mine[tag] != other[tag] for tag in tags) for tags in (BLOCKS, INLINE)}
        self.lessons += 1
        self.blocks += equal[BLOCKS]
        self.inline += equal[INLINE]
        for tags, same in equal.items():
            if not same:
                line, _, what = first_difference(text, tags).partition(":")
                self.differences.append(f"{name}:{int(line) + cut}:{what}{_differing(mine, other, tags)}")
        if all(equal.values()):
            self.agreeing.append(name)


def _differing(mine: Counter[str], other: Counter[str], tags: frozenset[str]) -> str:
    found = (f"{tag} {mine[tag]} statt {other[tag]}" for tag in sorted(tags) if mine[tag] != other[tag])
    return f" [{', '.join(found)}]"


def measure(folder: Path) -> Tally:
    """Compare every Markdown file below `folder`, or the one file it is."""
    tally = Tally()
    for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            name = path.relative_to(folder).as_posix() if path != folder else path.name
            try:
                text = path.read_bytes().decode()
            except (OSError, UnicodeDecodeError):
                tally.unreadable.append(name)
            else:
                tally.add(name, text)
    return tally


def show(folder: Path, tally: Tally, *, verbose: bool) -> None:
    shares = f"Struktur {tally.share(tally.blocks):5.1f} %, Inline {tally.share(tally.inline):5.1f} %"
    unreadable = f", {len(tally.unreadable)} unlesbar" if tally.unreadable else ""
    print(f"{folder}: {tally.lessons} Lektionen, {shares}{unreadable}")
    for line in tally.differences:
        print(f"  {line if verbose else line.partition(' [')[0]}")
    if verbose:
        for name in tally.unreadable:
            print(f"  {name}: unlesbar")
        for name in tally.agreeing:
            print(f"  {name}: gleich")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--verbose", action="store_true", help="name every lesson and count")
    parser.add_argument("--require", type=float, default=0, metavar="PERCENT", help="exit with 1 below this")
    given = parser.parse_args(arguments)
    missing = [folder for folder in given.folders if not folder.exists()]
    if missing:
        parser.error(f"there is no {missing[0]}")
    enough = True
    for folder in given.folders:
        tally = measure(folder)
        show(folder, tally, verbose=given.verbose)
        enough &= tally.share(tally.blocks) >= given.require
        enough &= tally.share(tally.inline) >= given.require - INLINE_MARGIN
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
