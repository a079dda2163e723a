"""`/datenschutz/verzeichnis`: the register of processing, as the tables themselves declare it."""

from flask.typing import ResponseReturnValue

from learn.core import clock, register
from learn.core.access import visitor
from learn.core.web import page
from learn.site.blueprint import pages

BREAKS = ("Anmelde|dienst", "Wiederherstellungs|codes")  # where long words may end a line


@pages.get("/datenschutz/verzeichnis", access=visitor)
def register_of_processing() -> ResponseReturnValue:
    groups, today = register.entries(), clock.today()
    return page("site/duties/verzeichnis.html", groups=groups, today=today, breakable=breakable)


def breakable(words: str) -> str:
    """A title that fits into a narrow column."""
    for marked in BREAKS:
        words = words.replace(marked.replace("|", ""), marked.replace("|", "\N{SOFT HYPHEN}"))
    return words
