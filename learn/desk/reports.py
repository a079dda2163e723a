"""`/verwaltung/meldungen`: reported posts, the oldest report first; hide one, or say why it stays."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.policy import may_moderate
from learn.forum import audience, authors, quotes, reporting, texts
from learn.forum.reporting import Case
from learn.forum.views.reporting import kinds
from learn.forum.views.writing import place

QUEUE = "/verwaltung/meldungen"
ONE = f"{QUEUE}/<int(max=2147483647):post_id>"


@pages.get(QUEUE, access=may_moderate)
def report_queue() -> ResponseReturnValue:
    """Each reported post once."""
    found = reporting.waiting(session(), request.args.get("nach"))
    return page("desk/reports.html", found=found, kinds=dict(kinds()))


@pages.get(ONE, access=may_moderate)
def report_case(post_id: int) -> ResponseReturnValue:
    """The post, and what was said of it; not by whom."""
    return case_page(require(reporting.case(session(), post_id)))


@pages.post(f"{ONE}/ausblenden", access=may_moderate)
def hide_reported(post_id: int) -> ResponseReturnValue:
    """Hide it: all its reports are decided."""
    return decide(post_id, hide=True)


@pages.post(f"{ONE}/bleibt", access=may_moderate)
def keep_reported(post_id: int) -> ResponseReturnValue:
    """Let it stay, with an answer to who reported it."""
    return decide(post_id, hide=False)


def decide(post_id: int, *, hide: bool) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    found = reporting.case(session(), post_id)
    if found is None:
        raise Refused(reporting.DECIDED, status=409)
    try:
        with writing() as db:
            reporting.decide(db, audience.reader(db, actor()), post_id, hide=hide, reason=reason)
    except Refused as refused:
        return case_page(found, reason, refused, hide=hide)
    flash(_("Der Beitrag ist ausgeblendet.") if hide else _("Der Beitrag bleibt sichtbar."), "success")
    return to(".report_queue")


def case_page(
    found: Case, reason: str = "", refused: Refused | None = None, *, hide: bool = True
) -> ResponseReturnValue:
    who = audience.reader(session(), actor())
    quoted = quotes.sources(session(), who, [found.post])
    return page(
        "desk/report.html",
        refused.status if refused else 200,
        case=found,
        here=place(found.question, found.post.number),
        byline=authors.bylines(session(), who, [found.post])[found.post.id],
        parts=texts.shown(found.post.parts, quoted, prefix="gemeldet", place="gemeldet"),
        kinds=dict(kinds()),
        reason=reason,
        fault=refused.message if refused else "",
        hide=hide,
    )
