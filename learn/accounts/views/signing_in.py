"""Signing in and out."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from learn.accounts import forms, passwords, queries
from learn.accounts.views.blueprint import pages
from learn.accounts.views.entering import enter
from learn.core import forms as core_forms
from learn.core import limits, logs, sessions
from learn.core.access import actor, learner, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import HOME, page, safe_path

# Only refused tries add up: a whole office behind one address may sign in on a Monday morning.
BY_SOURCE = Limit("sign-in-source", tries=50, seconds=900)
BY_ADDRESS = Limit("sign-in-address", tries=10, seconds=900)


@pages.get("/anmelden", access=visitor)
def sign_in() -> ResponseReturnValue:
    if actor().signed_in:
        return redirect(target(), 303)
    form, kept = forms.SignIn(formdata=None), core_forms.holds_rescued()
    return page("accounts/sign_in.html", form=form, weiter=target(), kept=kept)


@pages.post("/anmelden", access=visitor)
def check_sign_in() -> ResponseReturnValue:
    form = forms.SignIn()
    email, password = form.email.data or "", form.password.data or ""
    limits.spend(*tries(email))
    if not form.validate():
        return page("accounts/sign_in.html", 422, form=form, weiter=target())
    if not begin_session(email, password, remember=form.remember.data):
        logs.event("sign-in refused", who=limits.keyed_name(email))
        refused = _("E-Mail-Adresse oder Passwort stimmt nicht. Prüfen Sie beides.")
        return page("accounts/sign_in.html", 422, form=form, weiter=target(), refused=refused)
    logs.event("signed in")
    return redirect(target(), 303)


def begin_session(email: str, password: str, *, remember: bool) -> bool:
    """Check the password, then open the session; hashing is over before the write begins."""
    person = queries.person(session(), email)
    stored = person.password_hash if person is not None and person.active else None
    if not passwords.fits(password, stored) or person is None or stored is None:
        return False
    fresh = passwords.hashed(password) if passwords.outdated(stored) else None
    if not enter(person.id, remember=remember, fresh_hash=fresh):
        return False
    with writing() as db:
        limits.give_back(db, *tries(email))
    return True


def tries(email: str) -> tuple[tuple[Limit, str], tuple[Limit, str]]:
    """What a try to sign in counts against."""
    return (BY_SOURCE, limits.source()), (BY_ADDRESS, queries.email_key(email))


@pages.post("/abmelden", access=learner)
def sign_out() -> ResponseReturnValue:
    session_id = actor().session_id
    assert session_id is not None
    with writing() as db:
        sessions.close_row(db, session_id)
    sessions.end()
    return redirect("/", 303)


def target() -> str:
    """Where signing in leads: a page of ours named by `weiter`, else `/lernen`."""
    return safe_path(request.values.get("weiter")) or HOME
