"""Readings of single front matter values: each turns text into what its key means, or is Rejected."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from learn.courses.frontmatter import Mapping, Node, Scalar, Sequence
from learn.markup.model import Fault

LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "geschuetzt")
SHORT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LOCAL_NAME = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
WHOLE = re.compile(r"[0-9]{1,9}")
MINUTES = re.compile(r"([0-9]{1,2})(min)?")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Rejected(Exception):
    """The value is not what its key allows (K104); `line` where it stands, if not beside the key."""

    def __init__(self, expected: str, value: str, line: int | None = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.value = value
        self.line = line

    def fault(self, key: str, line: int) -> Fault:
        values = {"key": key, "erwartung": self.expected, "wert": shortened(self.value)}
        return Fault("K104", self.line or line, values)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list with its line."""

    text: str
    line: int


def shortened(value: str) -> str:
    """The value as a fault shows it: one line, at most 40 characters, nothing unprintable."""
    line = " ".join(value.split())
    shown = "".join(char if char.isprintable() else "·" for char in line)
    return shown if len(shown) <= 40 else shown[:39] + "…"


def clean(value: str, limit: int) -> str | None:
    """The text with white space collapsed; None when it is empty, too long or holds control characters."""
    line = " ".join(value.split())
    unprintable = any(unicodedata.category(char) in {"Cc", "Cs"} for char in line)
    return None if not line or len(line) > limit or unprintable else line


def _scalar(node: Node, expected: str) -> str:
    if not isinstance(node, Scalar):
        raise Rejected(expected, "eine Liste" if isinstance(node, Sequence) else "eine Zuordnung")
    return node.text


def _list(node: Node, expected: str) -> Sequence:
    if not isinstance(node, Sequence):
        raise Rejected(expected, node.text if isinstance(node, Scalar) else "eine Zuordnung")
    return node


def text(limit: int, expected: str = "ein Text mit 1 bis 120 Zeichen") -> Callable[[Node], str]:
    """A text of one line."""

    def read(node: Node) -> str:
        value = _scalar(node, expected)
        found = clean(value, limit)
        if found is None:
            raise Rejected(expected, value)
        return found

    return read


def identity(prefix: str) -> Callable[[Node], str]:
    """An id of one kind."""
    pattern = re.compile(f"{prefix}_[a-z0-9]{{8}}")
    return _matching(pattern, "eine Kennung wie les_7k3f9q2m")


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[Node], str]:
    def read(node: Node) -> str:
        value = _scalar(node, expected)
        if not pattern.fullmatch(value):
            raise Rejected(expected, value)
        return value

    return read


language = _matching(LANGUAGE, "ein Sprachkürzel")
licence = _matching(
    re.compile("|".join(re.escape(name) for name in LICENCES)),
    "CC0-1.0, CC-BY-4.0, CC-BY-SA-4.0 oder geschuetzt",
)


def number(expected: str = "eine ganze Zahl ab 1") -> Callable[[Node], int]:
    """A whole number from 1."""

    def read(node: Node) -> int:
        value = _scalar(node, expected)
        if not WHOLE.fullmatch(value) or int(value) < 1:
            raise Rejected(expected, value)
        return int(value)

    return read


def duration(node: Node) -> int:
    """Minutes, 1 to 60."""
    expected = "eine Zahl von 1 bis 60, zum Beispiel 8min"
    value = _scalar(node, expected)
    match = MINUTES.fullmatch(value)
    if not match or not 1 <= int(match[1]) <= 60:
        raise Rejected(expected, value)
    return int(match[1])


def yes_or_no(node: Node) -> bool:
    """`ja` or `nein`."""
    value = _scalar(node, "ja oder nein")
    if value not in {"ja", "nein"}:
        raise Rejected("ja oder nein", value)
    return value == "ja"


def reviewed(node: Node) -> str:
    """A month or day that exists, as written."""
    expected = "ein Monat oder Tag wie 2026-09"
    value = _scalar(node, expected)
    match = DAY.fullmatch(value)
    try:
        if match:
            date(int(match[1]), int(match[2]), int(match[3] or 1))
            return value
    except ValueError:
        pass
    raise Rejected(expected, value)


def items(
    expected: str,
    limit: int,
    *,
    least: int = 0,
    most: int = 100,
    pattern: re.Pattern[str] | None = None,
) -> Callable[[Node], tuple[Item, ...]]:
    """A list of texts up to `limit` characters, each fitting `pattern` if one is given."""

    def one(node: Node) -> Item:
        value = node.text if isinstance(node, Scalar) else ""
        found = clean(value, limit)
        if found is None or (pattern and not pattern.fullmatch(found)):
            raise Rejected(expected, value, node.line)
        return Item(found, node.line)

    def read(node: Node) -> tuple[Item, ...]:
        found = _list(node, expected)
        if not least <= len(found.items) <= most:
            raise Rejected(expected, f"{len(found.items)} Angaben")
        return tuple(one(item) for item in found.items)

    return read


goals = items("eine Liste von 1 bis 4 Texten bis 120 Zeichen", 120, least=1, most=4)
names = items("eine Liste von Namen", 120)
topics = items("eine Liste bis 5 Kurznamen", 80, most=5, pattern=SHORT_NAME)


def identities(*prefixes: str, word: str = "", least: int = 0) -> Callable[[Node], tuple[Item, ...]]:
    """A list of ids of these kinds, or the word."""
    kinds = "|".join(prefixes)
    pattern = re.compile(f"({kinds})_[a-z0-9]{{8}}" + (f"|{word}" if word else ""))
    return items("eine Liste von Kennungen", 80, least=least, pattern=pattern)


def choices(*allowed: str) -> Callable[[Node], tuple[Item, ...]]:
    """A list of words out of these."""
    pattern = re.compile("|".join(allowed))
    return items("eine Liste erlaubter Angaben", 60, pattern=pattern)


def explained(node: Node) -> tuple[tuple[str, str], ...]:
    """Names with what to enter for each."""
    expected = "eine Zuordnung von Namen zu Erklärungen"
    if not isinstance(node, Mapping):
        raise Rejected(expected, node.text if isinstance(node, Scalar) else "eine Liste")
    return tuple(_explained(name, value, node.lines[name], expected) for name, value in node.items.items())


def _explained(name: str, node: Node, line: int, expected: str) -> tuple[str, str]:
    value: Any = clean(node.text, 200) if isinstance(node, Scalar) else None
    if value is None or not LOCAL_NAME.fullmatch(name):
        raise Rejected(expected, name if value else f"{name}:", line)
    return name, value
