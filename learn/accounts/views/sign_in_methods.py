"""`/konto/anmeldung`: all ways to sign in at one glance, and the password."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from learn.accounts import method_forms, methods, passwords
from learn.accounts.mail import safety
from learn.accounts.models import Person
from learn.accounts.views import changes, code, passkeys
from learn.accounts.views.blueprint import pages
from learn.accounts.views.entering import enter
from learn.core import limits, sessions
from learn.core.access import actor, learner, require, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to, way_back


@pages.get("/konto/anmeldung", access=learner)
def sign_in_methods() -> ResponseReturnValue:
    who = actor()
    devices, count = sessions.own_rows(session(), who.owner, who.session_id)
    return page(
        "accounts/sign_in_methods.html",
        methods=methods.methods(session(), who.owner),
        unsafe=methods.unsafe(session(), who),
        passkeys_here=passkeys.party() is not None,
        local=passkeys.local_address(),
        devices=devices,
        more=count - len(devices),
    )


@pages.get("/.well-known/change-password", access=visitor)
def where_to_change_password() -> ResponseReturnValue:
    """Where password managers lead people (W3C, A Well-Known URL for Changing Passwords)."""
    return to(".password")


@pages.get("/konto/anmeldung/passwort", access=learner)
def password() -> ResponseReturnValue:
    person = require(methods.person(session(), actor().owner))
    if person.password_hash is None and not changes.is_proven():
        return to(".prove", weiter=way_back())
    return shown(person, form_for(person, empty=True), 200)


@pages.post("/konto/anmeldung/passwort", access=learner)
def change_password() -> ResponseReturnValue:
    person = require(methods.person(session(), actor().owner))
    if person.password_hash is None and not changes.is_proven():
        return to(".prove", weiter=way_back())
    counted = code.tries(person.id)
    limits.spend(*counted)
    form = form_for(person)
    if not form.validate() or not acceptable(form, person):
        return shown(person, form, 422)
    remember, password_hash = sessions.remembered(), passwords.hashed(form.password_new.data or "")
    with writing() as db:
        require(methods.set_password(db, person.id, password_hash))
        safety.tell(db, changes.config(), person, "password", device=changes.device())
        limits.give_back(db, *counted)
    enter(person.id, remember=remember)
    flash(_("Ihr neues Passwort gilt. Alle anderen Geräte sind abgemeldet."), "success")
    return redirect("/konto/anmeldung", 303)


def shown(person: Person, form: method_forms.FirstPassword, status: int) -> ResponseReturnValue:
    return page("accounts/password.html", status, form=form, email=person.email, hint=passwords.HINT)


def form_for(person: Person, *, empty: bool = False) -> method_forms.FirstPassword:
    """The form; the present password is asked for where there is one."""
    kind = method_forms.NewPassword if person.password_hash else method_forms.FirstPassword
    return kind(formdata=None) if empty else kind()


def acceptable(form: method_forms.FirstPassword, person: Person) -> bool:
    """Whether the old password is right and the new one good; a fault stands at its field."""
    new = form.password_new.data or ""
    if isinstance(form, method_forms.NewPassword):
        if not passwords.fits(form.password.data or "", person.password_hash):
            form.password.errors = [_("Das Passwort stimmt nicht. Geben Sie Ihr aktuelles Passwort ein.")]
            return False
        if form.password.data == new:
            form.password_new.errors = [_("Nehmen Sie ein anderes Passwort als bisher.")]
            return False
    fault = passwords.weakness(
        new, person.name, person.email, actor().municipality, changes.config().network_name
    )
    form.password_new.errors = [fault] if fault else []
    return not fault
