"""German dates and durations for pages; numbers and units hold together by non-breaking spaces."""

from datetime import date

from babel.dates import format_date
from flask_babel import ngettext

NBSP = "\N{NO-BREAK SPACE}"
LOCALE = "de"


def day(value: date) -> str:
    """A day as `9. Juni 2026`."""
    return format_date(value, "d. MMMM y", locale=LOCALE).replace(". ", f".{NBSP}", 1)


def month(value: str) -> str:
    """The month of `2026-09` or `2026-09-15` as `September 2026`; anything else as it stands."""
    year, _, number = value[:7].partition("-")
    try:
        first = date(int(year), int(number), 1)
    except ValueError:
        return value
    return format_date(first, "MMMM y", locale=LOCALE)


def minutes(number: int) -> str:
    """A duration as `45 Minuten`."""
    words: str = ngettext("%(num)s Minute", "%(num)s Minuten", number)
    return words.replace(" ", NBSP)
