"""The choices of the filter by Kreis: hundreds in a large network, asked for now and then, drawn once."""

import time
from functools import lru_cache

from flask import current_app
from markupsafe import Markup, escape

from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.network import listing

KEPT = 60.0  # seconds in which a process does not notice a new Kreis
KEY = "learn.districts"


def options(chosen: str) -> Markup:
    """The option elements of all districts, the chosen one selected."""
    drawn = draw(names())
    if not chosen:
        return drawn
    option = f'value="{escape(chosen)}"'
    return Markup(str(drawn).replace(option, f"{option} selected", 1))  # noqa: S704 - escaped when drawn


def names() -> tuple[str, ...]:
    """All districts in order, at most a minute old."""
    until, found = current_app.extensions.get(KEY, (0.0, ()))
    if until < time.monotonic():
        found = listing.districts(session())
        current_app.extensions[KEY] = (time.monotonic() + KEPT, found)
    known: tuple[str, ...] = found
    return known


def forget() -> None:
    """Ask again at once, as after an import in this process."""
    current_app.extensions.pop(KEY, None)


@lru_cache(maxsize=8)
def draw(names: tuple[str, ...]) -> Markup:
    """Fill components/long_select.html."""
    component = current_app.jinja_env.get_template("components/long_select.html").module
    drawn: Markup = component.choices(_("Alle Kreise"), names)  # type: ignore[attr-defined]
    return drawn
