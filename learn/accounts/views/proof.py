"""„Sind Sie es?“: proof of who she is, asked before a way of signing in changes."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from learn.accounts import method_forms, methods, passwords
from learn.accounts.models import Person
from learn.accounts.views import changes, code, passkeys
from learn.accounts.views.blueprint import pages
from learn.accounts.views.trying import target
from learn.core import limits
from learn.core.access import actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page

METHODS = "/konto/anmeldung"


@pages.get("/konto/anmeldung/bestaetigen", access=learner)
def prove() -> ResponseReturnValue:
    if changes.is_proven():
        return redirect(target(METHODS), 303)
    return shown(200)


@pages.post("/konto/anmeldung/bestaetigen", access=learner)
def check_proof() -> ResponseReturnValue:
    person = require(methods.person(session(), actor().owner))
    counted = code.tries(person.id)
    limits.spend(*counted)
    refused = refusal(person)
    if refused:
        return shown(422, **refused)
    with writing() as db:
        limits.give_back(db, *counted)
    changes.note_proof()
    return redirect(target(METHODS), 303)


def shown(status: int, **refused: str) -> ResponseReturnValue:
    """The page with every proof she can give."""
    person = require(methods.person(session(), actor().owner))
    found = methods.methods(session(), person.id)
    return page(
        "accounts/proof.html",
        status,
        methods=found,
        email=person.email,
        weiter=target(METHODS),
        options=passkeys.to_get() if found.passkeys else "",
        refused=refused,
    )


def refusal(person: Person) -> dict[str, str]:
    """The field whose proof failed and what to do, empty when one was given."""
    if request.form.get("credential"):
        fits = passkeys.proven_person() == person.id
        return {} if fits else {"credential": _("Dieser Passkey passt nicht zu Ihrem Konto.")}
    if "code" in request.form:
        form = method_forms.Code()
        if not form.validate():
            return {"code": str(form.code.errors[0])}
        return {} if code.accepted(person, form.typed) else {"code": code.refusal(form.typed)}
    asked = method_forms.Password()
    if not asked.validate():
        return {"password": str(asked.password.errors[0])}
    fits = passwords.fits(asked.password.data or "", person.password_hash)
    return {} if fits else {"password": _("Das Passwort stimmt nicht. Geben Sie Ihr aktuelles Passwort ein.")}
