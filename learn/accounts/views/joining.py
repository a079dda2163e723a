"""What the pages of joining share: throttles, faults at fields, links that are used up, the way in."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field

from learn.accounts.views import changes
from learn.accounts.views.entering import enter
from learn.core import limits, logs, sessions
from learn.core.access import Refused
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import HOME, page

# A Klassentreffen registers from one room; whoever floods a mailbox needs it several times.
BY_SOURCE = Limit("joining-source", tries=150, seconds=3600)
BY_ADDRESS = Limit("joining-address", tries=5, seconds=3600)
BY_LINK = Limit("joining-link", tries=10, seconds=900)


def text(field: Field) -> str:
    """What was typed, empty where nothing was."""
    return field.data or ""


def by_source() -> None:
    """Count a try of this source. Raises TooMany."""
    limits.spend((BY_SOURCE, limits.source()))


def by_link(token: str) -> None:
    """Count a try of this source, and of a link that asks for a password. Raises TooMany."""
    limits.spend((BY_SOURCE, limits.source()), (BY_LINK, sessions.hashed(token)))


def show_fault(form: FlaskForm, refused: Refused) -> None:
    """Put a refusal at the field it is about, else at the first one."""
    field = form[refused.field] if refused.field in form else next(iter(form))
    field.errors = [refused.message]


def gone(sentence: str, href: str, words: str) -> ResponseReturnValue:
    """A link that is used up, withdrawn or too old, and where to get another."""
    return page("accounts/link_gone.html", 404, sentence=sentence, href=href, words=words)


def arrive(person_id: int, words: str) -> ResponseReturnValue:
    """Sign this browser in as somebody who has just joined."""
    if not enter(person_id):
        flash(_("Melden Sie sich an."), "info")
        return redirect("/anmelden", 303)
    logs.event("signed in")
    flash(words, "success")
    return redirect(HOME, 303)


def stay(person_id: int, words: str, target: str = "/konto") -> ResponseReturnValue:
    """All sessions of a person have ended; this browser, in which she acts, gets a new one."""
    enter(person_id, remember=sessions.remembered())
    flash(words, "success")
    return redirect(target, 303)


config = changes.config
