"""The second step of signing in: a code of the authenticator app, or a recovery code."""

import hmac

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue

from learn.accounts import keyed, method_forms, methods, recovery, totp
from learn.accounts.mail import safety
from learn.accounts.models import Person
from learn.accounts.views import changes
from learn.accounts.views.blueprint import pages
from learn.accounts.views.entering import enter
from learn.accounts.views.trying import BY_PERSON, BY_SOURCE, IN_A_DAY, target
from learn.core import limits, logs, sessions
from learn.core.access import visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.limits import Limit
from learn.core.web import page, to

PENDING = "pending"
MINUTES = 10


def ask(person_id: int, password_hash: str | None, *, remember: bool) -> ResponseReturnValue:
    """Open nothing yet: note in the cookie whose password was right, and ask for the code."""
    sessions.keep_note(PENDING, [person_id, remember, fingerprint(person_id, password_hash)])
    return to("accounts.ask_code", weiter=target())


def pending() -> tuple[Person, bool] | None:
    """Who has given her password in the last ten minutes, and `remember`; not after it was changed."""
    person_id, remember, known = sessions.note(PENDING, MINUTES) or (0, False, "")
    person = methods.person(session(), person_id) if person_id else None
    if person is None or not hmac.compare_digest(known, fingerprint(person_id, person.password_hash)):
        return None
    return (person, remember) if totp.is_on(session(), person.id) else None


def fingerprint(person_id: int, password_hash: str | None) -> str:
    """Changes with the password and tells nothing about it."""
    return keyed.digest(secret_key(), "pending", f"{person_id}|{password_hash}").hex()


@pages.get("/anmelden/code", access=visitor)
def ask_code() -> ResponseReturnValue:
    if pending() is None:
        return to(".sign_in", weiter=target())
    return page("accounts/code.html", form=method_forms.Code(formdata=None), weiter=target())


@pages.post("/anmelden/code", access=visitor)
def check_code() -> ResponseReturnValue:
    found = pending()
    if found is None:
        flash(_("Melden Sie sich noch einmal an. Für den Code waren zehn Minuten Zeit."), "warning")
        return to(".sign_in", weiter=target())
    person, remember = found
    limits.spend(*tries(person.id))
    form = method_forms.Code()
    if not form.validate():
        return page("accounts/code.html", 422, form=form, weiter=target())
    if not accepted(person, form.typed) or not enter(person.id, remember=remember):
        logs.event("code refused", who=limits.keyed_name(person.email))
        return page(
            "accounts/code.html",
            422,
            form=form,
            weiter=target(),
            refused=refusal(form.typed),
            recovery=recovery.is_code(form.typed),
        )
    settle(person.id, form.typed)
    return redirect(target(), 303)


def settle(person_id: int, typed: str) -> None:
    """She is in: the try does not count; a recovery code that was used is one less."""
    with writing() as db:
        limits.give_back(db, *tries(person_id))
        left = recovery.left(db, person_id)
    logs.event("signed in")
    if not totp.is_code(typed):
        flash(
            ngettext(
                "Sie haben noch %(num)s Wiederherstellungscode.",
                "Sie haben noch %(num)s Wiederherstellungscodes.",
                left,
            ),
            "info",
        )


def accepted(person: Person, typed: str) -> bool:
    """Whether a code of the app or a recovery code is right; it is used up then."""
    if not recovery.is_code(typed):
        with writing() as db:
            return totp.accepts(db, person.id, typed, secret_key())
    code_hash = recovery.hashed(typed, person.id, secret_key())  # slow, so before the write begins
    with writing() as db:
        right = recovery.redeem(db, person.id, code_hash)
        if right:
            safety.tell(db, changes.config(), person, "code used", device=changes.device())
    return right


def refusal(typed: str) -> str:
    """What to do about a code that was not right."""
    if recovery.is_code(typed):
        return _("Dieser Wiederherstellungscode gilt nicht. Jeder gilt nur einmal.")
    return _("Der Code stimmt nicht. Nehmen Sie den Code, den die App jetzt zeigt.")


def tries(person_id: int) -> tuple[tuple[Limit, str], ...]:
    """What a try counts against."""
    return (BY_SOURCE, limits.source()), (BY_PERSON, str(person_id)), (IN_A_DAY, str(person_id))


def secret_key() -> str:
    found: str = current_app.config["SECRET_KEY"]
    return found
