"""Whether a picture in SVG is safe to store: nothing in it runs, links or loads anything from outside."""

import re
from xml.etree.ElementTree import Element, ParseError, XMLParser

ELEMENTS = 50_000
DEPTH = 200
_FORBIDDEN = frozenset(
    {"script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "audio", "video"}
)
_HTML = "{http://www.w3.org/1999/xhtml}"  # a form or a refresh would work in an SVG opened by itself
_REFERENCE = frozenset({"href", "src", "from", "to", "values", "by"})
_URL = re.compile(r"url\(\s*+(?![\"']?\s*#)", re.IGNORECASE)
_FETCH = re.compile(r"\b(?:image-set|image|src)\s*\(", re.IGNORECASE)
_STYLE = re.compile(r"@import|expression\(|javascript:|\\|@font-face", re.IGNORECASE)
_INNER = re.compile(r"#|data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_LEADS_OUT = re.compile(r"[a-z][a-z0-9+.-]*:|//|[\\/]", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_ENCODINGS = frozenset({b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252"})
_SUBSET = re.compile(rb"<!DOCTYPE[^>]*\[", re.IGNORECASE)
_DECLARED = re.compile(rb"<!(?:ENTITY|ATTLIST|NOTATION)", re.IGNORECASE)
_WORDS = ("id", "class", "name", "title", "alt", "lang", "aria-", "data-", "font-family")
_SPACE = re.compile(r"[\x00-\x20\x7f-\xa0]")


class _Unsafe(Exception):
    pass


class _Checker:
    """Judges elements while they are parsed; keeps none of them."""

    def __init__(self) -> None:
        self.count = 0
        self.depth = 0
        self.styles: list[str] = []
        self.inside_styles = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self.count += 1
        self.depth += 1
        name = _local(tag)
        if self.count == 1 and name != "svg":
            raise _Unsafe
        if self.count > ELEMENTS or self.depth > DEPTH or name in _FORBIDDEN or tag.startswith(_HTML):
            raise _Unsafe
        self.inside_styles += name == "style"
        for attribute, value in attributes.items():
            _check(_local(attribute), value)
            if "\\" in value and "}" not in attribute and not attribute.startswith(_WORDS):
                raise _Unsafe  # in a style an escape hides what is written
        return Element("e")

    def end(self, tag: str) -> Element:
        self.depth -= 1
        if _local(tag) == "style":
            _check("style", "".join(self.styles))
            self.inside_styles -= 1
        return Element("e")

    def data(self, text: str) -> None:
        if self.inside_styles:  # elements between do not part a style
            self.styles.append(text)

    def pi(self, target: str, _data: str | None = None) -> None:
        if _local(target).startswith("xml"):  # a stylesheet from elsewhere; others do nothing
            raise _Unsafe

    def close(self) -> Element:
        return Element("e")


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _check(name: str, value: str) -> None:
    bare = _SPACE.sub("", value)
    if name.startswith("on") or name == "base" or "javascript:" in bare.lower():
        raise _Unsafe
    if name == "attributename" and (bare.lower().startswith("on") or bare.lower().endswith("href")):
        raise _Unsafe  # an animation that would set it
    if name in {"href", "src"} and bare and not _INNER.match(bare):
        raise _Unsafe
    if name in _REFERENCE - {"href", "src"} and _LEADS_OUT.match(bare):
        raise _Unsafe
    if name == "ping" or _URL.search(value) or _FETCH.search(value):
        raise _Unsafe
    if name == "style" and _STYLE.search(value):
        raise _Unsafe


def svg_is_safe(data: bytes) -> bool:
    """Whether these bytes are an SVG without script, event attribute, foreignObject or outside reference."""
    encoding = _ENCODING.search(data[:200])
    if encoding and encoding[1].lower() not in _ENCODINGS:
        return False
    if b"\x00" in data or _SUBSET.search(data) or _DECLARED.search(data):
        return False
    checker = _Checker()
    parser = XMLParser(target=checker)  # noqa: S314  # entities, the one danger here, are refused above
    try:
        parser.feed(data)
        parser.close()
    except (ParseError, _Unsafe, ValueError, LookupError):
        return False
    return checker.count > 0
