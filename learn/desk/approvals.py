"""`/verwaltung/freigaben`: courses that wait for approval, and whether a second pair of eyes is needed."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.policy import may_decide
from learn.workshop import four_eyes, review, waiting

PAGE = "/verwaltung/freigaben"


@pages.get(PAGE, access=may_decide)
def approvals() -> ResponseReturnValue:
    return page(
        "desk/approvals.html",
        courses=waiting.courses(session()),
        chosen=four_eyes.YES if four_eyes.wanted(session()) else four_eyes.NO,
        spoken=review.spoken,
    )


@pages.post(PAGE, access=may_decide)
def choose_approval() -> ResponseReturnValue:
    """Keep the network's choice; it holds at once, for what is under review, too."""
    with writing() as db:
        changed = four_eyes.choose(db, actor(), on=request.form.get("verdict") == four_eyes.YES)
    flash(_("Die Wahl ist gespeichert.") if changed else _("Es hat sich nichts geändert."), "success")
    return to(".approvals")
