"""Drawings lose what nobody sees of them, and nothing else."""

import base64
import io

import pytest
from PIL import Image

from learn.core.access import Refused
from learn.markup.sanitise import svg_is_safe
from learn.workshop import bare, stripping, uploading
from learn.workshop.stripping import stripped

PLAIN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img"><title>Mast &amp; Haus</title>'
    "<style><![CDATA[.a > .b { fill: #036 }]]></style><text xml:space='preserve'> a <tspan>b</tspan>"
    " c</text></svg>"
)
DRAWN = """<?xml version="1.0"?><?editor version 5?><!-- Entwurf von Anna Geheim -->
<svg:svg xmlns:svg="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:ink="http://www.inkscape.org/namespaces/inkscape" width="9" height="9" ink:export="C:\\Geheim\\x.png">
 <svg:metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">Geheim</rdf:RDF></svg:metadata>
 <ink:view name="Geheim"><svg:rect/></ink:view>
 <svg:g id="a" data-name="Geheim" ink:label="Geheim"><svg:path d="M0&#10;0"/></svg:g><!-- Geheim -->
 <svg:use xlink:href="#a" class="&quot;&lt;"/><svg:text>5 &lt; 6</svg:text>{}
</svg:svg><!-- Geheim -->"""
LEFT = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    '<g id="a"><path d="M0&#10;0"/></g><use xlink:href="#a" class=\'"&lt;\'/><text>5 &lt; 6</text></svg>'
)


def photo(secret: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = secret
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "green").save(out, "JPEG", exif=exif if secret else b"")
    return out.getvalue()


def embedded(data: bytes) -> str:
    return f'<svg:image xlink:href="data:image/jpeg;base64,{base64.b64encode(data).decode()}"/>'


def test_a_drawing_of_what_is_seen_stays_byte_for_byte() -> None:
    data = PLAIN.encode()
    assert stripped(data) is data
    assert uploading.prepare(data).data == data


def test_notes_of_editors_go_and_all_that_is_seen_stays() -> None:
    data = DRAWN.format("").encode()
    made = stripped(data)
    assert "".join(line.strip() for line in made.decode().splitlines()) == LEFT
    assert svg_is_safe(made)
    assert stripped(made) is made
    assert uploading.prepare(data).data == made
    again = stripped(PLAIN.replace("<title>", "<!-- x --><title>").encode()).decode()
    assert "<title>Mast &amp; Haus</title><style>.a &gt; .b { fill: #036 }</style>" in again
    assert '<text xml:space="preserve"> a <tspan>b</tspan> c</text>' in again


def test_photos_inside_lose_their_place() -> None:
    assert b"Attendorn" in photo("Attendorn")
    made = stripped(DRAWN.format(embedded(photo("Attendorn"))).encode()).decode()
    inside = base64.b64decode(made.partition("base64,")[2].partition('"')[0])
    assert bare.is_bare(inside)
    assert Image.open(io.BytesIO(inside)).size == (20, 10)
    kept = stripped(DRAWN.format(embedded(photo(""))).encode()).decode()
    assert base64.b64encode(photo("")).decode() in kept


@pytest.mark.parametrize("inside", [embedded(b"<html>"), embedded(b""), "x".join([embedded(b"GIF8")] * 40)])
def test_what_is_no_photo_inside_is_refused(inside: str) -> None:
    with pytest.raises(Refused, match="als PNG") as refused:
        uploading.prepare(DRAWN.format(inside).encode())
    assert refused.value.field == "picture"
    assert refused.value.message == stripping.UNREADABLE


def test_too_many_photos_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripping, "MOST", 1)
    with pytest.raises(Refused, match="mehr als 12 Fotos"):
        stripped(DRAWN.format(embedded(photo("a")) + embedded(photo("b"))).encode())
