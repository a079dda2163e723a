"""Whether a picture's file holds nothing but its picture: no metadata, no comment, nothing behind its end.

Such files are kept byte for byte when a course comes back as a ZIP; all others are made anew. Only the
structure is walked, nothing is decoded.
"""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
PNG_PARTS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"}
)
WEBP_PARTS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
FRAME = 16  # bytes of place and time before the parts of a frame
GIF_CONTROL, LOOP = 0xF9, b"NETSCAPE2.0"
LOOP_LENGTH = 19  # of the whole extension
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
JFIF = (0xE0, b"JFIF\0")
JFIF_LENGTH = 16  # without a thumbnail
ADOBE = (0xEE, b"Adobe")
ADOBE_LENGTH = 14


def is_bare(data: bytes) -> bool:
    """Whether nothing else could hide in these bytes than the pixels of a PNG, JPEG, GIF or WebP."""
    try:
        if data.startswith(PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:6] in {b"GIF87a", b"GIF89a"}:
            return _gif(data)
        return data[:4] == b"RIFF" and data[8:12] == b"WEBP" and _webp(data)
    except (IndexError, struct.error):
        return False


def _png(data: bytes) -> bool:
    at, name = len(PNG), b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 8 + length
        (told,) = struct.unpack_from(">I", data, end)
        if name not in PNG_PARTS or zlib.crc32(data[at + 4 : end]) != told:
            return False
        at = end + 4
    return at == len(data)


def _jpeg(data: bytes) -> bool:
    at = 2
    while True:
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2 == len(data)
        (length,) = struct.unpack_from(">H", data, at + 2)
        if not _jpeg_part(marker, data[at + 4 : at + 2 + length], length):
            return False
        at += 2 + length
        if marker == 0xDA:
            at = _after_scan(data, at)


def _jpeg_part(marker: int, body: bytes, length: int) -> bool:
    """Whether a part says how to decode, and nothing of the picture's origin."""
    if marker == JFIF[0]:
        return body.startswith(JFIF[1]) and length == JFIF_LENGTH
    if marker == ADOBE[0]:
        return body.startswith(ADOBE[1]) and length == ADOBE_LENGTH
    tables = 0xC0 <= marker <= 0xCF or marker in {0xDA, 0xDB, 0xDD}
    return tables and length >= 2


def _after_scan(data: bytes, at: int) -> int:
    """Where the next part begins behind the entropy-coded data."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        if data[at + 1] != 0 and data[at + 1] not in JPEG_ALONE:
            return at
        at += 2


def _gif(data: bytes) -> bool:
    at = 13 + _colours(data[10])
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at += 10 + _colours(data[at + 9])
            at = _blocks(data, at + 1)
        elif data[at] == 0x21 and (_is_control(data, at) or _is_loop(data, at)):
            at = _blocks(data, at + 2)
        else:
            return False
    return at + 1 == len(data)


def _is_control(data: bytes, at: int) -> bool:
    """How long a frame is shown: one block of four bytes."""
    return data[at + 1 : at + 3] == bytes([GIF_CONTROL, 4]) and data[at + 7] == 0


def _is_loop(data: bytes, at: int) -> bool:
    """The one extension of applications that is needed: how often an animation runs."""
    return data[at + 1 : at + 14] == b"\xff\x0b" + LOOP and data[at + LOOP_LENGTH - 1] == 0


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Behind a row of blocks, each with its length before it."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _webp(data: bytes) -> bool:
    (length,) = struct.unpack_from("<I", data, 4)
    return len(data) == length + 8 and _webp_parts(data, 12, len(data))


def _webp_parts(data: bytes, at: int, end: int) -> bool:
    """Whether parts of pictures, and nothing else, fill these bytes; those of frames alike."""
    while at < end:
        name = data[at : at + 4]
        (size,) = struct.unpack_from("<I", data, at + 4)
        inner = name != b"ANMF" or _webp_parts(data, at + 8 + FRAME, at + 8 + size)
        if name not in WEBP_PARTS or not inner:
            return False
        at += 8 + size + size % 2
    return at == end
