"""Bytes of a foreign file become text, front matter and body; nothing readable is refused."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learn.courses import files, frontmatter
from learn.courses.frontmatter import Bad, Node, Scalar, Sequence

LARGEST = 64 * 1024  # of a front matter
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
BLANK = re.compile("[\x0b\x0c\x85]")
UNREADABLE = 0.05  # share of control characters from which on a file is no text
PAIR = re.compile(r"([\w.-]+)[ \t]*:(?:[ \t]+(.*))?$")
ITEM = re.compile(r"[ \t]*-[ \t]+(.+)$")
MARKS = (("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` has LF and no control characters. `encoding` is empty for UTF-8, `line` where it is not."""

    text: str
    encoding: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Parted:
    """Front matter (all scalars are text) and body, which begins in line `line` of the file."""

    front: Mapping[str, Any]
    body: str
    line: int = 1


def decode(data: bytes) -> Decoded | None:
    """The text of a file; None when its bytes are no text at all."""
    found = files.decode(data)
    if isinstance(found, str):
        return Decoded(_lines(found))
    text, encoding = _guess(data)
    if len(CONTROL.findall(text[:20_000])) > UNREADABLE * len(text[:20_000]) + 1:
        return None
    cleaned = CONTROL.sub("", BLANK.sub(" ", text.removeprefix("\ufeff")))
    return Decoded(_lines(cleaned), encoding, found)


def _guess(data: bytes) -> tuple[str, str]:
    """UTF-16 by its mark, else UTF-8 with control characters, else what Windows writes."""
    for name, mark in MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8 mit Steuerzeichen"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "Windows-1252"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def part(text: str) -> Parted:
    """Front matter between `---` (YAML) or `+++` (TOML); what is none stays in the body."""
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence not in {"---", "+++"}:
        return Parted({}, text)
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in {fence, "..."}), 0)
    head = "\n".join(lines[1:end])
    if not end or len(head) > LARGEST:
        return Parted({}, text)
    front = settings(head) if fence == "---" else toml(head)
    if not front and head.strip():
        return Parted({}, text)
    return Parted(front, "\n".join(lines[end + 1 :]), end + 2)


def settings(text: str) -> dict[str, Any]:
    """A mapping in YAML, all scalars as text; what the parser refuses is read line by line."""
    if len(text) <= LARGEST:
        try:
            return {key: _value(node) for key, node in frontmatter.load(text).items.items()}
        except (Bad, RecursionError):
            pass
    return _line_by_line(text)


def _value(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    return {key: _value(item) for key, item in node.items.items()}


def _line_by_line(text: str) -> dict[str, Any]:
    """Keys at the margin with their value or list, whatever stands between them."""
    found: dict[str, Any] = {}
    last = ""
    for line in text.split("\n"):
        pair, item = PAIR.match(line), ITEM.match(line)
        if pair:
            last = pair[1]
            found.setdefault(last, _bare(pair[2] or ""))
        elif item and last:
            if not isinstance(found[last], list):
                found[last] = [found[last]] if found[last] else []
            found[last].append(_bare(item[1]))
    return found


def _bare(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def toml(text: str) -> dict[str, Any]:
    """A mapping in TOML, all scalars as text; empty where it cannot be read."""
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict) and depth < 8:
        return {key: _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list) and depth < 8:
        return [_plain(inner, depth + 1) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
