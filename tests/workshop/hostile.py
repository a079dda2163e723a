"""Hostile files, made here: drawings with code, pictures that are something else, too, archives."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image

from tests.courses.folders import TEXTS

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} viewBox="0 0 9 9">{{}}</svg>'
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
HOSTILE_SVG = {
    "script": SVG.format("<script>alert(1)</script>"),
    "event": SVG.format('<rect onload="alert(1)" width="9" height="9"/>'),
    "event of the root": SVG.format("").replace("<svg", '<svg onload="alert(1)"'),
    "foreignObject": SVG.format(
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">!</body></foreignObject>'
    ),
    "picture from outside": SVG.format('<image href="https://boese.example/a.png"/>'),
    "use from outside": SVG.format('<use xlink:href="//boese.example/a.svg#x"/>'),
    "script as address": SVG.format('<a href="java&#10;script:alert(1)"><rect/></a>'),
    "style from outside": SVG.format('<style>@import "https://boese.example/a.css";</style>'),
    "address in a style": SVG.format('<rect style="fill:url(https://boese.example/a)"/>'),
    "animated address": SVG.format('<a><animate attributeName="href" values="javascript:alert(1)"/></a>'),
    "HTML inside": SVG.format('<g><iframe xmlns="http://www.w3.org/1999/xhtml" src="/"/></g>'),
    "entities": f"<!DOCTYPE svg [{ENTITIES}]>{SVG.format('<text>&a9;</text>')}",
    "file of the server": f'<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/passwd">]>{SVG.format("<text>&f;</text>")}',
    "stylesheet": f'<?xml-stylesheet href="https://boese.example/a.css"?>{SVG.format("")}',
    "nested without end": SVG.format("<g>" * 5_000 + "</g>" * 5_000),
    "torn": SVG.format("<g>"),
}
PAYLOAD = b"<html><script>alert(1)</script></html>"


def drawn(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def archive(files: Mapping[str, str | bytes] = TEXTS) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in files.items():
            made.writestr(path, data)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def claiming(width: int, height: int) -> bytes:
    """A PNG whose head claims this size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


POLYGLOTS = {
    "GIF and JavaScript": b"GIF89a" + drawn("GIF", comment=b"*/=1;alert(1);/*")[6:] + b";alert(1)",
    "PNG and ZIP": drawn("PNG") + archive({"a.md": "# Hallo"}),
    "JPEG and HTML": drawn("JPEG", comment=PAYLOAD) + PAYLOAD,
    "WebP and HTML": drawn("WEBP") + PAYLOAD,
    "PNG with a text": drawn("PNG").replace(b"IEND", b"tEXt" + PAYLOAD, 1)[:-4],
}
