"""Signing in with password or passkey, and signing out."""

from flask import redirect
from flask.typing import ResponseReturnValue

from learn.accounts import forms, methods, passwords, queries, totp
from learn.accounts.models import Person
from learn.accounts.views import code, passkeys
from learn.accounts.views.blueprint import pages
from learn.accounts.views.entering import enter
from learn.accounts.views.trying import BY_ADDRESS, BY_SOURCE, target
from learn.core import forms as core_forms
from learn.core import limits, logs, sessions
from learn.core.access import actor, learner, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page


@pages.get("/anmelden", access=visitor)
def sign_in() -> ResponseReturnValue:
    if actor().signed_in:
        return redirect(target(), 303)
    return shown(forms.SignIn(formdata=None), 200)


@pages.post("/anmelden", access=visitor)
def check_sign_in() -> ResponseReturnValue:
    form = forms.SignIn()
    email, password = form.email.data or "", form.password.data or ""
    limits.spend(*tries(email))
    if not form.validate():
        return shown(form, 422)
    person = whose(email, password)
    answer = go_on(person, password, remember=form.remember.data) if person else None
    if answer is None:
        logs.event("sign-in refused", who=limits.keyed_name(email))
        return shown(form, 422, refused=_("E-Mail-Adresse oder Passwort stimmt nicht. Prüfen Sie beides."))
    return answer


def shown(form: forms.SignIn, status: int, **values: str) -> ResponseReturnValue:
    """The page with both ways to sign in."""
    kept = core_forms.holds_rescued()
    options = passkeys.to_get()
    return page(
        "accounts/sign_in.html", status, form=form, weiter=target(), kept=kept, options=options, **values
    )


def whose(email: str, password: str) -> Person | None:
    """The person whose address and password these are; everybody else takes as long."""
    person = queries.person(session(), email)
    stored = person.password_hash if person is not None and person.active else None
    return person if passwords.fits(password, stored) and stored is not None else None


def go_on(person: Person, password: str, *, remember: bool) -> ResponseReturnValue | None:
    """The password was right: open the session, or ask for the code. None if she was disabled meanwhile."""
    outdated = passwords.outdated(person.password_hash or "")
    fresh = passwords.hashed(password) if outdated else None  # over before a write begins
    second = totp.is_on(session(), person.id)
    if not second and not enter(person.id, remember=remember, fresh_hash=fresh):
        return None
    with writing() as db:
        limits.give_back(db, *tries(person.email))
        if second and fresh:
            methods.keep_hash(db, person.id, fresh)
    if second:
        return code.ask(person.id, fresh or person.password_hash, remember=remember)
    logs.event("signed in")
    return redirect(target(), 303)


def tries(email: str) -> tuple[tuple[Limit, str], tuple[Limit, str]]:
    """What a try to sign in counts against."""
    return (BY_SOURCE, limits.source()), (BY_ADDRESS, queries.email_key(email))


@pages.post("/anmelden/passkey", access=visitor)
def sign_in_with_passkey() -> ResponseReturnValue:
    form = forms.SignIn()
    source = (BY_SOURCE, limits.source())
    limits.spend(source)
    person_id = passkeys.proven_person()
    if person_id is None or not enter(person_id, remember=form.remember.data):
        logs.event("passkey refused")
        refused = _("Der Passkey passt nicht. Versuchen Sie es noch einmal oder nehmen Sie Ihr Passwort.")
        return shown(form, 422, refused_passkey=refused)
    with writing() as db:
        limits.give_back(db, source)
    logs.event("signed in")
    return redirect(target(), 303)


@pages.post("/abmelden", access=learner)
def sign_out() -> ResponseReturnValue:
    session_id = actor().session_id
    assert session_id is not None
    with writing() as db:
        sessions.close_row(db, session_id)
    sessions.end()
    return redirect("/", 303)
