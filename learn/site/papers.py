"""`/unterlagen`: drafts for staff council and data protection, as pages, Markdown and PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, make_response
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.config import Config
from learn.core import logs, paper, register
from learn.core.access import require, visitor
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.markup import guard
from learn.markup.addresses import OwnAddresses
from learn.markup.model import Html
from learn.site import printable
from learn.site.blueprint import pages

FOLDER = Path(__file__).with_name("papers")
TABLES = "<!-- verzeichnis -->"  # stands where the declarations of the tables go
SPECIAL = str.maketrans({sign: "\\" + sign for sign in "\\`*_[]<>#|~"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A draft: name of its file and address, its title, what it is for."""

    name: str
    title: str
    use: str


PAPERS = (
    Paper(
        "dienstvereinbarung",
        "Dienstvereinbarung zur Lernplattform",
        "Für Dienststelle und Personalrat: Lernzeit ist Arbeitszeit, keine Leistungskontrolle.",
    ),
    Paper(
        "verarbeitungsverzeichnis",
        "Verzeichnis von Verarbeitungstätigkeiten",
        "Für die verantwortliche Stelle: Zwecke, Rechtsgrundlagen und Fristen jeder Tabelle (Art. 30 DSGVO).",
    ),
    Paper(
        "auftragsverarbeitung",
        "Vertrag zur Auftragsverarbeitung",
        "Für Kommune und Betreiber, wenn eine andere Stelle die Plattform betreibt (Art. 28 DSGVO).",
    ),
    Paper(
        "massnahmen",
        "Technische und organisatorische Maßnahmen",
        "Für Betrieb und Informationssicherheit: was das Programm tut und was Sie beitragen (Art. 32 DSGVO).",
    ),
)


@pages.get("/unterlagen", access=visitor)
def papers() -> ResponseReturnValue:
    return page("site/papers.html", papers=PAPERS)


@pages.get("/unterlagen/<slug:name>", access=visitor)
def show_paper(name: str) -> ResponseReturnValue:
    return page("site/paper.html", paper=named(name), html=Markup(html(markdown(name))), failed="")  # noqa: S704 - sanitised by the guard


@pages.get("/unterlagen/<slug:name>.md", access=visitor)
def paper_source(name: str) -> ResponseReturnValue:
    named(name)
    base = current_app.extensions["learn.config"].base_url
    return attachment(markdown(name).replace("](/", f"]({base}/").encode(), "text/markdown", f"{name}.md")


@pages.get("/unterlagen/<slug:name>.pdf", access=visitor)
def paper_pdf(name: str) -> ResponseReturnValue:
    """The PDF; where none comes about, the page itself with a sentence."""
    asked = named(name)
    config: Config = current_app.extensions["learn.config"]
    text = markdown(name)
    try:
        made = pdf(asked.title, text, config.network_name, config.base_url)
    except paper.NotMade as problem:
        logs.failure(problem)
        shown = Markup(html(text))  # noqa: S704 - sanitised by the guard
        response = make_response(page("site/paper.html", 503, paper=asked, html=shown, failed=str(problem)))
        response.headers["Retry-After"] = "60"
        return response
    return attachment(made, "application/pdf", f"{name}.pdf")


def named(name: str) -> Paper:
    """The paper of this name. Raises NotFound."""
    return require(next((found for found in PAPERS if found.name == name), None))


def attachment(data: bytes, kind: str, name: str) -> Response:
    """A file to be saved under this name."""
    response = make_response(data)
    response.mimetype = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def markdown(name: str) -> str:
    """The Markdown of a paper, with what the tables declare where it belongs."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    return text.replace(TABLES, "\n".join(declarations())) if TABLES in text else text


def declarations() -> Iterator[str]:
    """What every table with personal data says about itself, in Markdown."""
    for group in register.entries():
        personal = [entry for entry in group.entries if entry.personal]
        if personal:
            yield f"### {group.title}\n"
        for entry in personal:
            yield f"#### {entry.title.translate(SPECIAL)}\n"
            parts = (
                (_("Zweck"), entry.purpose),
                (_("Rechtsgrundlage"), entry.basis),
                (_("Daten"), ", ".join(entry.data)),
                (_("Frist"), entry.retention),
                (_("Auskunft"), entry.export),
                (_("Löschung"), entry.erasure),
            )
            yield from (f"- **{label}:** {text.translate(SPECIAL)}" for label, text in parts if text)
            yield ""


@lru_cache(maxsize=2 * len(PAPERS))
def html(text: str) -> str:
    """The sanitised HTML of a paper without its title; a text is rendered once per process."""
    rendered = guard.render(text, "kurs", OwnAddresses())
    return "\n".join(part.html for part in rendered.parts if isinstance(part, Html))


@lru_cache(maxsize=2 * len(PAPERS))
def pdf(title: str, text: str, running: str, base_url: str) -> bytes:
    """The PDF of a paper, made once per process, some 60 KB. Raises NotMade."""
    blocks = printable.blocks(html(text), f"{base_url}/")
    return paper.pdf("document", {"title": title, "running": running, "blocks": blocks})
