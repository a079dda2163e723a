"""Registration: one form, a mail, and a link that asks for the password again."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from learn.accounts import belonging, forms_joining, passwords, queries, registration, tickets
from learn.accounts.models import Ticket
from learn.accounts.views import joining
from learn.accounts.views.blueprint import pages
from learn.core import limits
from learn.core.access import Refused, actor, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to


@pages.get("/registrieren", access=visitor)
def register() -> ResponseReturnValue:
    if actor().signed_in:
        return to(".profile")
    form = forms_joining.Registration(formdata=None)
    return form_page(form, chosen=request.args.get("kommune", ""))


@pages.post("/registrieren", access=visitor)
def begin_registration() -> ResponseReturnValue:
    form = forms_joining.Registration()
    joining.by_source()
    town = belonging.meant(session(), joining.text(form.municipality))
    form.known = (joining.config().network_name, town.name if town else "")
    if not form.validate() or town is None:
        if not form.municipality.errors and town is None:
            form.municipality.errors = [_("Wählen Sie eine Kommune aus der Liste.")]
        return form_page(form, 422, chosen=town.ags if town else "")
    start(form, town.ags, message=joining.text(form.message))
    return to(".look_in_mailbox")


def form_page(form: forms_joining.Registration, status: int = 200, *, chosen: str) -> ResponseReturnValue:
    """The form; where there are many towns one is searched first."""
    asked = request.args.get("ort", "")[:200]
    choice = belonging.choice(session(), asked=asked, chosen=chosen)
    return page("accounts/register.html", status, form=form, choice=choice, asked=asked)


def start(form: Any, ags: str, *, message: str = "", invitation: int | None = None) -> None:
    """The same work for every address: a hash, a kept application, a job. Raises TooMany."""
    limits.spend((joining.BY_ADDRESS, queries.email_key(joining.text(form.email))))
    application = registration.Application(
        email=joining.text(form.email),
        name=joining.text(form.name),
        municipality=ags,
        message=message,
        password_hash=passwords.hashed(joining.text(form.password)),
        invitation=invitation,
    )
    with writing() as db:
        registration.begin(db, application)


@pages.get("/registrieren/postfach", access=visitor)
def look_in_mailbox() -> ResponseReturnValue:
    return page("accounts/mailbox.html")


@pages.get("/registrieren/anfrage", access=visitor)
def waiting() -> ResponseReturnValue:
    """What happens next where the Koordination decides."""
    return page("accounts/waiting.html")


@pages.get("/registrieren/<token>", access=visitor)
def registration_link(token: str) -> ResponseReturnValue:
    ticket = tickets.ticket(session(), tickets.REGISTRATION, token)
    if ticket is None:
        return gone(registration.GONE)
    return confirm_page(ticket, forms_joining.Confirmation(formdata=None))


@pages.post("/registrieren/<token>", access=visitor)
def confirm_registration(token: str) -> ResponseReturnValue:
    """Only with the password of the registration.

    Otherwise somebody could register the address of another person with a password of his own and wait for
    her to click: the account that she believes to be hers would be open to him.
    """
    joining.by_link(token)
    ticket, form = tickets.ticket(session(), tickets.REGISTRATION, token), forms_joining.Confirmation()
    if ticket is None:
        return gone(registration.GONE)
    if not form.validate() or not fits(form, ticket):
        return confirm_page(ticket, form, 422)
    try:
        with writing() as db:
            person_id = registration.complete(db, joining.config(), token, ticket)
    except Refused as refused:
        return gone(refused.message)
    if person_id is None:
        return to(".waiting")
    return joining.arrive(person_id, _("Ihr Konto ist angelegt. Sie sind angemeldet."))


def fits(form: forms_joining.Confirmation, ticket: Ticket) -> bool:
    """Whether it is the password of the registration; a fault stands at the field."""
    if passwords.fits(joining.text(form.password), ticket.data["password_hash"]):
        return True
    form.password.errors = [
        _("Das ist nicht das Passwort, das bei der Registrierung gewählt wurde. Prüfen Sie es.")
    ]
    return False


def confirm_page(ticket: Ticket, form: forms_joining.Confirmation, status: int = 200) -> ResponseReturnValue:
    town = belonging.meant(session(), ticket.data["municipality"])
    return page(
        "accounts/confirm_registration.html",
        status,
        form=form,
        email=ticket.data["email"],
        town=town.name if town else "",
    )


def gone(sentence: str) -> ResponseReturnValue:
    return joining.gone(sentence, "/registrieren", _("Konto anlegen"))
