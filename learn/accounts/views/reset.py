"""A forgotten password: the same answer for every address, then a link to choose a new one."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from learn.accounts import forms_joining, passwords, queries, resets
from learn.accounts.views import changes, joining
from learn.accounts.views.blueprint import pages
from learn.core import limits, sessions
from learn.core.access import actor, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to

GONE = "Dieser Link gilt nicht mehr. Fordern Sie einen neuen an."


@pages.get("/passwort-vergessen", access=visitor)
def forgotten() -> ResponseReturnValue:
    return page("accounts/forgotten.html", form=forms_joining.Forgotten(formdata=None))


@pages.post("/passwort-vergessen", access=visitor)
def ask_reset() -> ResponseReturnValue:
    form = forms_joining.Forgotten()
    joining.by_source()
    if not form.validate():
        return page("accounts/forgotten.html", 422, form=form)
    limits.spend((joining.BY_ADDRESS, queries.email_key(joining.text(form.email))))
    with writing() as db:
        resets.ask(db, joining.text(form.email))
    flash(_("Wenn es ein Konto gibt, ist eine E-Mail unterwegs."), "success")
    return to(".forgotten")


@pages.get("/passwort/<token>", access=visitor)
def reset_link(token: str) -> ResponseReturnValue:
    found = resets.account(session(), token)
    if found is None:
        return gone()
    return page("accounts/reset.html", form=forms_joining.Reset(formdata=None), email=found.email)


@pages.post("/passwort/<token>", access=visitor)
def set_new_password(token: str) -> ResponseReturnValue:
    joining.by_link(token)
    form, found = forms_joining.Reset(), resets.account(session(), token)
    if found is None:
        return gone()
    form.known = (joining.config().network_name, *found.known)
    if not form.validate():
        return page("accounts/reset.html", 422, form=form, email=found.email)
    password_hash = passwords.hashed(joining.text(form.password))
    with writing() as db:
        done = resets.set_password(db, joining.config(), token, password_hash, device=changes.device())
    if not done:
        return gone()
    if actor().person_id == found.person_id:
        sessions.end()
    flash(_("Ihr neues Passwort gilt. Melden Sie sich damit an."), "success")
    return redirect("/anmelden", 303)


def gone() -> ResponseReturnValue:
    return joining.gone(GONE, "/passwort-vergessen", _("Neuen Link anfordern"))
