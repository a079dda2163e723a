"""German texts, dates and durations; numbers and units hold together by non-breaking spaces.

The source strings are German and there is no other catalogue, so templates look nothing up: asking
Flask-Babel for each of a page's texts cost a third of the page. With a second language `install`
leaves its functions in place.
"""

from datetime import date
from functools import lru_cache

from babel.dates import format_date
from flask import Flask
from flask_babel import Babel
from markupsafe import Markup, escape

NBSP = "\N{NO-BREAK SPACE}"
LOCALE = "de"


def install(app: Flask) -> None:
    """Set up Flask-Babel for German, and the templates' functions for texts."""
    Babel(app, default_locale=LOCALE, default_timezone="Europe/Berlin")
    app.jinja_env.globals.update({"_": text, "gettext": text, "ngettext": counted})


def gettext(source: str, **values: object) -> str:
    """What `_("…")` gives in views, plain text; with a second language Flask-Babel's takes its place."""
    return source % values if values else source


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The same for one and for many; `%(num)s` is the number."""
    return gettext(one if number == 1 else many, num=number, **values)


def text(source: str, **values: object) -> Markup:
    """What `_("…")` gives in templates: values are escaped, `%%` is a per cent sign."""
    if not values:
        return plain(source)
    safe = {name: value if type(value) is int else escape(value) for name, value in values.items()}
    return Markup(source % safe)  # noqa: S704 - a literal of our templates


@lru_cache(maxsize=2000)
def plain(source: str) -> Markup:
    """A text without values."""
    return Markup(source.replace("%%", "%"))  # noqa: S704 - a literal of our templates


def counted(one: str, many: str, number: int, **values: object) -> Markup:
    """What `ngettext` gives in templates; `%(num)s` is the number."""
    return text(one if number == 1 else many, num=number, **values)


@lru_cache(maxsize=1000)
def day(value: date) -> str:
    """A day as `9. Juni 2026`."""
    return format_date(value, "d. MMMM y", locale=LOCALE).replace(". ", f".{NBSP}", 1)


@lru_cache(maxsize=1000)
def month(value: str) -> str:
    """The month of `2026-09` or `2026-09-15` as `September 2026`; anything else as it stands."""
    year, _, number = value[:7].partition("-")
    try:
        first = date(int(year), int(number), 1)
    except ValueError:
        return value
    return format_date(first, "MMMM y", locale=LOCALE)


@lru_cache(maxsize=1000)
def minutes(number: int) -> str:
    """A duration as `45 Minuten`."""
    return str(counted("%(num)s Minute", "%(num)s Minuten", number)).replace(" ", NBSP)
