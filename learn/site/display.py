"""How pages look for one browser: theme, text size, motion; kept in a cookie, for visitors too."""

from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import visitor
from learn.core.forms import cookie_name, set_cookie
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.site.blueprint import pages

COOKIE = "darstellung"
YEAR = 365 * 24 * 3600
THEMES = ("system", "hell", "dunkel")
TEXTS = ("normal", "gross", "sehr-gross")
MOTIONS = ("system", "aus")


@dataclass(frozen=True, slots=True)
class Display:
    """`theme` system, hell, dunkel; `text` normal, gross, sehr-gross; `motion` system, aus."""

    theme: str = "system"
    text: str = "normal"
    motion: str = "system"

    @classmethod
    def chosen(cls, theme: str, text: str, motion: str) -> "Display":
        """What was asked for; unknown words count as the first choice."""
        return cls(
            theme if theme in THEMES else THEMES[0],
            text if text in TEXTS else TEXTS[0],
            motion if motion in MOTIONS else MOTIONS[0],
        )


def display() -> Display:
    """The choice of this browser."""
    kept = request.cookies.get(cookie_name(COOKIE), "")
    theme, text, motion = (*kept.split("."), "", "", "")[:3]
    return Display.chosen(theme, text, motion)


@pages.get("/konto/darstellung", access=visitor)
def show_display() -> ResponseReturnValue:
    return page("site/display.html")


@pages.post("/konto/darstellung", access=visitor)
def choose_display() -> ResponseReturnValue:
    form = request.form
    chosen = Display.chosen(form.get("theme", ""), form.get("text", ""), form.get("motion", ""))
    flash(_("Die Darstellung ist gespeichert."), "success")
    response = to(".show_display")
    set_cookie(response, COOKIE, f"{chosen.theme}.{chosen.text}.{chosen.motion}", YEAR)
    return response
