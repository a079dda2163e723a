"""Badges as pictures: another program finds the credential, people read the course; no name breaks them."""

import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3 import OB3Verifier
from PIL import Image

from learn.learning.badges import baking, picture

TOKEN = "e30.e30." + "a" * 700
SVG = "{http://www.w3.org/2000/svg}"
BADGES = "{https://purl.imsglobal.org/ob/v3p0}"
NETWORK = "Smart Cities: Schule"
TEXTS = st.text(max_size=120)
LONG = "Datenschutzfolgenabschätzungsverordnungsdurchführungsgesetz " * 3


def png(title: str, network: str = NETWORK) -> bytes:
    return baking.png(TOKEN, title=title, network=network, edition=3)


def svg(title: str, network: str = NETWORK) -> bytes:
    return baking.svg(TOKEN, title=title, network=network, edition=3)


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG: kind and content (PNG, section 5.3)."""
    found, at = [], 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += size + 12
    return found


@given(TEXTS, TEXTS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example("Łódź „Orte“ & <b> 中文 🙂", "\u202e\x00\ufffe")
@example("", "")
@example(LONG, LONG)
def test_the_credential_is_in_each_picture_whatever_the_words(title: str, network: str) -> None:
    assert OB3Verifier.extract_token_from_png(png(title, network)) == TOKEN
    assert OB3Verifier.extract_token_from_svg(svg(title, network)) == TOKEN


def test_a_png_carries_it_once_and_uncompressed() -> None:
    """Section 5.3.1: "MUST NOT appear in a PNG more than once", "Compression MUST NOT be used"."""
    own = [body for kind, body in chunks(png("Sensoren")) if kind == b"iTXt" and b"openbadge" in body]
    assert own == [b"openbadgecredential\0\0\0\0\0" + TOKEN.encode()]


def test_a_png_is_a_square_picture_of_moderate_size() -> None:
    data = png("Datenplattform für kleine Kommunen: vom Sensor zur Entscheidung")
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.format, image.size, image.mode) == ("PNG", (640, 640), "RGBA")
        assert image.getchannel("A").getpixel((0, 0)) == 0
        assert image.getpixel((320, 20)) == (0x1A, 0x3D, 0xA5, 255)
        assert image.info["Title"] == (
            "Nachweis: Datenplattform für kleine Kommunen: vom Sensor zur Entscheidung, Ausgabe 3. "
            "Smart Cities: Schule"
        )
    assert len(data) < 80_000


def test_an_svg_carries_it_directly_after_its_first_tag() -> None:
    """Section 5.3.2; the picture has a name for who cannot see it."""
    root = ET.fromstring(svg("Daten & <Orte>"))  # noqa: S314 - our own drawing
    first, title = root[0], root[1]
    assert (root.tag, first.tag, first.get("verify")) == (f"{SVG}svg", f"{BADGES}credential", TOKEN)
    assert len(root.findall(f".//{BADGES}credential")) == 1
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", title.get("id"))
    assert title.text == "Nachweis: Daten & <Orte>, Ausgabe 3. Smart Cities: Schule"


def test_an_svg_holds_nothing_active_and_asks_nobody() -> None:
    root = ET.fromstring(svg("Sensoren"))  # noqa: S314 - our own drawing
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags == {"svg", "credential", "title", "defs", "clipPath", "rect", "g", "polygon", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}


@pytest.mark.parametrize("title", ["KI", "Grundlagen der Beteiligung", LONG, "a" * 200, "W " * 100])
def test_words_stay_on_the_card(title: str) -> None:
    lines = picture.words(title, LONG, 3)
    for line in lines:
        assert line.x + picture.length(line.text, line.size) <= picture.SIDE - picture.LEFT + 1
        assert line.size < line.y < picture.SIDE
    places = [line.y for line in lines if line.x == picture.LEFT]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_letters_that_the_typeface_lacks_have_a_likeness_on_paper_and_stay_in_the_drawing() -> None:
    assert picture.drawable("Łobez – Žižkov – Grüße") == "Lobez – Zizkov – Grüße"
    assert picture.drawable("中\u200b") == "?"
    assert "Łódź" in svg("Łódź").decode()
