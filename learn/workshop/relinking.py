"""Targets of links and pictures follow files and headings that move: only their letters change."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from posixpath import dirname, relpath, splitext
from urllib.parse import quote, unquote

from learn.courses.foreign.lines import Lines
from learn.courses.foreign.rewriting import ATTRIBUTE, DEFINITION, ELEMENT
from learn.courses.targets import DRIVE, INLINE, SCHEME, Outside, place
from learn.markup.links import unescape
from learn.workshop import fields
from learn.workshop.layout import Files

Spot = tuple[str, str]  # path below the course folder, fragment
Where = Callable[[Spot], Spot]
ROOT = "kurs/"  # stands for the course folder, so that targets may leave it
SPECIAL = re.compile(r"[\s()<>%#?\\\"'\[\]`]")


def followed(files: Files, moved: Mapping[str, str], passages: Mapping[Spot, Spot]) -> dict[str, str]:
    """The files at their new paths, every target leading where it led.

    `moved`: new path of each file that moved. `passages`: new spots of single headings; a fragment without
    one stays with its file.
    """
    where = leading(moved, passages)
    touched = {*moved, *(path for path, _fragment in passages)}
    result = {}
    for path, text in files.items():
        base = moved.get(path, path)
        result[base] = _whole(text, path, base, where, touched)
    return result


def leading(moved: Mapping[str, str], passages: Mapping[Spot, Spot]) -> Where:
    """Where each spot lies now."""

    def where(spot: Spot) -> Spot:
        path, fragment = spot
        return passages.get(spot) or (moved.get(path, path), fragment)

    return where


def _whole(text: str, path: str, base: str, where: Where, touched: set[str]) -> str:
    _head, body, _line = fields.parts(text)
    fresh = retargeted(body, path, base, where, touched)
    return text if fresh == body else fields.with_body(text, fresh)


def retargeted(body: str, old: str, new: str, where: Where, touched: set[str] | None = None) -> str:
    """A body from the file `old` as it must read in the file `new`; code stays untouched.

    `touched`: files whose spots may have changed; None: any.
    """
    if touched is not None and dirname(old) == dirname(new) and old not in touched:
        names = {path.rpartition("/")[2] for path in touched}
        if not any(name in body for name in names) and "%" not in body:
            return body
    pieces = [(start, end, found) for start, end, found in _edits(body, old, new, where)]
    if not pieces:
        return body
    lines = Lines.of(body)
    sound = sorted(piece for piece in pieces if not lines.guarded(piece[0]))
    result, at = [], 0
    for start, end, found in sound:
        if start >= at:
            result += [body[at:start], found]
            at = end
    return "".join([*result, body[at:]])


def named(body: str, base: str) -> set[str]:
    """Paths below the course folder that the body of the file `base` names outside code."""
    lines = Lines.of(body)
    spots = ((start, _spot(base, written)) for start, _end, written, _html in _targets(body))
    return {spot[0] for start, spot in spots if spot and not lines.guarded(start)}


def _edits(body: str, old: str, new: str, where: Where) -> Iterator[tuple[int, int, str]]:
    for start, end, written, element in _targets(body):
        spot = _spot(old, written)
        if spot is None or not _names_a_file(spot[0]):
            continue
        wanted = where(spot)
        fresh = _target(new, wanted, written, inside=written.startswith("#") or spot[0] != old)
        shorter = dirname(old) != dirname(new) and len(fresh) < len(written)
        if _spot(new, written) != wanted or shorter:
            yield start, end, html.escape(fresh) if element else fresh


def _targets(body: str) -> Iterator[tuple[int, int, str, bool]]:
    """Begin, end and meaning of each target, and whether it is an attribute of HTML."""
    for pattern, groups in ((INLINE, (1, 2)), (DEFINITION, (3,))):
        for match in pattern.finditer(body):
            group = next(number for number in groups if match[number] is not None)
            start, end = match.span(group)
            if body[start:end].startswith("<"):
                start, end = start + 1, end - 1
            yield start, end, unescape(body[start:end]).strip(), False
    for element in ELEMENT.finditer(body):
        for match in ATTRIBUTE.finditer(element[2]):
            if match[1].lower() in {"href", "src"}:
                start, end = (element.start(2) + side for side in match.span(2))
                if body[start] in "\"'":
                    start, end = start + 1, end - 1
                yield start, end, html.unescape(body[start:end]).strip(), True


def _spot(base: str, written: str) -> Spot | None:
    """Where a target leads, None for what leads outside the course's folder by an address."""
    if written.startswith("#"):
        return base, unquote(written[1:])
    if not written or SCHEME.match(written) or DRIVE.match(written):
        return None
    try:
        path, fragment = place(ROOT + base, written)
    except Outside:
        return None
    return relpath(path, ROOT), fragment


def _names_a_file(path: str) -> bool:
    return bool(splitext(path)[1])


def _target(base: str, spot: Spot, written: str, *, inside: bool) -> str:
    """The shortest relative target, with the fragment as it was written where it stays the same.

    `inside`: a heading of the file itself needs no path.
    """
    path, fragment = spot
    before = written.partition("#")[2]
    shown = "" if inside and path == base and fragment else _quoted(relpath(path, dirname(base) or "."))
    if not fragment:
        return shown
    return f"{shown}#{before if unquote(before) == fragment else _quoted(fragment)}"


def _quoted(text: str) -> str:
    return SPECIAL.sub(lambda match: quote(match[0]), text)
