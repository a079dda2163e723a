"""„Melden“: what is wrong with a Beitrag, to the Koordination; its author never learns who said so."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import limits
from learn.core.access import Refused, actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page
from learn.forum import audience, reporting, sending
from learn.forum.models import Post, Question
from learn.forum.views import writing as shared
from learn.forum.views.blueprint import pages
from learn.forum.views.moderating import POST

REPORTS = Limit("forum-reports", tries=10, seconds=86400)


@pages.get(f"{POST}/melden", access=learner)
def ask_to_report(post_id: int) -> ResponseReturnValue:
    """The form, or that she has sent it before."""
    post, question, known = reportable(post_id)
    return report_page(post, question, known=known)


@pages.post(f"{POST}/melden", access=learner)
def report(post_id: int) -> ResponseReturnValue:
    """Send it; refused tries count, too."""
    limits.spend(*sending.counted(actor(), REPORTS))
    post, question, _known = reportable(post_id)
    kind, text = request.form.get("kind", ""), request.form.get("text", "")
    try:
        with writing() as db:
            reporting.report(db, audience.reader(db, actor()), post, kind, text)
    except Refused as refused:
        return report_page(post, question, kind, text, refused)
    flash(_("Danke. Die Koordination prüft den Beitrag. Sie bekommen Bescheid."), "success")
    return shared.lead_to(shared.place(question, post.number))


def reportable(post_id: int) -> tuple[Post, Question, bool]:
    """A post that she may report, its question, whether she has. Raises NotFound, Forbidden, Refused."""
    who, post, question = shared.readable_post(post_id)
    known = reporting.reported(session(), who, post.id)
    if not known:
        reporting.check(session(), who, post, question)
    return post, question, known


def report_page(
    post: Post,
    question: Question,
    kind: str = "",
    text: str = "",
    refused: Refused | None = None,
    *,
    known: bool = False,
) -> ResponseReturnValue:
    return page(
        "forum/report.html",
        refused.status if refused else 200,
        post=post,
        question=question,
        here=shared.place(question, post.number),
        kinds=kinds(),
        kind=kind,
        text=text,
        faults={refused.field: refused.message} if refused else {},
        known=known,
    )


def kinds() -> list[tuple[str, str]]:
    """What a report may be about."""
    words = {
        reporting.PRIVATE: _("Personenbezogene Daten"),
        reporting.SECRET: _("Vertrauliches"),
        "rechte": _("Rechte Dritter"),
        "werbung": _("Werbung"),
        "beleidigung": _("Beleidigung"),
        "anderes": _("Anderes"),
    }
    return [(kind, words[kind]) for kind in reporting.KINDS]
