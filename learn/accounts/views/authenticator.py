"""The authenticator app of one's own account: set up, recovery codes, removal."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from learn.accounts import method_forms, methods, recovery, totp
from learn.accounts.mail import safety
from learn.accounts.models import Person
from learn.accounts.views import changes
from learn.accounts.views.blueprint import pages
from learn.accounts.views.code import secret_key
from learn.core import sealing, sessions
from learn.core.access import actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to

CANDIDATE, CODES = "candidate", "codes"
SET_UP, SHOWN = 60, 10  # minutes


def candidate() -> str:
    """The secret that is being set up; sealed in the cookie, since nothing is stored before it is proven."""
    sealed = sessions.note(CANDIDATE, SET_UP)
    secret = sealing.unseal(sealed, secret_key()) if sealed else None
    if secret is None:
        secret = totp.drawn()
        sessions.keep_note(CANDIDATE, sealing.seal(secret, secret_key()))
    return secret


def owner() -> Person:
    """The person whose page this is."""
    return require(methods.person(session(), actor().owner))


@pages.get("/konto/anmeldung/app", access=learner)
@changes.proven
def set_up_app() -> ResponseReturnValue:
    if totp.is_on(session(), actor().owner):
        return to(".sign_in_methods")
    return shown(method_forms.Code(formdata=None), 200)


@pages.post("/konto/anmeldung/app", access=learner)
@changes.proven
def turn_on_app() -> ResponseReturnValue:
    form, secret, person = method_forms.Code(), candidate(), owner()
    if not form.validate():
        return shown(form, 422)
    if totp.step_of(secret, form.typed) is None or not turned_on(person, secret, form.typed):
        form.code.errors = [
            _("Der Code stimmt nicht. Prüfen Sie die Uhr des Telefons und nehmen Sie den nächsten Code.")
        ]
        return shown(form, 422)
    sessions.drop_note(CANDIDATE)
    return to(".recovery_codes")


def turned_on(person: Person, secret: str, typed: str) -> bool:
    """Keep the secret with its recovery codes; False if the code was used before or another app is there."""
    codes, hashes = drawn_codes(person.id)
    with writing() as db:
        if not totp.spend(db, person.id, secret, typed, secret_key()):
            return False
        if not totp.turn_on(db, person.id, secret, secret_key()):
            return False
        recovery.replace(db, person.id, hashes)
        safety.tell(db, changes.config(), person, "app on", device=changes.device())
    keep_codes(codes)
    flash(_("Die Authenticator-App ist eingerichtet."), "success")
    return True


def shown(form: method_forms.Code, status: int) -> ResponseReturnValue:
    secret = candidate()
    address = totp.address(secret, email=owner().email, network=changes.config().network_name)
    return page(
        "accounts/app.html",
        status,
        form=form,
        address=address,
        picture=totp.picture(address),
        secret=totp.grouped(secret),
    )


def drawn_codes(person_id: int) -> tuple[tuple[str, ...], list[str]]:
    """New recovery codes and what is kept of them; hashing takes half a second, before any write begins."""
    codes = recovery.drawn()
    return codes, [recovery.hashed(each, person_id, secret_key()) for each in codes]


def keep_codes(codes: tuple[str, ...]) -> None:
    """Carry the codes, sealed, to the page that shows them once."""
    sessions.keep_note(CODES, sealing.seal(" ".join(codes), secret_key()))


@pages.get("/konto/anmeldung/codes", access=learner)
@changes.proven
def recovery_codes() -> ResponseReturnValue:
    if not totp.is_on(session(), actor().owner):
        return to(".sign_in_methods")
    sealed = sessions.note(CODES, SHOWN)
    sessions.drop_note(CODES)
    codes = (sealing.unseal(sealed, secret_key()) or "").split() if sealed else []
    left = recovery.left(session(), actor().owner)
    return page("accounts/recovery_codes.html", codes=codes, left=left, email=owner().email)


@pages.post("/konto/anmeldung/codes", access=learner)
@changes.proven
def renew_codes() -> ResponseReturnValue:
    person = owner()
    if totp.is_on(session(), person.id):
        codes, hashes = drawn_codes(person.id)
        with writing() as db:
            recovery.replace(db, person.id, hashes)
            safety.tell(db, changes.config(), person, "codes", device=changes.device())
        keep_codes(codes)
    return to(".recovery_codes")


@pages.get("/konto/anmeldung/app/entfernen", access=learner)
@changes.proven
def confirm_removing_app() -> ResponseReturnValue:
    if not totp.is_on(session(), actor().owner):
        return to(".sign_in_methods")
    return page("accounts/remove_app.html", unsafe=bool(methods.STAFF & actor().roles))


@pages.post("/konto/anmeldung/app/entfernen", access=learner)
@changes.proven
def remove_app() -> ResponseReturnValue:
    person = owner()
    with writing() as db:
        if totp.turn_off(db, person.id):
            sessions.close_others(db, person.id, actor().session_id)
            safety.tell(db, changes.config(), person, "app off", device=changes.device())
            flash(_("Die Authenticator-App ist entfernt. Alle anderen Geräte sind abgemeldet."), "success")
    return redirect("/konto/anmeldung", 303)
