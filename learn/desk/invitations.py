"""`/verwaltung/einladungen`: invite a person by mail or a Kommune by link; what is still open."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import belonging, joining
from learn.accounts.views.changes import config
from learn.accounts.views.joining import show_fault
from learn.core import audit, clock, sessions
from learn.core.access import Refused, actor
from learn.core.audit_words import ROLES
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.invitation_forms import InvitePerson, InviteTown
from learn.desk.policy import may_decide
from learn.network.models import Municipality
from learn.network.topics import names

LIST = "/verwaltung/einladungen"
LINK, MINUTES = "einladung", 10  # the link of a Kommune is shown once, soon after


@pages.get(LIST, access=may_decide)
def invitations() -> ResponseReturnValue:
    found = joining.open_invitations(session(), request.args.get("nach"))
    link = sessions.note(LINK, MINUTES)
    sessions.drop_note(LINK)
    return page("desk/invitations.html", found=found, link=link, roles=ROLES, local=clock.local)


@pages.get(f"{LIST}/person", access=may_decide)
def ask_person() -> ResponseReturnValue:
    chosen = request.args.get("kommune", "")
    return person_page(InvitePerson(formdata=None, municipality=chosen), chosen=chosen)


@pages.post(f"{LIST}/person", access=may_decide)
def invite_person() -> ResponseReturnValue:
    form, town = InvitePerson(), None
    if not form.validate() or ((town := town_of(form)) is None and form.municipality.data):
        return person_page(form, 422, chosen=town.ags if town else "")
    try:
        with writing() as db:
            joining.invite(
                db,
                config(),
                by=audit.person(actor().owner),
                email=form.email.data,
                name=form.name.data or "",
                municipality=town.ags if town else None,
                roles=form.roles.data or (),
                topics=form.topics.data or (),
            )
    except Refused as refused:
        show_fault(form, refused)
        return person_page(form, 422, chosen=town.ags if town else "")
    flash(_("Die Einladung an %(email)s ist unterwegs.", email=form.email.data), "success")
    return to(".invitations")


@pages.get(f"{LIST}/kommune", access=may_decide)
def ask_town() -> ResponseReturnValue:
    chosen = request.args.get("kommune", "")
    return town_page(InviteTown(formdata=None, municipality=chosen), chosen=chosen)


@pages.post(f"{LIST}/kommune", access=may_decide)
def invite_town() -> ResponseReturnValue:
    form, town = InviteTown(), None
    if not form.validate() or (town := town_of(form)) is None:
        return town_page(form, 422)
    with writing() as db:
        by = audit.person(actor().owner)
        link = joining.invite(db, config(), by=by, email=None, municipality=town.ags)
    sessions.keep_note(LINK, [town.name, link])
    return to(".invitations")


@pages.post(f"{LIST}/<int(max=2147483647):einladung>/zurueckziehen", access=may_decide)
def withdraw_invitation(einladung: int) -> ResponseReturnValue:
    with writing() as db:
        joining.withdraw_invitation(db, einladung, by=audit.person(actor().owner))
    flash(_("Die Einladung ist zurückgezogen. Ihr Link gilt nicht mehr."), "success")
    return to(".invitations")


def town_of(form: InvitePerson | InviteTown) -> Municipality | None:
    """The town that was chosen; a fault stands at the field."""
    town = belonging.meant(session(), form.municipality.data or "")
    if town is None and form.municipality.data:
        form.municipality.errors = [_("Wählen Sie eine Kommune aus der Liste.")]
    return town


def person_page(form: InvitePerson, status: int = 200, *, chosen: str) -> ResponseReturnValue:
    return form_page("desk/invite_person.html", form, status, chosen, topics=names())


def town_page(form: InviteTown, status: int = 200, *, chosen: str = "") -> ResponseReturnValue:
    return form_page("desk/invite_town.html", form, status, chosen)


def form_page(
    template: str, form: InvitePerson | InviteTown, status: int, chosen: str, **values: Any
) -> ResponseReturnValue:
    asked = request.args.get("ort", "")[:200]
    choice = belonging.choice(session(), asked=asked, chosen=chosen)
    return page(template, status, form=form, choice=choice, asked=asked, **values)
