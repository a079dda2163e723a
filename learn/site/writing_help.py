"""`/hilfe/markdown`: how courses are written, with the examples that the tests compare; `/hilfe/werkstatt`.

Nothing here is personal. Texts are rendered and examples drawn once per process.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.core.access import require, visitor
from learn.core.assets import asset
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import ready
from learn.markup import faults, guard
from learn.markup.addresses import OwnAddresses
from learn.markup.examples import NARROW, PICTURE, SECTIONS, Construct, Example, Wrong, constructs
from learn.markup.model import Exercise, Fault, Html, Part, Plan, Quiz, Term
from learn.markup.store import prefixed
from learn.site.blueprint import pages
from learn.site.questions import QuizSheet, quiz_sheet

FOLDER = Path(__file__).with_name("authoring")
DRAWINGS = {PICTURE: "start.svg", NARROW: "start.svg"}  # what the examples' picture shows


@dataclass(frozen=True, slots=True)
class Shown:
    """An example beside its result: pairs of kind and part, as the template tells them apart."""

    source: str
    parts: tuple[tuple[str, object], ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A construct with its explanation and examples."""

    name: str
    title: str
    text: Markup
    examples: tuple[Shown, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault as the table explains it. `severity`: error, warning or note."""

    code: str
    severity: str
    meaning: str
    advice: str


@pages.get("/hilfe/markdown", access=visitor)
def writing_help() -> ResponseReturnValue:
    return page("site/writing_help.html", html=text("beginn"), sections=contents())


@pages.get("/hilfe/werkstatt", access=visitor)
def workshop_help() -> ResponseReturnValue:
    return page("site/workshop_help.html", html=text("werkstatt"))


@pages.get("/hilfe/markdown/<slug:abschnitt>", access=visitor)
def writing_section(abschnitt: str) -> ResponseReturnValue:
    if abschnitt == "kopf":
        return page(
            "site/writing_keys.html",
            html=text("kopf"),
            tables=front_keys(),
            after=next(iter(SECTIONS.items())),
        )
    if abschnitt == "befunde":
        return page("site/writing_faults.html", findings=findings())
    title = require(SECTIONS.get(abschnitt))
    names = [(f"#{found.name}", found.title, False) for found in constructs() if found.section == abschnitt]
    return page(
        "site/writing_section.html",
        title=title,
        names=names,
        drawn=section(abschnitt),
        after=after(abschnitt),
    )


def contents() -> list[tuple[str, str, list[Construct]]]:
    """Address, title and constructs of each section."""
    return [
        (name, title, [found for found in constructs() if found.section == name])
        for name, title in SECTIONS.items()
    ]


def after(section: str) -> tuple[str, str]:
    """Address and title of what comes after a section."""
    order = [*SECTIONS.items(), ("befunde", _("Alle Befunde"))]
    return order[list(SECTIONS).index(section) + 1]


@cache
def text(name: str) -> Markup:
    """The HTML of one of our own texts."""
    return html((FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def html(source: str) -> Markup:
    found = guard.render(source, "kurs", OwnAddresses(), kind="kurs")
    return Markup("\n".join(part.html for part in found.parts if isinstance(part, Html)))  # noqa: S704 - sanitised


@cache
def front_keys() -> tuple[tuple[str, str, list[list[Markup]]], ...]:
    """Kind, title and rows (key, meaning, allowed) of the front matter of each kind of file."""
    kinds = tomllib.loads((FOLDER / "kopf.toml").read_text(encoding="utf-8"))
    return tuple(
        (kind, value["title"], [[Markup.escape(row[0]), *map(inline, row[1:])] for row in value["keys"]])
        for kind, value in kinds.items()
    )


def inline(source: str) -> Markup:
    """One paragraph without its element."""
    return Markup(html(source).removeprefix("<p>").removesuffix("</p>"))  # noqa: S704 - sanitised


@cache
def section(name: str) -> Markup:
    """The constructs of a section, drawn with the components of lessons, without any form."""
    topics = [topic(found) for found in constructs() if found.section == name]
    return Markup(render_template("site/_writing_topics.html", topics=topics))  # noqa: S704 - a template's own


def topic(found: Construct) -> Topic:
    examples = tuple(shown(found, number, entry) for number, entry in enumerate(found.examples, 1))
    return Topic(found.name, found.title, html(found.text), examples, found.wrong)


def shown(found: Construct, number: int, example: Example) -> Shown:
    """The example with ids and names of regions of its own."""
    prefix = f"{found.name}-{number}"
    place = found.title if len(found.examples) == 1 else f"{found.title} {number}"
    parts = ready.ready(prefixed(example.parts, prefix, place))
    terms = tuple(replace(term, html=Markup(term.html)) for term in example.terms)  # noqa: S704 - sanitised
    return Shown(example.source, tuple(drawn(part, prefix) for part in parts), terms)


def drawn(part: Part, prefix: str) -> tuple[str, object]:
    """A part with its kind; ids that templates draw from data get the prefix here."""
    if isinstance(part, Quiz):
        sheet = quiz_sheet(part, 1, f"{prefix}-{part.slug}")
        asked = tuple(replace(entry, id=f"{prefix}-{entry.id}") for entry in sheet.questions)
        return "quiz", QuizSheet(f"{prefix}-{part.id}", part.heading, sheet.slug, asked)
    if isinstance(part, Exercise | Plan):
        kind = "plan" if isinstance(part, Plan) else "exercise"
        return kind, replace(part, id=f"{prefix}-{part.id}", slug=f"{prefix}-{part.slug}")
    return "html", pictured(part.html)


def pictured(stored: str) -> Markup:
    """The HTML with our own drawings in the place of the examples' picture."""
    for address, name in DRAWINGS.items():
        stored = stored.replace(address, asset(name))
    return Markup(stored)  # noqa: S704 - sanitised, addresses of our own


@cache
def findings() -> tuple[Finding, ...]:
    """All faults in the order of their codes."""
    meanings: dict[str, str] = tomllib.loads((FOLDER / "befunde.toml").read_text(encoding="utf-8"))
    return tuple(
        Finding(code, severity, meanings[code], faults.sentence(Fault(code, 0)).replace("….", "…"))
        for code, (severity, _sentence) in faults.FAULTS.items()
    )
