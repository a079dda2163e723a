"""Solutions of questions: the accepted texts, and which numbers can be read."""

import re

from learn.markup.tree import Node, fill, items, kids, plain, walk

_DIGITS = r"[+\-−]?\s*\d[\d\s.,'’\u00a0\u202f]*"
_NUMBER = re.compile(rf"({_DIGITS})(?:\s*\D{{0,40}})?")
_SPAN = re.compile(rf"({_DIGITS})\s*(?:bis|–|±)\s*({_DIGITS})(?:\s*\D{{0,40}})?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def readable(text: str) -> bool:
    """Whether `text` is a number, a range or a number with tolerance, as content.md section 5 reads them."""
    found = _SPAN.fullmatch(text) or _NUMBER.fullmatch(text)
    return found is not None and all(decimal_text(group) is not None for group in found.groups())


def decimal_text(text: str) -> str | None:
    """The number as digits with `.`; None if it is none."""
    bare = re.sub(r"[\s'’\u00a0\u202f]", "", text).replace("−", "-").removeprefix("+")
    if "," in bare and "." in bare:
        sign = max(bare, key=lambda char: bare.rfind(char) if char in ",." else -1)
        bare = bare.replace("." if sign == "," else ",", "")
        bare = bare.replace(sign, ".")
    elif _GROUPED.fullmatch(bare.lstrip("-")):
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    return bare if re.fullmatch(r"-?\d{1,30}(?:\.\d{1,30})?", bare) else None


def texts(details: Node) -> tuple[str, ...]:
    """What stands in the folded solution: list items, else the whole text."""
    body = Node("div")
    fill(body, [item for item in items(details) if isinstance(item, str) or item.tag != "summary"])
    entries = [plain(item) for item in walk(body, "li")]
    found = entries or [plain(body)]
    fill(details, [*[child for child in kids(details) if child.tag == "summary"], *items(body)])
    return tuple(found)
