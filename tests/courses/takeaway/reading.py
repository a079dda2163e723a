"""What readers see: the words of stored HTML, and those of the blocks made of it, without white space."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.courses.takeaway.blocks import Block, Levels, Text
from learn.courses.takeaway.spans import ZERO, Setting
from learn.markup.model import Exercise, Html, Rendered

BLANK = re.compile(rf"[\s{ZERO}\x00-\x1f]+")
BOXES = re.compile("[☐☑]")
ENTRY = LessonEntry("les_22222222", "zwei", "Zwei", 1, 1, 5, True)
MODULE = ModuleEntry("mod_11111111", "m", "M", "", "", (ENTRY,))
TREE = Manifest("kur_11111111", "k", "Kurs", 1, (MODULE,))


def setting(*terms: str) -> Setting:
    """A course with the address `k` and one lesson, `zwei`."""
    return Setting(TREE, "https://lernen.example.org", frozenset(terms))


def text(*terms: str) -> Text:
    """The reader of the lesson `les_11111111`."""
    return Text(setting(*terms), "les_11111111", Levels())


def pieces(found: Rendered) -> list[str]:
    """The HTML of parts that are not drawn from data."""
    return [part.html for part in found.parts if isinstance(part, Html | Exercise)]


def blocks(found: Rendered, reader: Text) -> list[Block]:
    """All blocks of these parts."""
    for html in pieces(found):
        reader.gather(html)
    return [block for html in pieces(found) for block in reader.blocks(html)]


def visible(html: str) -> str:
    """What stands in the HTML, without footnotes, their numbers and boxes."""
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return BOXES.sub("", BLANK.sub("", _visible(root)))


def _visible(node: Element) -> str:
    if "sc-footnotes" in (node.get("class") or "") or (node.get("id") or "").startswith("fnref-"):
        return ""
    if node.tag.rpartition("}")[2] == "math":
        return node.get("alttext") or ""
    inside = node.text or ""
    for child in node:
        inside += (_visible(child) if isinstance(child.tag, str) else "") + (child.tail or "")
    return f"„{inside}“" if node.tag == "q" else inside


def said(found: Any) -> str:
    """What blocks say in their order, without footnotes and written addresses."""
    return BOXES.sub("", BLANK.sub("", _said(found)))


def _said(found: Any) -> str:
    if isinstance(found, str):
        return found
    if isinstance(found, list):
        return "".join(map(_said, found))
    if found["k"] in {"note", "again", "address", "picture"}:
        return ""
    if found["k"] in {"code", "pre"}:
        return str(found["v"])
    words = _said(found.get("caption", [])) + _said(found.get("title", []))
    words += "".join(_said(cell["c"]) for cell in found.get("cells", ()))
    for item in found.get("items", ()):
        words += _said(item["term"]) + _said(item["c"]) if isinstance(item, dict) else _said(item)
    return words + _said(found.get("c", []))


def notes(found: Any) -> list[str]:
    """What the footnotes say, in the order of their first use."""
    if isinstance(found, list):
        return [note for entry in found for note in notes(entry)]
    if not isinstance(found, dict):
        return []
    inside = [note for value in found.values() for note in notes(value)]
    return [said(found["c"]), *inside] if found.get("k") == "note" else inside


def kinds(found: Any) -> list[str]:
    """The kinds of all blocks and spans, outermost first."""
    if isinstance(found, list):
        return [kind for entry in found for kind in kinds(entry)]
    if not isinstance(found, dict):
        return []
    inside = [kind for value in found.values() for kind in kinds(value)]
    return [found["k"], *inside] if "k" in found else inside
