"""Targets and pictures of a converted text, as its draft names them; everything else stays as it is."""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from learn.courses.foreign.leading import GOOD, SAFE, Atlas, Led
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.noting import short
from learn.markup.links import unescape
from learn.markup.model import Fault

TARGET = re.compile(r"\]\([ \t]*+\n?[ \t]*+(<[^<>\n]*>|[^\s()<>]*(?:\((?:[^\s()\\]|\\.)*\)[^\s()<>]*)*)")
TITLE = re.compile(
    r"""[ \t]*+\n?[ \t]*+("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))?[ \t]*+\n?[ \t]*+\)""",
    re.DOTALL,
)
DEFINITION = re.compile(
    r"""^([ >\t]*+\[(?!\^)((?:[^\]\[\\\n]|\\.){1,999})\]:[ \t]*+\n?[ >\t]*+)(<[^<>\n]*>|[^\s<]\S*)"""
    r"""([ \t]*+(?:\n[ \t]*+)?(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$""",
    re.MULTILINE,
)
ELEMENT = re.compile(r"<(a|img)\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""\b(href|src|alt|title)[ \t]*=[ \t]*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
USED = re.compile(r"!\[((?:[^\]\[\\]|\\.){0,999})\](?:\[((?:[^\]\[\\]|\\.){0,999})\])?(?!\()")
AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{0,2000})>")
SPECIAL = re.compile(r"[\\`*_\[\]&~]")
ENDED = re.compile(r"</a\s*>", re.IGNORECASE)
BACK = 3_000  # characters between the brackets of a link
NAMELESS = re.compile(r"!\[[ \t]*\]\[((?:[^\]\[\\]|\\.){1,999})\]")
DECORATIVE = "schmuck"
DECORATION = f'"{DECORATIVE}"'
Piece = tuple[int, int, str]


