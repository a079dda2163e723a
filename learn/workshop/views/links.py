"""Links that lead outside from published lessons and did not answer when they were asked last."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from learn.core.db import session
from learn.core.web import page
from learn.workshop import links, policy
from learn.workshop.views.blueprint import pages


@pages.get("/werkstatt/verweise", access=policy.author)
def outside_links() -> ResponseReturnValue:
    """One state at a time, the dead ones first."""
    state = request.args.get("ansicht", "")
    state = state if state in links.BROKEN else links.BROKEN[0]
    return page(
        "workshop/links.html",
        state=state,
        counts=links.counts(session()),
        found=links.listed(session(), state, request.args.get("nach")),
        active=current_app.extensions["learn.config"].check_links,
    )
