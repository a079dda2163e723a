"""Which mails one gets, beside those that always come."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import choices
from learn.accounts.views.blueprint import pages
from learn.core.access import Actor, actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to


def words() -> dict[str, str]:
    """The rhythms as buttons."""
    return {
        choices.AT_ONCE: _("Sofort"),
        choices.DAILY: _("Einmal am Tag"),
        choices.WEEKLY: _("Einmal in der Woche"),
        choices.NEVER: _("Nie"),
    }


def concerning(who: Actor) -> list[str]:
    """The kinds of mail that this person may get."""
    return [name for name, kind in choices.KINDS.items() if not kind.roles or kind.roles & who.roles]


@pages.get("/konto/mitteilungen", access=learner)
def show_mail_choices() -> ResponseReturnValue:
    kinds = concerning(actor())
    chosen = {kind: choices.rhythm(session(), actor().owner, kind) for kind in kinds}
    options = {kind: [(name, words()[name]) for name in choices.KINDS[kind].rhythms] for kind in kinds}
    return page("accounts/notifications.html", chosen=chosen, options=options)


@pages.post("/konto/mitteilungen", access=learner)
def choose_mails() -> ResponseReturnValue:
    with writing() as db:
        for kind in concerning(actor()):
            if kind in request.form:
                choices.choose(db, actor().owner, kind, request.form[kind])
    flash(_("Ihre Wahl ist gespeichert. Sie gilt ab sofort."), "success")
    return to(".show_mail_choices")
