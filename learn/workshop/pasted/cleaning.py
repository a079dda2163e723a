"""A pasted tree brought to plain elements: styles become elements, pictures a note, what is unseen goes."""

import re
from collections.abc import Iterator

from learn.workshop.pasted.lists import grouped
from learn.workshop.pasted.tree import BLOCKS, HIDDEN, Element, Item

LINK = re.compile(r"https?://[^\s<>\\]+|mailto:[^\s<>\\@]+@[^\s<>\\]+", re.IGNORECASE)
_UNSEEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|mso-list\s*:\s*ignore|visibility\s*:\s*hidden", re.IGNORECASE
)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_PLAIN = re.compile(r"font-weight\s*:\s*(normal|[1-4]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;:]*:[^;]*line-through", re.IGNORECASE)
_LEVEL = re.compile(r"mso-outline-level\s*:\s*([1-6])")
_HEADING = re.compile(r"(?:mso)?(?:heading|.?berschrift)-?([1-6])", re.IGNORECASE)
_FONTS = re.compile(r"courier|consolas|monospace|menlo|monaco", re.IGNORECASE)
_NAMES = {
    "strong": "b", "em": "i", "cite": "i", "dfn": "i", "var": "i", "strike": "del", "s": "del",
    "tt": "code", "samp": "code", "kbd": "code", "th": "td", "dir": "ul", "menu": "ul", "listing": "pre",
    "xmp": "pre", "plaintext": "pre",
}  # fmt: skip
KNOWN = frozenset(
    {"a", "b", "i", "del", "code", "sub", "sup", "br", "hr", "ul", "ol", "li", "pre", "blockquote", "table"}
    | {"caption", "tr", "td", "thead", "tbody", "tfoot", "p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"}
)
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def cleaned(element: Element) -> Element:
    """The same tree of elements in KNOWN; blocks among the others are `div`, inline ones are gone."""
    element.content = list(_content(element.content, heading=False, code=False))
    return element


def _content(items: list[Item], *, heading: bool, code: bool) -> Iterator[Item]:
    """Each item as what it stands for, adjacent texts as one."""
    text = ""
    for item in _plain(grouped(items), heading=heading, code=code):
        if isinstance(item, str):
            text += item
            continue
        if text:
            yield text
            text = ""
        yield item
    if text:
        yield text


def _plain(items: list[Item], *, heading: bool, code: bool) -> Iterator[Item]:
    for item in items:
        if isinstance(item, str):
            yield item
        elif item.name == "img":
            yield from _picture(item)
        elif not _hidden(item):
            yield from _element(item, heading=heading, code=code)


def _hidden(element: Element) -> bool:
    attributes = element.attributes
    return (
        element.name in HIDDEN or "hidden" in attributes or bool(_UNSEEN.search(attributes.get("style", "")))
    )


def _picture(element: Element) -> Iterator[Item]:
    """What a picture shows, so that the author knows to upload it; none for those that count readers."""
    alt = " ".join(element.attributes.get("alt", "").split())
    if alt or not {element.attributes.get("width"), element.attributes.get("height")} & {"0", "1"}:
        yield f"[Bild: {alt}]" if alt else "[Bild]"


def _element(element: Element, *, heading: bool, code: bool) -> Iterator[Item]:
    name = _name(element)
    inside_heading = heading or name in _HEADS
    inner = list(_content(element.content, heading=inside_heading, code=code or name in {"code", "pre"}))
    around = [mark for mark in _marks(element, name) if not (code or (inside_heading and mark == "b"))]
    for mark in around:
        inner = [Element(mark, {}, inner)]
    if name in KNOWN and not (code and name not in {"br", "a"}):
        yield Element(name, element.attributes, inner)
    elif name in BLOCKS:
        yield Element("div", {}, inner)
    else:
        yield from inner


def _name(element: Element) -> str:
    """What an element is: headings also by their style."""
    name = _NAMES.get(element.name, element.name)
    style, kind = element.attributes.get("style", ""), element.attributes.get("class", "")
    if name == "p":
        level = _LEVEL.search(style) or _HEADING.fullmatch(kind.strip())
        return f"h{level[1]}" if level else "h1" if kind.strip().lower() == "msotitle" else "p"
    if name in {"b", "i"} and (_PLAIN.search(style) if name == "b" else "font-style:normal" in style):
        return "span"
    if name == "a" and not LINK.fullmatch(element.attributes.get("href", "").strip()):
        return "span"
    return "code" if name in {"span", "font"} and _FONTS.search(style) else name


def _marks(element: Element, name: str) -> Iterator[str]:
    """Emphasis that a style says; of blocks it is their look."""
    style = element.attributes.get("style", "")
    if name in BLOCKS or name in _HEADS or not style or name in {"td", "table", "tr", "li"}:
        return
    if _STRUCK.search(style) and name != "del":
        yield "del"
    if _ITALIC.search(style) and name != "i":
        yield "i"
    if _BOLD.search(style) and name != "b":
        yield "b"
