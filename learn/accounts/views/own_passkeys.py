"""The passkeys of one's own account: add, rename, remove."""

import json

from flask import flash
from flask.typing import ResponseReturnValue

from learn.accounts import method_forms, methods, passkeys, spelling
from learn.accounts.mail import safety
from learn.accounts.models import Passkey, Person
from learn.accounts.views import changes
from learn.accounts.views import passkeys as asking
from learn.accounts.views.blueprint import pages
from learn.accounts.views.code import secret_key
from learn.core import sessions
from learn.core.access import NotFound, Refused, actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to

ONE = "/konto/anmeldung/passkeys/<int(max=2147483647):passkey_id>"
LONGEST = 60


def owner() -> Person:
    """The person whose page this is."""
    return require(methods.person(session(), actor().owner))


def own(passkey_id: int) -> Passkey:
    """One of her own passkeys. Raises NotFound."""
    return require(passkeys.one(session(), actor().owner, passkey_id))


@pages.get("/konto/anmeldung/passkey", access=learner)
@changes.proven
def new_passkey() -> ResponseReturnValue:
    return shown(200)


@pages.post("/konto/anmeldung/passkey", access=learner)
@changes.proven
def add_passkey() -> ResponseReturnValue:
    asked, person = asking.answer(), owner()
    found = passkeys.created(asked) if asked else None
    if asked is None or found is None or not asking.spent(asked):
        return shown(422, refused=_("Der Passkey ist nicht angekommen. Versuchen Sie es noch einmal."))
    name = clean(method_forms.PasskeyName().name.data or "") or changes.device()
    try:
        with writing() as db:
            passkeys.add(db, person.id, name, found)
            safety.tell(db, changes.config(), person, "passkey on", device=changes.device())
    except Refused as problem:
        return shown(422, refused=problem.message)
    flash(_("Der Passkey „%(name)s“ ist hinzugefügt.", name=name), "success")
    return to(".sign_in_methods")


def clean(name: str) -> str:
    """A name for one's own list: the passkey exists already, so nothing is refused."""
    return "".join(sign for sign in spelling.tidy(name) if sign.isprintable())[:LONGEST]


def shown(status: int, **values: str) -> ResponseReturnValue:
    """The page that asks the browser to make a passkey."""
    person, ours = owner(), asking.party()
    options = ours and passkeys.to_create(
        ours,
        asking.challenge(),
        person,
        network=changes.config().network_name,
        secret_key=secret_key(),
        known=passkeys.own(session(), person.id),
    )
    text = json.dumps(options) if options else ""
    local = asking.local_address()
    return page(
        "accounts/new_passkey.html", status, options=text, local=local, name=changes.device(), **values
    )


@pages.get(ONE, access=learner)
def passkey(passkey_id: int) -> ResponseReturnValue:
    found = own(passkey_id)
    form = method_forms.PasskeyName(formdata=None, name=found.name)
    return page("accounts/passkey.html", passkey=found, form=form)


@pages.post(ONE, access=learner)
def rename_passkey(passkey_id: int) -> ResponseReturnValue:
    form = method_forms.PasskeyName()
    if not form.validate():
        return page("accounts/passkey.html", 422, passkey=own(passkey_id), form=form)
    with writing() as db:
        found = require(passkeys.one(db, actor().owner, passkey_id))
        found.name = clean(form.name.data or "") or found.name
    flash(_("Der Name ist gespeichert."), "success")
    return to(".sign_in_methods")


@pages.get(f"{ONE}/entfernen", access=learner)
@changes.proven
def confirm_removing_passkey(passkey_id: int) -> ResponseReturnValue:
    found = own(passkey_id)
    last = len(passkeys.own(session(), actor().owner)) == 1
    only = last and not methods.methods(session(), actor().owner).password
    return page("accounts/remove_passkey.html", passkey=found, only=only)


@pages.post(f"{ONE}/entfernen", access=learner)
@changes.proven
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    person = owner()
    with writing() as db:
        if not passkeys.remove(db, person.id, passkey_id):
            raise NotFound
        sessions.close_others(db, person.id, actor().session_id)
        safety.tell(db, changes.config(), person, "passkey off", device=changes.device())
    flash(_("Der Passkey ist entfernt. Alle anderen Geräte sind abgemeldet."), "success")
    return to(".sign_in_methods")
