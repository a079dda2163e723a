"""Lists as Word and Google Docs paste them: paragraphs with a level, lists beside the item they go with."""

import re

from learn.workshop.pasted.tree import Element, Item

_LEVEL = re.compile(r"mso-list\s*:\s*l\d+\s+level([1-9])", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_ORDERED = re.compile(r"\(?(?:\d{1,4}|[a-zA-Z]|[ivxlcIVXLC]{1,7})(?:[.)]|\.\d[\d.]*)")
LISTS = frozenset({"ul", "ol"})


def grouped(items: list[Item]) -> list[Item]:
    """The same content with Word's paragraphs of a list as a list, and lists among items inside these."""
    if not any(isinstance(item, Element) for item in items):
        return items
    found: list[Item] = []
    run: list[tuple[int, Element]] = []
    for item in items:
        level = _level(item)
        if level and isinstance(item, Element):
            run.append((level, item))
        elif run and isinstance(item, str) and not item.strip():
            continue
        else:
            found += _ended(run)
            run = []
            _take(found, item)
    return found + _ended(run)


def _level(item: Item) -> int:
    """The level of a paragraph of Word's lists, 0 for anything else."""
    if isinstance(item, str) or item.name not in {"p", "div"}:
        return 0
    found = _LEVEL.search(item.attributes.get("style", ""))
    return int(found[1]) if found else 0


def _take(found: list[Item], item: Item) -> None:
    """Adds an item; a list right behind an item of a list goes inside it."""
    if isinstance(item, Element) and item.name in LISTS:
        before = next((each for each in reversed(found) if not isinstance(each, str) or each.strip()), None)
        if isinstance(before, Element) and before.name == "li":
            before.content.append(item)
            return
    found.append(item)


def _ended(run: list[tuple[int, Element]]) -> list[Item]:
    """Nested lists of these paragraphs."""
    top: list[Item] = []
    stack: list[tuple[int, Element]] = []
    for level, paragraph in run:
        kind = "ol" if _ORDERED.match(_marker(paragraph).strip()) else "ul"
        while stack and (stack[-1][0] > level or (stack[-1][0] == level and stack[-1][1].name != kind)):
            stack.pop()
        if not stack or stack[-1][0] < level:
            made = Element(kind)
            items = [each for each in stack[-1][1].content if isinstance(each, Element)] if stack else []
            (items[-1].content if items else top).append(made)
            stack.append((level, made))
        stack[-1][1].content.append(Element("li", {}, paragraph.content))
    return top


def _marker(paragraph: Element) -> str:
    """What Word draws before the item."""
    for item in paragraph.content:
        if isinstance(item, Element):
            if _IGNORED.search(item.attributes.get("style", "")):
                return item.words()
            found = _marker(item)
            if found:
                return found
    return ""
