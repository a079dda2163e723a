"""Running text of a printed course: sanitised inline HTML as spans, which templates/papers/kurs.typ sets.

A span is a text, or a mapping with `k`: strong emph strike under sub super mark kbd small address link (`c`:
spans), code (`v`), break, picture, note (a footnote: `label`, `c`: blocks), again (the same note: `label`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from learn.courses.manifest import Manifest
from learn.courses.takeaway.wellformed import Node

Span = str | dict[str, Any]
DEEPEST = 12  # emphasis in emphasis; deeper, the words alone stay
TALLEST, PIXEL = 560.0, 0.75  # points: of a picture on the page, of a CSS pixel
BLANKS = re.compile("[ \\t\\n\\r\\f]+")  # the non-breaking space stays
OWN_PICTURE = re.compile(r"/medien/([0-9a-f]{64})\.[a-z0-9]{2,5}")
LONG = re.compile(r"\S{25,}")
JOINTS = re.compile(r"([/._=&?@:#%,;+-]+)(?=[^\s/])")
UNBROKEN = re.compile(r"\w{40}(?=\w)")
ZERO = "\N{ZERO WIDTH SPACE}"
QUOTES = ("\N{DOUBLE LOW-9 QUOTATION MARK}", "\N{LEFT DOUBLE QUOTATION MARK}")
STYLES = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i"), "emph"),
    **dict.fromkeys(("del", "s"), "strike"),
    **dict.fromkeys(("ins", "u"), "under"),
    "sub": "sub",
    "sup": "super",
    "mark": "mark",
    "kbd": "kbd",
    "small": "small",
}
BREAK: dict[str, Any] = {"k": "break"}
TICKED = {True: "\N{BALLOT BOX WITH CHECK}", False: "\N{BALLOT BOX}"}


@dataclass(slots=True)
class Setting:
    """What a whole document shares: where links may lead, and the pictures that texts want.

    `labels` are the places that came about; a link elsewhere loses its page (see `settled`).
    """

    manifest: Manifest
    base_url: str
    terms: frozenset[str] = frozenset()
    pictures: dict[str, str] = field(default_factory=dict)  # address to name
    labels: set[str] = field(default_factory=set)

    def wanted(self, source: str) -> str:
        """The name of a picture of ours; without an ending, so that its content tells its kind."""
        found = OWN_PICTURE.fullmatch(source)
        return self.pictures.setdefault(source, found[1]) if found else ""


@dataclass(slots=True)
class Running:
    """Reads the running text of one lesson or other part; `place` stands before the names of its places.

    `notes` are its footnotes by their ids. Notes cannot stand in notes, nor in what repeats on each page:
    there (`plain`) addresses follow in parentheses.
    """

    setting: Setting
    place: str
    notes: Mapping[str, Node]
    bodies: Callable[[Node], list[dict[str, Any]]]
    told: dict[str, str] = field(default_factory=dict)  # note or address to its label
    plain: bool = False

    def spans(self, nodes: Iterable[Node]) -> list[Span]:
        """Running text; blank at its ends and next to blank is cut."""
        return trimmed(joined(self._spans(nodes, 0)))

    def _spans(self, nodes: Iterable[Node], depth: int) -> Iterator[Span]:
        for node in nodes:
            if not node.name:
                yield soft(BLANKS.sub(" ", node.text))
            elif depth >= DEEPEST:
                yield soft(BLANKS.sub(" ", node.words()))
            elif node.name in STYLES:
                yield from self._styled(node, depth)
            elif node.name in MAKERS:
                yield from MAKERS[node.name](self, node, depth)
            else:
                yield from self._spans(node.children, depth + 1)

    def _styled(self, node: Node, depth: int) -> Iterator[Span]:
        note = next(
            (child for child in node.children if child.values.get("href", "").startswith("#fn-")), None
        )
        if node.name == "sup" and note is not None:
            yield from self._note(note.values["href"][1:], node)
            return
        inside = joined(self._spans(node.children, depth + 1))
        if inside:
            yield {"k": STYLES[node.name], "c": inside}

    def _note(self, name: str, node: Node) -> Iterator[Span]:
        body = self.notes.get(name)
        if self.plain or body is None:
            yield {"k": "super", "c": [node.words()]}
        elif name in self.told:
            yield {"k": "again", "label": self.told[name]}
        else:
            self.told[name] = f"{self.place}-{name}"
            yield {"k": "note", "label": self.told[name], "c": self.bodies(body)}

    def link(self, node: Node, depth: int) -> Iterator[Span]:
        href = node.values.get("href", "")
        inside = joined(self._spans(node.children, depth + 1))
        if href.startswith("#fnref-"):
            return
        if not href or not inside:
            yield from inside
        elif (to := self._inside(href)) is not None:
            yield {"k": "link", "to": to, "c": inside, "href": self._outside(href)}
        else:
            address = self._outside(href)
            yield {"k": "link", "href": address, "c": inside}
            yield from self._address(shown(address), node.words().strip())

    def _inside(self, href: str) -> str | None:
        """The place in the document that an address means."""
        if href.startswith("#"):
            return f"{self.place}-{unquote(href[1:])}"
        path, _, fragment = href.partition("#")
        if path.startswith("/vokabelheft/"):
            slug = path.removeprefix("/vokabelheft/")
            return f"begriff-{slug}" if slug in self.setting.terms else None
        course, _, lesson = path.removeprefix("/kurse/").partition("/")
        entry = self.setting.manifest.by_slug(lesson) if course == self.setting.manifest.slug else None
        if entry is None or not path.startswith("/kurse/"):
            return None
        return f"{entry.id}-{unquote(fragment)}" if fragment else entry.id

    def _outside(self, href: str) -> str:
        return ascii_address(urljoin(f"{self.setting.base_url}/", href))

    def _address(self, address: str, words: str) -> Iterator[Span]:
        """The address in writing, unless the words are the address; once as a note, then by its number."""
        if bare(words) == bare(address):
            return
        written = soft(address)
        if self.plain:
            yield {"k": "address", "c": [f" ({written})"]}
        elif address in self.told:
            yield {"k": "again", "label": self.told[address]}
        else:
            self.told[address] = f"{self.place}-adresse-{len(self.told)}"
            yield {"k": "note", "label": self.told[address], "c": [{"k": "p", "c": [written]}]}

    def picture(self, node: Node, _depth: int = 0) -> Iterator[Span]:
        """A picture, at most as high as a page; `name` is empty for none of ours."""
        source = node.values.get("src", "")
        name = self.setting.wanted(source)
        width, height = (_points(node.values.get(side, "")) for side in ("width", "height"))
        if height > TALLEST:
            width, height = width * TALLEST / height, TALLEST
        yield {"k": "picture", "name": name, "alt": node.values.get("alt", ""), "w": width, "h": height}

    def formula(self, node: Node, _depth: int) -> Iterator[Span]:
        yield {"k": "code", "v": soft(node.values.get("alttext") or node.words())}

    def code(self, node: Node, _depth: int) -> Iterator[Span]:
        words = BLANKS.sub(" ", node.words())
        if words.strip():
            yield {"k": "code", "v": soft(words)}

    def quoted(self, node: Node, depth: int) -> Iterator[Span]:
        yield QUOTES[0]
        yield from self._spans(node.children, depth + 1)
        yield QUOTES[1]

    def line_break(self, _node: Node, _depth: int) -> Iterator[Span]:
        yield BREAK

    def tick(self, node: Node, _depth: int) -> Iterator[Span]:
        yield f"{TICKED['checked' in node.values]} "


MAKERS: dict[str, Callable[[Running, Node, int], Iterator[Span]]] = {
    "a": Running.link,
    "img": Running.picture,
    "math": Running.formula,
    "code": Running.code,
    "samp": Running.code,
    "q": Running.quoted,
    "br": Running.line_break,
    "input": Running.tick,
}


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same with neighbouring texts as one."""
    found: list[Span] = []
    for span in spans:
        if isinstance(span, str) and found and isinstance(found[-1], str):
            found[-1] = BLANKS.sub(" ", found[-1] + span)
        elif isinstance(span, str) and found and found[-1] == BREAK:
            found += [span.lstrip(" ")] if span.strip(" ") else []
        elif span:
            found.append(span)
    return found


