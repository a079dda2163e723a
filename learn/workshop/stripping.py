"""Drawings (SVG) without what nobody sees: editors' notes, comments, file names, places of embedded photos.

A drawing that holds nothing of the kind stays byte for byte as it is; any other is written anew from its
elements. Whether it is safe at all was asked before (learn/markup/svg.py).
"""

import base64
import binascii
import re
from collections.abc import Sequence
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from learn.core.access import Refused
from learn.core.reencoding import Wish, reencode
from learn.workshop import bare

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"": "", SVG: "", XLINK: "xlink:", XML: "xml:"}  # of what readers see
NOTES = frozenset({"metadata"})
OWN = "data-"  # attributes in which editors keep the names of layers
EMBEDDED = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
MOST = 12  # embedded pictures to be made anew
TOO_MANY = "Diese Zeichnung enthält mehr als 12 Fotos. Speichern Sie sie als PNG."
UNREADABLE = "Ein Foto in dieser Zeichnung lässt sich nicht lesen. Speichern Sie die Zeichnung als PNG."
WISH = Wish("PNG", 1600, formats=("JPEG", "PNG", "GIF", "WEBP"))
PHOTO = Wish("JPEG", 1600, formats=WISH.formats)


class _Drawing:
    """Writes again what is seen. `changed`: something was left out, or made anew."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.changed = False
        self.left_out = 0  # depth inside something nobody sees
        self.anew = 0
        self.open = False  # a start tag still lacks its end

    def start(self, tag: str, attributes: Sequence[str]) -> None:
        space, name = _parted(tag)
        if self.left_out or space not in {"", SVG} or name in NOTES:
            self.left_out += 1
            self.changed = True
            return
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        head = f' xmlns="{SVG}" xmlns:xlink="{XLINK}"' if not self.out and space else ""
        self._close()
        self.out.append(f"<{name}{head}{''.join(self._attribute(*pair) for pair in pairs)}")
        self.open = True

    def end(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
        elif self.open:
            self.out.append("/>")
            self.open = False
        else:
            self.out.append(f"</{_parted(tag)[1]}>")

    def text(self, data: str) -> None:
        if not self.left_out:
            self._close()
            self.out.append(escape(data))

    def unseen(self, *_what: str) -> None:
        """A comment or an instruction."""
        self.changed = True

    def _close(self) -> None:
        if self.open:
            self.out.append(">")
            self.open = False

    def _attribute(self, key: str, value: str) -> str:
        space, name = _parted(key)
        if space not in PREFIXES or name.startswith(OWN):
            self.changed = True
            return ""
        if name == "href" and EMBEDDED.match(value):
            value = self._embedded(value)
        return f" {PREFIXES[space]}{name}={quoteattr(value, {chr(10): '&#10;', chr(9): '&#9;'})}"

    def _embedded(self, value: str) -> str:
        """The address of a picture inside; it is made anew where it holds more than pixels."""
        try:
            data = base64.b64decode(value.partition(",")[2])
        except (binascii.Error, ValueError):
            data = b""
        if bare.is_bare(data):
            return value
        self.changed = True
        self.anew += 1
        if self.anew > MOST:
            raise Refused(TOO_MANY, field="picture")
        wish = PHOTO if data.startswith(b"\xff\xd8") else WISH
        made = base64.b64encode(reencode(data, wish, UNREADABLE).data).decode()
        return f"data:image/{wish.kind.lower()};base64,{made}"


def stripped(data: bytes) -> bytes:
    """A safe SVG without what nobody sees; the same bytes where there is nothing of it.

    Raises Refused at `picture` where an embedded picture is none, or there are too many.
    """
    drawing = _Drawing()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    parser.CommentHandler = drawing.unseen
    parser.ProcessingInstructionHandler = drawing.unseen
    parser.Parse(data, True)
    return "".join(drawing.out).encode() + b"\n" if drawing.changed else data


def _parted(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition(" ")
    return space, local
