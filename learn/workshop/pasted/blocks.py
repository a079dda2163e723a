"""The blocks of a cleaned tree as Markdown: paragraphs, headings, lists, quotes, code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from learn.workshop.escaping import headed
from learn.workshop.pasted import tables
from learn.workshop.pasted.inline import OWN, lines, one_line
from learn.workshop.pasted.tree import BLOCKS, Element, Item

DEEPEST = 8  # lists and quotes in each other; the renderer reads 12
STANDING = BLOCKS | {"table", "pre", "hr", "tr", "td", "caption", "thead", "tbody", "tfoot", "div"}
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(slots=True)
class Levels:
    """The levels of headings in use: the first is 2, none is left out."""

    found: list[int]
    last: int = 1

    def of(self, level: int) -> int:
        self.last = min(self.found.index(level) + 2, self.last + 1, 6)
        return self.last


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: how deep in lists and quotes; headings are such at the top only."""

    levels: Levels
    depth: int = 0
    standing: dict[int, bool] = field(default_factory=dict)

    def deeper(self) -> "Place":
        return replace(self, depth=self.depth + 1)


def blocks(root: Element) -> list[str]:
    """Markdown of each block."""
    levels = Levels(sorted({int(name[1]) for name in _names(root) if name in _HEADS}))
    return _blocks(root.content, Place(levels))


def _names(element: Element) -> list[str]:
    found: list[str] = []
    todo = [element]
    while todo:
        each = todo.pop()
        found.append(each.name)
        todo += [item for item in each.content if isinstance(item, Element)]
    return found


def _blocks(items: Sequence[Item], place: Place) -> list[str]:
    found: list[str] = []
    run: list[Item] = []
    for item in items:
        if isinstance(item, str) or not _stands(item, place):
            run.append(item)
            continue
        found += _paragraphs(run)
        run = []
        found += _block(item, place)
    return found + _paragraphs(run)


def _stands(element: Element, place: Place) -> bool:
    """Whether it is a block, or something inline around one; each is asked once."""
    known = place.standing.get(id(element))
    if known is None:
        known = element.name in STANDING or any(
            not isinstance(item, str) and _stands(item, place) for item in element.content
        )
        place.standing[id(element)] = known
    return known


def _paragraphs(run: Sequence[Item]) -> list[str]:
    return ["\\\n".join(rows) for rows in lines(run)] if run else []


def _block(element: Element, place: Place) -> list[str]:
    name = element.name
    if (
        name in _HEADS
        and place.depth == 0
        and not any(not isinstance(item, str) and _stands(item, place) for item in element.content)
    ):
        text = headed(one_line(element.content))
        return [f"{'#' * place.levels.of(int(name[1]))} {text}"] if text else []
    if name in {"ul", "ol"}:
        return _list(element, place)
    if name == "blockquote":
        inner = _blocks(element.content, place.deeper())
        return _prefixed(inner, "> ", "> ") if place.depth < DEEPEST else inner
    if name == "pre":
        return _code(element)
    if name == "table":
        made = tables.table(element)
        return made if made is not None else _blocks(element.content, place)
    return ["---"] if name == "hr" else _blocks(element.content, place)


def _prefixed(inner: Sequence[str], first: str, rest: str) -> list[str]:
    """Blocks in a quote or an item; a list right behind the words of an item stays with them."""
    if not inner:
        return []
    text = inner[0]
    for before, block in pairwise(inner):
        tight = not rest.strip() and _is_list(block) and not _is_list(before) and "\n\n" not in before
        text += ("\n" if tight else "\n\n") + block
    marked = [f"{rest if number else first}{line}".rstrip() for number, line in enumerate(text.split("\n"))]
    return ["\n".join(marked)]


def _is_list(block: str) -> bool:
    return re.match(r"(?:-|\d+\.) ", block) is not None


def _list(element: Element, place: Place) -> list[str]:
    start = element.attributes.get("start", "1")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
    flat = place.depth >= DEEPEST
    items: list[str] = []
    for item in element.content:
        inner = _item(item, place)
        marker = f"{number}. " if element.name == "ol" else "- "
        made = inner if flat else _prefixed(inner, marker, " " * len(marker))
        items += made
        number += len(made)
    if flat or not items:
        return items
    return [("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)]


def _item(item: Item, place: Place) -> list[str]:
    """The blocks of an item; what stands between items is one, too."""
    if isinstance(item, str):
        return _paragraphs([item])
    return _blocks(item.content if item.name == "li" else [item], place.deeper())


def _code(element: Element) -> list[str]:
    body = OWN.sub("", _words(element)).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not body.strip():
        return []
    longest = max((len(found) for found in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}\n{body}\n{fence}"]


def _words(element: Element) -> str:
    return "".join(
        item if isinstance(item, str) else "\n" if item.name == "br" else _words(item)
        for item in element.content
    )
