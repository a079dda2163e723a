"""One's own Kommune: changing to another, leaving, returning; each says first what will happen."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import belonging, forms_joining, moving
from learn.accounts.views import joining
from learn.accounts.views.blueprint import pages
from learn.accounts.views.profile import own
from learn.core import limits
from learn.core.access import Refused, actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page, to

CHANGES = Limit("change-town", tries=20, seconds=86400)


@pages.get("/konto/kommune", access=learner)
def town() -> ResponseReturnValue:
    return shown(forms_joining.Town(formdata=None), chosen=request.args.get("kommune", ""))


@pages.post("/konto/kommune", access=learner)
def change_town() -> ResponseReturnValue:
    form, owner = forms_joining.Town(), actor().owner
    limits.spend((CHANGES, str(owner)))
    wanted = belonging.meant(session(), joining.text(form.municipality))
    if not form.validate() or wanted is None:
        form.municipality.errors = form.municipality.errors or [_("Wählen Sie eine Kommune aus der Liste.")]
        return shown(form, 422)
    try:
        with writing() as db:
            at_once = moving.change(db, joining.config(), owner, wanted)
    except Refused as refused:
        joining.show_fault(form, refused)
        return shown(form, 422, chosen=wanted.ags)
    if at_once:
        return joining.stay(owner, _("Sie gehören jetzt zu %(town)s.", town=wanted.name))
    flash(_("Die Koordination entscheidet über den Wechsel. Sie bekommen eine E-Mail."), "success")
    return to(".profile")


def shown(form: forms_joining.Town, status: int = 200, *, chosen: str = "") -> ResponseReturnValue:
    asked = request.args.get("ort", "")[:200]
    choice = belonging.choice(session(), asked=asked, chosen=chosen)
    bare = own().password_hash is None
    return page("accounts/town.html", status, form=form, choice=choice, asked=asked, bare=bare)


@pages.get("/konto/kommune/verlassen", access=learner)
def leaving() -> ResponseReturnValue:
    if actor().municipality_id is None:
        return to(".profile")
    return page("accounts/leave_town.html", bare=own().password_hash is None)


@pages.post("/konto/kommune/verlassen", access=learner)
def leave_town() -> ResponseReturnValue:
    owner, former = actor().owner, actor().municipality
    with writing() as db:
        moving.leave(db, owner)
    return joining.stay(owner, _("Sie gehören nicht mehr zu %(town)s.", town=former or _("einer Kommune")))
