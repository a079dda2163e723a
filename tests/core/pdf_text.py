"""What a reader can copy out of a PDF made by typst: glyphs of its pages through the maps of their fonts."""

import re
import zlib
from collections.abc import Iterator, Mapping

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
INSIDE = rb"\\.|[^\\()]"
BALANCED = rb"\(((?:" + INSIDE + rb"|\((?:" + INSIDE + rb")*\))*)\)"  # balanced parentheses need no escape
STRING = re.compile(BALANCED, re.DOTALL)
SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf [^\[(]*(\[(?:[-\d.\s]|" + BALANCED + rb")*\]\s*TJ|" + BALANCED + rb"\s*Tj)",
    re.DOTALL,
)
FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
Objects = Mapping[int, bytes]


def text_of(made: bytes) -> str:
    """All text in the order of the pages; lines and cells are not parted."""
    objects = {int(number): body for number, body in OBJECT.findall(made)}
    pages = [body for body in objects.values() if re.search(rb"/Type/Page\b", body)]
    return " ".join(part for page in pages for part in shown(page, objects))


def shown(page: bytes, objects: Objects) -> Iterator[str]:
    """The strings of one page; fonts have names of the page."""
    fonts = {
        name: signs(stream(reference(rb"/ToUnicode", objects[int(number)]), objects))
        for name, number in FONT.findall(objects[reference(rb"/Resources", page)])
    }
    for found in SHOWN.finditer(stream(reference(rb"/Contents", page), objects)):
        code = b"".join(ESCAPE.sub(plain, string) for string in STRING.findall(found[2]))
        pairs = (code[start : start + 2] for start in range(0, len(code), 2))
        yield "".join(fonts[found[1]].get(pair, "\ufffd") for pair in pairs)


def reference(key: bytes, body: bytes) -> int:
    """The number of the object that `key` names."""
    found = re.search(key + rb" (\d+) 0 R", body)
    assert found
    return int(found[1])


def stream(number: int, objects: Objects) -> bytes:
    """The contents of a stream, inflated."""
    head, _word, rest = objects[number].partition(b"stream\n")
    length = re.search(rb"/Length (\d+)", head)
    assert length
    data = rest[: int(length[1])]
    return zlib.decompress(data) if b"FlateDecode" in head else data


def signs(cmap: bytes) -> dict[bytes, str]:
    """Glyph to text of one font."""
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(sign.decode()).decode("utf-16-be")
        for code, sign in re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>\n", cmap)
    }


def plain(escape: re.Match[bytes]) -> bytes:
    """One escaped byte of a string."""
    letter: bytes = escape[1]
    if letter.isdigit():
        return bytes([int(letter, 8)])
    return SHORT.get(letter, letter)