@dataclass
class Rewriting:
    """One text on its way to its draft.

    `values` are the names of local values it uses. `faults` name lines of the foreign file: K501, K502, K503.
    """

    atlas: Atlas
    path: str
    lines: Lines
    values: Collection[str] = ()
    faults: list[Fault] = field(default_factory=list)

    def done(self) -> Lines:
        """The text with targets as its draft names them."""
        shown = {_label(label) for label in self._shown()}
        pieces = [
            *self._inline(),
            *self._definitions(shown),
            *self._nameless(),
            *self._elements(),
            *self._bare(),
        ]
        pieces.sort()
        apart: list[Piece] = []
        for piece in pieces:
            if not apart or piece[0] >= apart[-1][1]:
                apart.append(piece)
        return self.lines.spliced(apart) if apart else self.lines

    def _inline(self) -> Iterator[Piece]:
        body = self.lines.joined
        for match in TARGET.finditer(body):
            if self.lines.guarded(match.start()):
                continue
            end = TITLE.match(body, match.end())
            opening = _opening(body, match.start())
            if not end or opening < 0:
                continue
            picture = opening > 0 and body[opening - 1] == "!" and (opening < 2 or body[opening - 2] != "\\")
            written = unescape(match[1].removeprefix("<").removesuffix(">"))
            title = end[1] or ""
            words = body[opening + 1 : match.start()]
            new = (
                self._picture(written, title, words, match.start())
                if picture
                else self._link(written, title, match.start())
            )
            yield match.start(), end.end(), f"]({new})"

    def _link(self, written: str, title: str, position: int) -> str:
        led = self._led(written, position)
        if led.lost and not title and written:
            title = _quoted(written)
        return _joined(_address(led, written), title)

    def _picture(self, written: str, title: str, words: str, position: int) -> str:
        led = self._shows(written, position)
        if words.strip():
            title = "" if _decorates(title) else title  # it would hide the words that describe the picture
        elif not led.target.startswith("http"):
            self._undescribed(position)
            title = DECORATION
        return _joined(_address(led, written), title)

    def _led(self, written: str, position: int) -> Led:
        foreign = written.casefold().startswith("var:") and written[4:] not in self.values
        led = self.atlas.link(self.path, f"./{written}" if foreign else written)
        if led.lost:
            self.faults.append(Fault("K503", self.lines.number_at(position), {"ziel": short(written)}))
        return led

    def _shows(self, written: str, position: int) -> Led:
        led = self.atlas.picture(self.path, written)
        if led.lost:
            self.faults.append(Fault("K501", self.lines.number_at(position), {"pfad": short(written)}))
        return led

    def _undescribed(self, position: int) -> None:
        self.faults.append(Fault("K502", self.lines.number_at(position)))

    def _shown(self) -> Iterator[str]:
        """Labels that pictures use."""
        for match in USED.finditer(self.lines.joined):
            yield match[2] or match[1]

    def _nameless(self) -> Iterator[Piece]:
        """`![][name]` gets its target in place, where a title can say that the picture is decoration."""
        for match in NAMELESS.finditer(self.lines.joined):
            if self.lines.guarded(match.start()):
                continue
            written = self._defined.get(_label(match[1]))
            if written is None:
                continue
            led = self._shows(written, match.start())
            if led.target.startswith("http"):
                continue
            self._undescribed(match.start())
            yield match.start(), match.end(), f"![]({_address(led, written)} {DECORATION})"

    @cached_property
    def _defined(self) -> dict[str, str]:
        """Targets by label; the first definition of a label counts."""
        found: dict[str, str] = {}
        for match in DEFINITION.finditer(self.lines.joined):
            if not self.lines.guarded(match.start(3)):
                found.setdefault(_label(match[2]), unescape(match[3].removeprefix("<").removesuffix(">")))
        return found

    def _definitions(self, shown: set[str]) -> Iterator[Piece]:
        for match in DEFINITION.finditer(self.lines.joined):
            if self.lines.guarded(match.start(3)):  # the label may be code, as in [`x`]: y
                continue
            written = unescape(match[3].removeprefix("<").removesuffix(">"))
            picture = _label(match[2]) in shown
            led = self._shows(written, match.start(2)) if picture else self._led(written, match.start(2))
            title = "" if _decorates(match[4] or "") else match[4] or ""
            yield match.start(3), match.end(), (_address(led, written) or "<>") + title

    def _bare(self) -> Iterator[Piece]:
        """Addresses in angle brackets that lead nowhere from here."""
        for match in AUTOLINK.finditer(self.lines.joined):
            if not match[1].lower().startswith(GOOD) and not self.lines.guarded(match.start()):
                led = self._led(match[1], match.start())
                yield match.start(), match.end(), f"[{SPECIAL.sub(_escaped, match[1])}]({led.target})"

    def _elements(self) -> Iterator[Piece]:
        for match in ELEMENT.finditer(self.lines.joined):
            if not self.lines.guarded(match.start()):
                yield from self._element(match)

    def _element(self, match: re.Match[str]) -> Iterator[Piece]:
        picture = match[1].lower() == "img"
        named = "src" if picture else "href"
        given: dict[str, tuple[str, int, int]] = {}
        for found in ATTRIBUTE.finditer(match[2]):
            value = html.unescape(found[2].strip("\"'"))
            given.setdefault(
                found[1].lower(), (value, found.start() + match.start(2), found.end() + match.start(2))
            )
        if named not in given:
            yield from () if picture else self._anchor(match)
            return
        written, start, end = given[named]
        led = self._shows(written, match.start()) if picture else self._led(written, match.start())
        more = ""
        if picture and not given.get("alt", ("",))[0].strip() and not led.target.startswith("http"):
            self._undescribed(match.start())
            if "title" in given:
                yield given["title"][1], given["title"][2], f'title="{DECORATIVE}"'
            else:
                more = f' title="{DECORATIVE}"'
        elif picture and "title" in given and _decorates(given["title"][0]):
            yield given["title"][1], given["title"][2], ""
        elif led.lost and not picture and "title" not in given and written:
            more = f' title="{html.escape(written)}"'
        yield start, end, f'{named}="{html.escape(_address(led, written))}"{more}'

    def _anchor(self, match: re.Match[str]) -> Iterator[Piece]:
        """An anchor leads nowhere; headings and their fragments take its place."""
        body = self.lines.joined
        end = ENDED.search(body, match.end(), match.end() + BACK)
        if end and not self.lines.guarded(end.start()):
            yield match.start(), match.end(), ""
            yield end.start(), end.end(), ""


def _decorates(title: str) -> bool:
    """Whether our dialect takes a title for the sign of a decoration."""
    return title.strip(" \t\n\"'()").casefold() == DECORATIVE


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def _opening(body: str, closing: int) -> int:
    """The bracket that the one at `closing` closes; -1 where there is none."""
    depth = 0
    for position in range(closing - 1, max(closing - BACK, -1), -1):
        char = body[position]
        if char not in "[]" or (position and body[position - 1] == "\\"):
            continue
        if char == "[" and not depth:
            return position
        depth += 1 if char == "]" else -1
    return -1


def _address(led: Led, written: str) -> str:
    """A target as Markdown needs it; what leads outside stays as it was written."""
    if led.target == written.strip() and not re.search(r"[\s()<>]", led.target):
        return led.target
    return quote(led.target, safe=f"{SAFE}#?[]", errors="replace").replace("(", "%28").replace(")", "%29")


def _joined(target: str, title: str) -> str:
    return f"{target} {title}" if title else target


def _quoted(written: str) -> str:
    """The old target as a title."""
    line = " ".join(written.split())[:400].replace("\\", "/").replace('"', "'")
    return f'"{line}"'


def _label(label: str) -> str:
    return " ".join(label.casefold().split())