def trimmed(spans: list[Span]) -> list[Span]:
    """The same without blank, and line breaks, at its ends."""
    for end in (0, -1):
        while spans and (spans[end] == BREAK or not strip(spans[end], end)):
            del spans[end]
        if spans:
            spans[end] = strip(spans[end], end)
    return spans


def strip(span: Span, end: int) -> Span:
    """A text without blank at this end; other spans as they are."""
    if not isinstance(span, str):
        return span
    return span.rstrip(" ") if end else span.lstrip(" ")


def soft(text: str) -> str:
    """The text with places where words that fit no line, addresses above all, may be parted."""
    return LONG.sub(_softened, text)


def _softened(found: re.Match[str]) -> str:
    parted = JOINTS.sub(rf"\1{ZERO}", found[0])
    return UNBROKEN.sub(rf"\g<0>{ZERO}", parted)


def shown(address: str) -> str:
    """An address as people write it."""
    for scheme in ("https://", "http://", "mailto:", "tel:"):
        address = address.removeprefix(scheme)
    return address


def bare(address: str) -> str:
    """What two ways to write an address have in common."""
    return unquote(shown(address).replace(ZERO, "")).rstrip("/").casefold()


def ascii_address(address: str) -> str:
    """An address of ASCII characters alone, as PDF wants it."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        address = parts._replace(netloc=host).geturl()
    except (ValueError, UnicodeError):
        pass
    return quote(address, safe="%/:=&?~#+!$,;'@()*[]")


def _points(pixels: str) -> float:
    return int(pixels) * PIXEL if pixels.isascii() and pixels.isdecimal() else 0.0
