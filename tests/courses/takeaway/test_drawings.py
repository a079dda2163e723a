"""Drawings within the rules of SVG 1.1: what is drawn stays, what only an editor knows goes."""

from xml.etree import ElementTree as ET

from learn.courses.takeaway.drawings import SVG, XLINK, mended
from learn.markup.svg import svg_is_safe
from tests.courses.takeaway import rich


def test_what_programs_leave_behind_goes_and_the_drawing_stays() -> None:
    made = mended(rich.PICTURES["kasten.svg"])
    assert made.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<svg xmlns=")
    for words in (b"DOCTYPE", b"programm", b"Kommentar", b"eigenes", b"unbekannt", b"fehlt", b"metadata"):
        assert words not in made, words
    root = ET.fromstring(made)  # noqa: S314 - our own
    names = [element.tag.removeprefix(f"{{{SVG}}}") for element in root.iter()]
    assert names[:5] == ["svg", "title", "style", "defs", "g"]
    assert names.count("use") == 2
    assert "a" not in names
    assert root.findtext(f".//{{{SVG}}}text") == "Größe"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert ids == ["_1.20.a", "lauf"]
    aims = [element.get(f"{{{XLINK}}}href") or element.get("href") for element in root.iter(f"{{{SVG}}}use")]
    assert aims == ["#_1.20.a", "#_1.20.a"]
    fills = [element.get("fill") for element in root.iter(f"{{{SVG}}}rect")]
    assert fills == ["url(#lauf)", "none"]


def test_a_mended_drawing_is_as_safe_as_before_and_stays_as_it_is() -> None:
    made = mended(rich.PICTURES["kasten.svg"])
    assert svg_is_safe(made)
    assert mended(made) == made
