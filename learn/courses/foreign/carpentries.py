"""Lessons of the Carpentries: goals, minutes, the lists in old front matter, attributes of pictures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learn.courses.foreign.divs import div
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import Notes
from learn.courses.foreign.scanning import heading

_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)")
_MARKED = re.compile(r"[\[\]<>$~|\\{}]")
_STARS = re.compile(r"(\*{1,3})(?=\S)([^*]+)(?<=\S)\1")
_CHUNK = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[ \t]*\{\.?([A-Za-z][\w+-]*)\b[^}`]*\}[ \t]*$", re.MULTILINE)
MOST, LONGEST, MINUTES = 4, 120, 60


@dataclass(frozen=True, slots=True)
class Goals:
    """What the lesson's head will say, and the text that is left."""

    lines: Lines
    goals: tuple[str, ...] = ()


def minutes(front: Mapping[str, Any]) -> int:
    """`teaching` and `exercises` together, 0 if neither is a number."""
    total = sum(_number(front.get(key)) for key in ("teaching", "exercises"))
    return min(total, MINUTES)


def _number(value: object) -> int:
    try:
        return max(0, min(int(str(value)), 10_000))
    except ValueError:
        return 0


def plain(text: str) -> str:
    """The words of an item without marks of emphasis and code; empty if it holds more than those."""
    words = _STARS.sub(r"\2", " ".join(text.split())).replace("`", "")
    return "" if _MARKED.search(words) or len(words) > LONGEST else words


def goals(lines: Lines, front: Mapping[str, Any], notes: Notes) -> Goals:
    """Objectives as goals; from the front matter or from their div.

    They leave the text only where nothing is lost and no other words stood before them: the order of words
    is the material's. Otherwise the text keeps them too.
    """
    given = _texts(front.get("objectives"))
    if given:
        found = [words for text in given if (words := plain(text))]
        return Goals(lines, tuple(found[:MOST]))
    place = _place(lines)
    if place is None:
        return Goals(lines)
    first, last = place
    items = _items(lines.texts[first + 1 : last])
    found = [words for text in items or () if (words := plain(text))]
    chosen = tuple(found[:MOST])
    if not chosen:
        return Goals(lines)
    notes.became(lines.numbers[first], lines.texts[first], "Zielen im Kopf")
    if items is None or len(chosen) < len(items) or not _begins(lines, first):
        return Goals(lines, chosen)
    texts = lines.texts[:first] + lines.texts[last + 1 :]
    return Goals(Lines(texts or [""], lines.numbers[:first] + lines.numbers[last + 1 :] or [1]), chosen)


def _place(lines: Lines) -> tuple[int, int] | None:
    """First and last line of the first div of objectives, if it stands outside others and holds none."""
    if ":::" not in lines.joined:
        return None
    depth, first = 0, -1
    for index, text in enumerate(lines.texts):
        found = None if lines.scan.hidden[index] else div(text)
        if found is None:
            continue
        if found.name:
            if first >= 0:
                return None
            if found.name == "objectives" and not depth and not found.prefix:
                first = index
            depth += 1
        else:
            if first >= 0:
                return first, index
            depth = max(0, depth - 1)
    return None


def _items(texts: Sequence[str]) -> list[str] | None:
    """The items of a flat list; None if anything else stands there."""
    items: list[str] = []
    blank = False
    for text in texts:
        found = _ITEM.match(text)
        if not text.strip():
            blank = True
        elif found:
            items.append(found[1])
            blank = False
        elif blank or not items or _ITEM.match(text.lstrip()):
            return None
        else:
            items[-1] += f" {text.strip()}"
    return items or None


def _begins(lines: Lines, end: int) -> bool:
    """Whether nothing visible but a title stands before this line."""
    for index in range(end):
        text = lines.texts[index].strip()
        if text and not lines.scan.hidden[index]:
            found = heading(text)
            if found is None or found[0] > 1:
                return False
        elif text and not text.startswith("<!--") and not _within_comment(lines, index):
            return False
    return True


def _within_comment(lines: Lines, index: int) -> bool:
    """Whether a hidden line belongs to a comment rather than to code."""
    if any(fence.first <= index <= fence.last for fence in lines.scan.fences):
        return False
    return not lines.texts[index].startswith(("    ", "\t"))


def lists(lines: Lines, front: Mapping[str, Any], chosen: tuple[str, ...]) -> Lines:
    """Questions, objectives and keypoints of old front matter as boxes: they are shown to learners there."""
    objectives = _texts(front.get("objectives"))
    kept = objectives if any(plain(text) not in chosen for text in objectives) else []
    before = [
        *_box("questions", _texts(front.get("questions"))),
        *_box("objectives", kept),
    ]
    after = _box("keypoints", _texts(front.get("keypoints")))
    if not before and not after:
        return lines
    start = 1
    if before and lines.texts and heading(lines.texts[0].strip()):
        start = 1
    return _around(lines, before, after, start)


def _around(lines: Lines, before: list[str], after: list[str], number: int) -> Lines:
    """The boxes behind a leading title and at the end."""
    at = 0
    while at < len(lines.texts) and not lines.texts[at].strip():
        at += 1
    found = heading(lines.texts[at].strip()) if at < len(lines.texts) else None
    at = at + 1 if found and found[0] == 1 else 0
    texts = [*lines.texts[:at], *([""] if at and before else []), *before, *lines.texts[at:]]
    added = len(texts) - len(lines.texts)
    numbers = [*lines.numbers[:at], *([number] * added), *lines.numbers[at:]]
    if after:
        numbers += [number] * (len(after) + 1)
        texts += ["", *after]
    return Lines(texts, numbers)


def _box(name: str, texts: list[str]) -> list[str]:
    if not texts:
        return []
    items = [f"- {' '.join(text.split())}" for text in texts]
    return [f"::: {name}", "", *items, "", ":::", ""]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return []
    return [text for item in value if isinstance(item, str | int | float) and (text := str(item).strip())]


def chunks(lines: Lines) -> Lines:
    """R Markdown's `{r, echo=FALSE}` behind a fence names a language: `r`."""
    texts = list(lines.texts)
    for fence in lines.scan.fences:
        texts[fence.first] = _CHUNK.sub(r"\1\2\3", texts[fence.first])
    return lines.changed(texts)
