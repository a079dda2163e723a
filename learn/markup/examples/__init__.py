"""The constructs of the dialect with their examples: tests compare them wholly, the help shows them.

One file per construct, `<NN>-<name>.toml`: `title`, `section`, `covers` (modules of extensions), `text`
(Markdown), `example` (source and its parts, as `html` or JSON), `wrong` (source, fault and its sentence).
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from learn.markup.context import TextKind
from learn.markup.model import Html, Link, Part, Picture, Term, Unresolved
from learn.markup.store import load, load_terms

SECTIONS = {
    "text": "Text gliedern",
    "hervorheben": "Hervorheben und aufklappen",
    "bilder": "Bilder, Tabellen, Videos",
    "verweise": "Links, Begriffe, Fußnoten",
    "aufgaben": "Aufgaben und Fahrplan",
    "fragen": "Fragen",
    "technik": "Code, Formeln, HTML",
}
PICTURE, NARROW = "/medien/beispiel.svg", "/medien/beispielschmal.svg"
_LISTS: Mapping[str, Any] = {"options": [], "items": [], "pairs": [], "solutions": [], "columns": ["", ""]}


@dataclass(frozen=True, slots=True)
class World:
    """The surroundings of all examples: one picture, one more lesson, one glossary, one local value.

    Links to other lessons and terms lead to pages that every installation has.
    """

    def picture(self, target: str) -> Picture | Unresolved:
        if target == "bilder/rathaus.svg":
            return Picture(PICTURE, 480, 320, Picture(NARROW, 480, 320))
        return Unresolved("K501", {"pfad": target})

    def link(self, target: str) -> Link | Unresolved:
        path, _, name = target.partition("#")
        if path == "../glossar.md":
            return Link("/vokabelheft", f"glo_3h6d9w1x#{name}", term=True)
        if path == "02-standort.md":
            return Link("/kurse", f"les_9q3f7z1d#{name}")
        return Unresolved("K503", {"ziel": target})

    def knows_value(self, name: str) -> bool:
        return name == "einrichtung"


@dataclass(frozen=True, slots=True)
class Source:
    """What an author writes, and in which kind of file."""

    source: str
    kind: TextKind = "lektion"
    formulas: bool = False


@dataclass(frozen=True, slots=True)
class Example(Source):
    """A source with what it becomes."""

    parts: tuple[Part, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong(Source):
    """A source with the fault it causes: code, line and sentence."""

    code: str = ""
    line: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Construct:
    """One construct: what it is for and how it is written, in Markdown, with examples."""

    name: str
    title: str
    section: str
    covers: tuple[str, ...]
    text: str
    examples: tuple[Example, ...]
    wrong: tuple[Wrong, ...]


@cache
def constructs() -> tuple[Construct, ...]:
    """All constructs in the order of their files."""
    folder = files(__package__)
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    return tuple(
        _construct(entry.name[3:-5], tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in found
    )


def _construct(name: str, value: Mapping[str, Any]) -> Construct:
    return Construct(
        name,
        value["title"],
        value["section"],
        tuple(value["covers"]),
        value["text"],
        tuple(_example(entry) for entry in value["example"]),
        tuple(_wrong(entry) for entry in value.get("wrong", ())),
    )


def _kind(value: Mapping[str, Any]) -> TextKind:
    return cast("TextKind", value.get("kind", "lektion"))


def _example(value: Mapping[str, Any]) -> Example:
    if "html" in value:
        parts: tuple[Part, ...] = (Html(value["html"].strip()),)
    else:
        parts = load(_whole(part) for part in json.loads(value.get("parts", "[]")))
    terms = load_terms({"also": (), **term} for term in json.loads(value.get("terms", "[]")))
    return Example(value["source"], _kind(value), value.get("formulas", False), parts, terms)


def _whole(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part with the empty lists that the file leaves out."""
    if part["type"] != "quiz":
        return part
    return {**part, "questions": [_LISTS | question for question in part["questions"]]}


def _wrong(value: Mapping[str, Any]) -> Wrong:
    return Wrong(
        value["source"],
        _kind(value),
        value.get("formulas", False),
        value["code"],
        value["line"],
        value["sentence"],
    )
