"""Badges as pictures that carry their credential: PNG and SVG by Open Badges 3.0, section 5.3."""

import io
import re
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from learn.learning.badges import picture
from learn.learning.badges.picture import SIDE, WHITE, Shape, Words

KEYWORD = "openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
FINER = 4  # shapes are drawn larger by this, so that edges are smooth
RADIUS = 40
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FAMILY = "'Fira Sans', 'Source Sans 3', Arial, sans-serif"


def png(token: str, *, title: str, network: str, edition: int) -> bytes:
    """The badge as PNG, 640 pixels square.

    The credential lies in an uncompressed iTXt chunk of the keyword `openbadgecredential`: "Compression
    MUST NOT be used", and the chunk "MUST NOT appear in a PNG more than once".
    """
    info = PngInfo()
    info.add_itxt(KEYWORD, token, zip=False)
    info.add_itxt("Title", NOT_XML.sub("", told(title, network, edition)), lang="de")
    out = io.BytesIO()
    image(title, network, edition).save(out, "PNG", pnginfo=info, optimize=True)
    return out.getvalue()


def svg(token: str, *, title: str, network: str, edition: int) -> bytes:
    """The badge as SVG; the credential is the `verify` of the element directly after `<svg>`."""
    found = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{NAMESPACE}" '
            f'viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" role="img" aria-labelledby="titel">'
        ),
        f"<openbadges:credential verify={quoteattr(token)}></openbadges:credential>",
        f'<title id="titel">{clean(told(title, network, edition))}</title>',
        f'<defs><clipPath id="karte"><rect width="{SIDE}" height="{SIDE}" rx="{RADIUS}"/></clipPath></defs>',
        f'<g clip-path="url(#karte)"><rect width="{SIDE}" height="{SIDE}" fill="{WHITE}"/>',
        *(polygon(shape) for shape in picture.shapes()),
        (
            f'</g><rect x="2" y="2" width="{SIDE - 4}" height="{SIDE - 4}" rx="{RADIUS - 2}" fill="none" '
            f'stroke="{picture.BLUE}" stroke-width="4"/>'
        ),
        f'<g font-family="{FAMILY}">',
        *(line(words) for words in picture.words(title, network, edition)),
        "</g></svg>",
    ]
    return "\n".join(found).encode()


def told(title: str, network: str, edition: int) -> str:
    """The picture in words."""
    return f"Nachweis: {title}, Ausgabe {edition}. {network}"


def image(title: str, network: str, edition: int) -> Image.Image:
    """The picture alone, on nothing around its corners."""
    drawing = card().copy()
    pen = ImageDraw.Draw(drawing)
    for words in picture.words(title, network, edition):
        letters = picture.face(words.size, bold=words.bold)
        text = picture.drawable(words.text)
        pen.text((words.x, words.y), text, fill=words.colour, font=letters, anchor="ls")
    return drawing


@cache
def card() -> Image.Image:
    """The card without words."""
    side, radius = SIDE * FINER, RADIUS * FINER
    inside = Image.new("RGB", (side, side), WHITE)
    pen = ImageDraw.Draw(inside)
    for shape in picture.shapes():
        pen.polygon([(x * FINER, y * FINER) for x, y in shape.points], fill=shape.colour)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), radius, outline=picture.BLUE, width=4 * FINER)
    corners = Image.new("L", (side, side), 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, side - 1, side - 1), radius, fill=255)
    inside.putalpha(corners)
    return inside.reduce(FINER)


def polygon(shape: Shape) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in shape.points)
    return f'<polygon fill="{shape.colour}" points="{points}"/>'


def line(words: Words) -> str:
    weight = 600 if words.bold else 400
    place = f'x="{words.x}" y="{words.y}" font-size="{words.size}" font-weight="{weight}"'
    return f'<text {place} fill="{words.colour}">{clean(words.text)}</text>'


def clean(text: str) -> str:
    """Text as XML 1.0 may hold it."""
    return escape(NOT_XML.sub("", text))
