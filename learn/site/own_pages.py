"""Duty pages an operator wrote: `seiten/<name>.md` of the instance, rendered when it changes."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from learn.config import Config
from learn.core import logs
from learn.markup import guard
from learn.markup.model import Html, Link, Picture, Unresolved

TITLES = {
    "barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "datenschutz": "Datenschutz",
    "gebaerdensprache": "Gebärdensprache",
    "hilfe": "Hilfe und Kontakt",
    "impressum": "Impressum",
    "leichte-sprache": "Leichte Sprache",
}


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The first heading of the file (else the usual title) and its sanitised HTML."""

    title: str
    html: Markup


class Surroundings:
    """What such a text may point to: addresses of this installation; it has no pictures."""

    def picture(self, target: str) -> Picture | Unresolved:
        return Unresolved("K503", {"ziel": target})

    def link(self, target: str) -> Link | Unresolved:
        inside = target.startswith("/") and not target.startswith("//")
        return Link(target, target) if inside else Unresolved("K503", {"ziel": target})

    def knows_value(self, name: str) -> bool:  # noqa: ARG002 - the protocol names it
        return False


def own_page(config: Config, name: str) -> OwnPage | None:
    """The operator's page of this name, read again when the file changes; None without one."""
    path = config.instance / "seiten" / f"{name}.md"
    try:
        found = path.stat()
    except OSError:
        return None
    return rendered(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2 * len(TITLES))
def rendered(path: Path, _changed: int, _size: int) -> OwnPage | None:
    """The page of one state of a file; None where it cannot be read or rendered, which is logged."""
    try:
        text = guard.render(path.read_text(encoding="utf-8-sig"), "kurs", Surroundings())
    except (OSError, UnicodeDecodeError, guard.Refused) as problem:
        logs.failure(problem)
        return None
    html = "\n".join(part.html for part in text.parts if isinstance(part, Html))
    return OwnPage(text.title or TITLES[path.stem], Markup(html))  # noqa: S704 - sanitised by the guard
