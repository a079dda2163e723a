"""`/verwaltung/personen/<id>/rollen` and `…/kommune`: who belongs where, with what duties."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import account, belonging, staff
from learn.accounts.account import Account
from learn.accounts.views.entering import renew
from learn.accounts.views.joining import show_fault
from learn.core import audit
from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.person_actions import PERSON
from learn.desk.person_forms import OF_DUTIES, OF_TOWNS, DutiesForm, TownForm, options
from learn.desk.policy import may_decide
from learn.network.policy import may_have_experts
from learn.network.topics import names

ROLES = f"{PERSON}/rollen"
TOWN = f"{PERSON}/kommune"


@pages.get(ROLES, access=may_decide)
def roles(person_id: int) -> ResponseReturnValue:
    found = changeable(person_id)
    held = found.duties
    cohorts = [str(number) for number in held.cohorts]
    form = DutiesForm(formdata=None, roles=list(held.roles), topics=list(held.topics), cohorts=cohorts)
    return roles_page(found, form)


@pages.post(ROLES, access=may_decide)
def change_roles(person_id: int) -> ResponseReturnValue:
    found, form = changeable(person_id), DutiesForm()
    if not form.validate():
        return roles_page(found, form, 422)
    by = audit.person(actor().owner)
    try:
        with writing() as db:
            changed = staff.set_duties(db, person_id, form.duties(), by=by, reason=form.reason.data or "")
    except Refused as refused:
        show_fault(form, refused)
        return roles_page(found, form, 422)
    if changed and found.id == actor().person_id:
        renew()
    words = _("Die Rollen sind geändert, alle Sitzungen der Person sind beendet.")
    flash(words if changed else _("Es ist alles wie zuvor."), "success" if changed else "info")
    return to(".person", person_id=person_id)


def roles_page(found: Account, form: DutiesForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "desk/person_roles.html",
        status,
        account=found,
        form=form,
        reasons=options(OF_DUTIES),
        topics=names(),
        cohorts=account.cohorts(session()),
        pioneer="expert" in found.duties.roles or (found.town is not None and may_have_experts(found.town)),
        own=found.id == actor().person_id,
    )


@pages.get(TOWN, access=may_decide)
def person_town(person_id: int) -> ResponseReturnValue:
    chosen = request.args.get("kommune", "")
    return town_page(others(person_id), TownForm(formdata=None, municipality=chosen), chosen=chosen)


@pages.post(TOWN, access=may_decide)
def change_person_town(person_id: int) -> ResponseReturnValue:
    found, form = others(person_id), TownForm()
    town = belonging.meant(session(), form.municipality.data or "")
    if not form.validate() or town is None:
        if town is None and not form.municipality.errors:
            form.municipality.errors = [_("Wählen Sie eine Kommune aus der Liste.")]
        return town_page(found, form, 422, chosen=town.ags if town else "")
    by = audit.person(actor().owner)
    try:
        with writing() as db:
            staff.set_town(db, person_id, town, by=by, reason=form.reason.data or "")
    except Refused as refused:
        show_fault(form, refused)
        return town_page(found, form, 422, chosen=town.ags)
    flash(_("Die Person gehört jetzt zu %(town)s.", town=town.name), "success")
    return to(".person", person_id=person_id)


def town_page(found: Account, form: TownForm, status: int = 200, *, chosen: str) -> ResponseReturnValue:
    asked = request.args.get("ort", "")[:200]
    choice = belonging.choice(session(), asked=asked, chosen=chosen)
    return page(
        "desk/person_town.html",
        status,
        account=found,
        form=form,
        reasons=options(OF_TOWNS),
        choice=choice,
        asked=asked,
    )


def changeable(person_id: int) -> Account:
    """The account, unless its owner has closed it. Raises NotFound or Forbidden."""
    found = require(account.account(session(), person_id))
    return require(found, allowed=found.erase_on is None)


def others(person_id: int) -> Account:
    """The same for an open account that is not one's own: that moves under /konto."""
    found = changeable(person_id)
    return require(found, allowed=found.id != actor().person_id and found.state != "gesperrt")
