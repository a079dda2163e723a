"""`/verwaltung`: what there is to do, as cards."""

from flask.typing import ResponseReturnValue

from learn.core.web import page
from learn.desk.blueprint import pages, staff


@pages.get("/verwaltung", access=staff)
def overview() -> ResponseReturnValue:
    return page("desk/overview.html")
