"""The search page: everything the reader may see, by words; works without scripts, writes nothing."""

from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from learn.core import paging
from learn.core.access import actor, visitor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.core.web import page
from learn.forum import audience
from learn.forum.found import found
from learn.search import asked, finding
from learn.search.circles import FILTERS
from learn.search.finding import After
from learn.site.blueprint import pages

SEARCHES = Pace(Limit("search", tries=60, seconds=60))


@pages.get("/suche", access=visitor)
def search() -> ResponseReturnValue:
    """Show what was found."""
    query, kind = asked.clean(request.args.get("q", "")), request.args.get("art", "")
    kind = kind if kind in FILTERS else ""
    hits = finding.Hits()
    if query:
        SEARCHES.take(source())
        who = audience.reader(session(), actor())
        hits = finding.search(session(), who.circles, query, kind=kind, after=position())
    return page(
        "site/search.html",
        query=query,
        kind=kind,
        kinds=kinds(query, kind),
        results=[found(hit) for hit in hits.rows],
        cut=hits.cut,
        suggestion=(hits.suggestion, address(hits.suggestion, kind)) if hits.suggestion else None,
        more=address(query, kind, paging.write(hits.after)) if hits.after else "",
        continued=bool(request.args.get("nach")),
        everything=address(query, "") if kind else "",
        ask=ask_href(query),
    )


def source() -> str:
    """Who searches, as limits count: the person, else the address."""
    return str(actor().owner) if actor().signed_in else str(request.remote_addr)


def position() -> After | None:
    """Where the last page ended; None for a cursor that is not ours."""
    read = paging.read(request.args.get("nach"), 3)
    if read is None or not all(isinstance(value, int | float) for value in read):
        return None
    return float(read[0]), float(read[1]), int(read[2])


def address(query: str, kind: str, after: str = "") -> str:
    """The address of a search."""
    values = {"q": query, "art": kind, "nach": after}
    return f"/suche?{urlencode({name: value for name, value in values.items() if value})}"


def kinds(query: str, current: str) -> list[tuple[str, str, bool]]:
    """The filters as links: address, text, chosen."""
    named = (
        ("", _("Alles")),
        ("kurse", _("Kurse")),
        ("fragen", _("Fragen")),
        ("vokabelheft", _("Vokabelheft")),
        ("kommunen", _("Kommunen")),
    )
    return [(address(query, kind), text, kind == current) for kind, text in named]


def ask_href(query: str) -> str:
    """The way to ask in the forum, with what was searched as the beginning of a title."""
    return f"/forum/fragen/neu?{urlencode({'titel': query})}" if query else "/forum/fragen/neu"
