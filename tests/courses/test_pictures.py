"""Pictures: kind by content, size as browsers need it, unsafe ones refused."""

import io
import zlib

import pytest
from PIL import Image

from learn.courses import pictures
from learn.courses.pictures import Seen


def drawn(kind: str, size: tuple[int, int] = (30, 20), orientation: int = 1) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size).save(file, kind, exif=exif)
    return file.getvalue()


def svg(attributes: str, content: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{content}</svg>'.encode()


@pytest.mark.parametrize(
    ("kind", "ext"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"), ("AVIF", "avif")]
)
def test_the_content_decides_the_kind(kind: str, ext: str) -> None:
    assert pictures.inspect(drawn(kind)) == Seen(ext, 30, 20)


@pytest.mark.parametrize(
    "first",
    [
        b'<?xml version="1.0" encoding="ISO-8859-1"?>\n',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n',
        b"\xef\xbb\xbf",
        b"<!-- drawn -->\n",
    ],
)
def test_pictures_as_programs_write_them_are_taken(first: bytes) -> None:
    assert pictures.inspect(first + svg('width="4" height="2"')) == Seen("svg", 4, 2)


def test_a_turned_photo_has_the_size_it_is_shown_in() -> None:
    assert pictures.inspect(drawn("JPEG", orientation=6)) == Seen("jpg", 20, 30)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="640" height="180"', (640, 180)),
        ('width="10mm" height="1in"', (38, 96)),
        ('viewBox="0 0 64 18"', (64, 18)),
        ('width="128" viewBox="0,0,64,18"', (128, 36)),
        ('width="100%" height="100%" viewBox="0 0 64 18"', (64, 18)),
        ("", (300, 150)),
        ('width="wide" height="1e9"', (300, 100_000)),
        ('width="12PX" height="1.5In"', (12, 144)),
        ('width="-5" height="10" viewBox="0 0 4 2"', (20, 10)),
        ('viewBox="64 18"', (300, 150)),
        ('viewBox="-5 -5 0 18"', (300, 150)),
        ('viewBox="-32,-9 64,18.4"', (64, 18)),
        ('width="0" height="0"', (300, 150)),
        ('width="50%" viewBox="0 0 64 18"', (64, 18)),
        ('width="2em" height="0.1px"', (32, 1)),
    ],
)
def test_svg_has_its_own_size_or_that_of_its_view_box(attributes: str, size: tuple[int, int]) -> None:
    assert pictures.inspect(svg(attributes)) == Seen("svg", *size)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<html></html>",
        b"%PDF-1.7",
        svg("", "<script>1</script>"),
        svg('onload="x()"'),
        svg("", "<foreignObject/>"),
        svg("", '<image href="https://example.org/a.png"/>'),
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        svg("")[:-3],
        b"<?xml version='1.0' encoding='utf-7'?>" + svg(""),
        svg("", '<style>rect{fill:image-set("https://example.org/a.png" 1x)}</style>'),
        svg("", '<a href="#a" ping="https://example.org"/>'),
        svg("", '<h:form xmlns:h="http://www.w3.org/1999/xhtml" action="https://example.org"/>'),
        drawn("PNG")[:20],
        drawn("TIFF"),
        drawn("BMP"),
    ],
)
def test_what_no_browser_may_show_is_refused(data: bytes) -> None:
    assert pictures.inspect(data) is None


def test_damaged_pictures_are_refused_whatever_the_decoder_says() -> None:
    whole = drawn("AVIF")
    for place in range(0, len(whole), 3):
        damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        seen = pictures.inspect(damaged)
        assert seen is None or seen.ext == "avif"


def test_a_picture_that_unpacks_to_a_gigabyte_is_refused_without_unpacking() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    side = (40_000).to_bytes(4, "big")
    head = chunk(b"IHDR", side + side + b"\x08\x02\x00\x00\x00")
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    assert pictures.inspect(bomb) is None
