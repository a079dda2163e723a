"""Duty pages an operator wrote: `seiten/<name>.md` of the instance, rendered when it changes."""

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from learn.config import Config
from learn.core import logs
from learn.markup import guard
from learn.markup.addresses import OwnAddresses
from learn.markup.model import Html

TITLES = {
    "barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "datenschutz": "Datenschutz",
    "gebaerdensprache": "Gebärdensprache",
    "hilfe": "Hilfe und Kontakt",
    "impressum": "Impressum",
    "leichte-sprache": "Leichte Sprache",
}
PAUSE = 60.0  # seconds
FAILED: dict[Path, float] = {}  # when to try again


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The first heading of the file (else the usual title) and its sanitised HTML."""

    title: str
    html: Markup


def own_page(config: Config, name: str) -> OwnPage | None:
    """The operator's page of this name, read again when the file changes; None without one.

    None too where it cannot be read or rendered, which is logged; the next try is a minute later.
    """
    path = config.instance / "seiten" / f"{name}.md"
    try:
        found = path.stat()
    except OSError:
        return None
    if FAILED.get(path, 0.0) > time.monotonic():
        return None
    try:
        return rendered(path, found.st_mtime_ns, found.st_size)
    except (OSError, UnicodeDecodeError, guard.Refused) as problem:
        FAILED[path] = time.monotonic() + PAUSE
        logs.failure(problem)
        return None


@lru_cache(maxsize=2 * len(TITLES))
def rendered(path: Path, _changed: int, _size: int) -> OwnPage:
    """The page of one state of a file."""
    text = guard.render(path.read_text(encoding="utf-8-sig"), "kurs", OwnAddresses())
    html = "\n".join(part.html for part in text.parts if isinstance(part, Html))
    return OwnPage(text.title or TITLES[path.stem], Markup(html))  # noqa: S704 - sanitised by the guard
