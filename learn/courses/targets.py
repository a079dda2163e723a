"""Targets of links and pictures as a text names them, with their lines, found without parsing it.

The scan may see too much (a target inside code), which costs nothing, and rarely too little; what was
rendered is compared with it, so that nothing is missed unnoticed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from learn.markup.extensions.terms import term_slug
from learn.markup.links import unescape

INLINE = re.compile(r"\]\([ \t]*\n?[ \t]*(?:<([^<>\n]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))")
REFERENCE = re.compile(r"^[ >]*\[[^\]\n]{1,999}\]:[ \t]*\n?[ \t]*(?:<([^<>\n]*)>|(\S+))", re.MULTILINE)
ATTRIBUTE = re.compile(
    r"""\b(?:href|src)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'>]+))""", re.IGNORECASE
)
MARK = re.compile(r"^[ \t>]*<!--\s*(quiz|aufgabe|fahrplan|frage)\s[^\n]*?\bid=\"?([a-z0-9-]+)", re.MULTILINE)
TERM = re.compile(
    r"^ {0,3}##[ \t]+(\S.*?)[ \t]*#*[ \t]*$(?:\n[ \t]*<!--\s*begriff\b([^\n]*)-->)?", re.MULTILINE
)
GIVEN = re.compile(r"\bid=\"?([a-z0-9-]+)")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
DRIVE = re.compile(r"[A-Za-z]:[\\/]")
UNSAFE = re.compile(r"[\\\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """A target as written, with its line in the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What a quick look at a text finds.

    `sections`: names such as `aufgabe-liste` that marks give. `terms`: titles and slugs of a glossary.
    `folders`: what the text's targets name at the top of the content root.
    """

    sections: frozenset[str] = frozenset()
    terms: tuple[tuple[str, str], ...] = ()
    folders: frozenset[str] = frozenset()


class Outside(Exception):
    """The target leaves the content root or is no relative path (K109)."""


def scan(body: str, body_line: int) -> tuple[Target, ...]:
    """Relative targets of a text, in order, each once per line."""
    found: dict[Target, None] = {}
    starts = _line_starts(body)
    for pattern in (INLINE, REFERENCE, ATTRIBUTE):
        for match in pattern.finditer(body):
            text = unescape(match[match.lastindex or 0]).strip()
            if text and (not SCHEME.match(text) or DRIVE.match(text)):
                found[Target(text, starts(match.end()) + body_line)] = None
    return tuple(sorted(found, key=lambda target: target.line))


def glance(path: str, body: str, *, glossary: bool = False) -> Glance:
    """Look at a text without parsing it."""
    return Glance(
        sections=frozenset(f"{name}-{identity}" for name, identity in MARK.findall(body)),
        terms=tuple(_terms(body)) if glossary else (),
        folders=frozenset(_folders(path, body)),
    )


def _terms(body: str) -> Iterator[tuple[str, str]]:
    for title, mark in TERM.findall(body):
        words = re.sub(r"[*_`]", "", title)
        given = GIVEN.search(mark)
        yield words, given[1] if given else term_slug(words)


def _folders(path: str, body: str) -> Iterator[str]:
    for target in scan(body, 1):
        try:
            yield place(path, target.text)[0].split("/", 1)[0]
        except Outside:
            continue


def place(base: str, target: str) -> tuple[str, str]:
    """Path below the content root and fragment of a target written in the file `base`. Raises Outside."""
    written, _, fragment = target.partition("#")
    path = unquote(written)
    if path.startswith("/") or UNSAFE.search(path) or SCHEME.match(path) or DRIVE.match(path):
        raise Outside
    joined = normpath(join(dirname(base), path))  # pathlib would be ten times slower
    if joined == ".." or joined.startswith(("../", "/")):
        raise Outside
    return joined, unquote(fragment)


class _line_starts:  # noqa: N801 - used as a function
    """Counts lines forward as positions grow, so that a whole text costs one pass per pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 0

    def __call__(self, position: int) -> int:
        if position < self.position:
            self.position = self.line = 0
        self.line += self.text.count("\n", self.position, position)
        self.position = position
        return self.line
