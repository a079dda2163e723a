"""`/datenschutz/verzeichnis`: the register of processing, as the tables themselves declare it."""

from flask.typing import ResponseReturnValue

from learn.core import clock, register
from learn.core.access import visitor
from learn.core.web import page
from learn.site.blueprint import pages


@pages.get("/datenschutz/verzeichnis", access=visitor)
def register_of_processing() -> ResponseReturnValue:
    return page("site/duties/verzeichnis.html", groups=register.entries(), today=clock.today())
