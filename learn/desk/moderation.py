"""`/verwaltung/moderation`: the log of what was done to questions and posts, and the answer to objections."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from learn.core import clock
from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.policy import may_moderate
from learn.forum import acts, audience, moderating
from learn.forum.views.moderating import action_names

LOG = "/verwaltung/moderation"
ONE = f"{LOG}/<int(max=2147483647):moderation_id>"


@pages.get(LOG, access=may_moderate)
def moderation_log() -> ResponseReturnValue:
    """The latest acts first; by kind, by question, only those somebody objects to."""
    typed = {name: request.args.get(name, "").strip()[:50] for name in ("was", "frage", "widerspruch")}
    number = typed["frage"].removeprefix("#")
    known = number.isascii() and number.isdigit() and len(number) < 10
    wanted = acts.Wanted(
        action=typed["was"] if typed["was"] in acts.ACTIONS else "",
        question_id=int(number) if known else None,
        objections=typed["widerspruch"] == "offen",
    )
    fault = "" if known or not number else _("Geben Sie die Nummer der Frage an, zum Beispiel 12.")
    found = acts.log(session(), wanted, request.args.get("nach"))
    filters: dict[str, Any] = {name: text for name, text in typed.items() if text}
    return page(
        "desk/moderation.html",
        422 if fault else 200,
        entries=[] if fault else found.rows,
        typed=typed,
        fault=fault,
        names=action_names(),
        local=clock.local,
        more=url_for(".moderation_log", **filters, nach=found.after) if found.after and not fault else "",
    )


@pages.get(ONE, access=may_moderate)
def moderation_act(moderation_id: int) -> ResponseReturnValue:
    """One act with the objection to it."""
    return act_page(moderation_id)


@pages.post(f"{ONE}/bestaetigen", access=may_moderate)
def keep_act(moderation_id: int) -> ResponseReturnValue:
    """„Geprüft, bleibt“, with the answer that the author reads."""
    require(acts.one(session(), moderation_id))
    reason = request.form.get("reason", "")
    try:
        with writing() as db:
            moderating.keep(db, audience.reader(db, actor()), moderation_id, reason)
    except Refused as refused:
        return act_page(moderation_id, reason, refused)
    flash(_("Der Widerspruch ist beantwortet. Der Eingriff bleibt."), "success")
    return to(".moderation_log")


def act_page(moderation_id: int, reason: str = "", refused: Refused | None = None) -> ResponseReturnValue:
    entry = require(acts.entry(session(), moderation_id))
    return page(
        "desk/moderation_act.html",
        refused.status if refused else 200,
        entry=entry,
        reason=reason,
        fault=refused.message if refused else "",
        names=action_names(),
        local=clock.local,
    )
