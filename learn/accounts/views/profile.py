"""`/konto`: what a person says of herself, her address, and what waits for the Koordination."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import addresses, forms_joining, methods, moving, queries, requests, service
from learn.accounts.models import Person
from learn.accounts.views import changes, joining
from learn.accounts.views.blueprint import pages
from learn.core import limits
from learn.core.access import Refused, actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page, to
from learn.network import queries as network
from learn.network.topics import topic_name

NEW_ADDRESSES = Limit("new-address", tries=5, seconds=3600)
STAFF = frozenset({"coordinator", "operator"})
ADAPTING = frozenset({"coordinator", "expert"})  # who may fill in courses for her Kommune


@pages.get("/konto", access=learner)
def profile() -> ResponseReturnValue:
    person = own()
    return shown(person, forms_joining.Profile(formdata=None, obj=person))


@pages.post("/konto", access=learner)
def save_profile() -> ResponseReturnValue:
    form = forms_joining.Profile()
    if not form.validate():
        return shown(own(), form, 422)
    with writing() as db:
        service.describe(
            db,
            moving.own(db, actor().owner),
            name=joining.text(form.name),
            office=joining.text(form.office),
            listed=form.listed.data,
            name_public=form.name_public.data,
        )
    flash(_("Ihr Profil ist gespeichert."), "success")
    return to(".profile")


def own() -> Person:
    """Who is signed in."""
    return require(methods.person(session(), actor().owner))


def shown(person: Person, form: forms_joining.Profile, status: int = 200) -> ResponseReturnValue:
    return page(
        "accounts/profile.html",
        status,
        form=form,
        email=person.email,
        asked=requests.of_person(session(), person.id),
        topics=[topic_name(slug) for slug in queries.topics(session(), person.id)],
        staff=bool(STAFF & actor().roles),
        town=network.town_by_id(session(), person.municipality_id),
        adapts=bool(ADAPTING & actor().roles),
    )


@pages.get("/konto/adresse", access=learner)
@changes.proven
def address() -> ResponseReturnValue:
    return address_page(forms_joining.NewAddress(formdata=None))


@pages.post("/konto/adresse", access=learner)
@changes.proven
def ask_address() -> ResponseReturnValue:
    form, owner = forms_joining.NewAddress(), actor().owner
    limits.spend((NEW_ADDRESSES, str(owner)))
    if not form.validate():
        return address_page(form, 422)
    try:
        with writing() as db:
            addresses.ask(db, joining.config(), owner, joining.text(form.email))
    except Refused as refused:
        joining.show_fault(form, refused)
        return address_page(form, 422)
    flash(_("Sehen Sie im neuen Postfach nach: Dort liegt ein Link zum Bestätigen."), "success")
    return to(".profile")


def address_page(form: forms_joining.NewAddress, status: int = 200) -> ResponseReturnValue:
    return page("accounts/address.html", status, form=form, email=own().email)


@pages.get("/adresse/<token>", access=learner)
def address_link(token: str) -> ResponseReturnValue:
    ticket = addresses.own_ticket(session(), token, actor().owner)
    if ticket is None:
        return gone(addresses.GONE)
    return page("accounts/confirm_address.html", token=token, email=own().email, new=ticket.data["email"])


@pages.post("/adresse/<token>", access=learner)
def confirm_address(token: str) -> ResponseReturnValue:
    owner = actor().owner
    try:
        with writing() as db:
            at_once = addresses.confirm(db, joining.config(), token, owner)
    except Refused as refused:
        return gone(refused.message)
    if at_once:
        return joining.stay(owner, _("Ihre neue Adresse gilt. Alle anderen Geräte sind abgemeldet."))
    flash(_("Die Koordination entscheidet. Bis dahin gilt Ihre bisherige Adresse."), "success")
    return to(".profile")


def gone(sentence: str) -> ResponseReturnValue:
    return joining.gone(sentence, "/konto/adresse", _("Adresse ändern"))


@pages.post("/konto/anfrage-zuruecknehmen", access=learner)
def take_back_request() -> ResponseReturnValue:
    """Nobody need decide any more; done twice it says the same."""
    kind = request.form.get("kind", "")
    with writing() as db:
        requests.take_back(db, kind, person_id=actor().owner)
    flash(_("Die Anfrage ist zurückgenommen."), "success")
    return to(".profile")
