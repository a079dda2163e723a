"""Linking one's account to the service of one's town, and ending the link: both only after fresh proof."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from learn.accounts import arriving
from learn.accounts.mail import safety
from learn.accounts.providers import Offer
from learn.accounts.views import changes
from learn.accounts.views.blueprint import pages
from learn.accounts.views.entering import enter
from learn.accounts.views.providers import ID, LINKING, METHODS, MINUTES, own_services
from learn.core import sessions
from learn.core.access import Refused, actor, learner, require
from learn.core.db import writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to


def own(provider_id: int) -> Offer:
    """The service if it is open and her town's; to everybody else it does not exist."""
    return require(next((each for each in own_services() if each.id == provider_id), None))


@pages.post(f"/konto/anmeldung/dienst/{ID}/verknuepfen", access=learner)
@changes.proven
def begin_link(provider_id: int) -> ResponseReturnValue:
    own(provider_id)
    sessions.keep_note(LINKING, [provider_id, actor().session_id])
    return to(".link", provider_id=provider_id)


@pages.get(f"/konto/anmeldung/dienst/{ID}", access=learner)
def link(provider_id: int) -> ResponseReturnValue:
    """The plain link out: a form could not lead to the provider."""
    offer = own(provider_id)
    if offer.linked_on or sessions.note(LINKING, MINUTES) != [provider_id, actor().session_id]:
        return redirect(METHODS, 303)
    return page("accounts/link_service.html", offer=offer)


@pages.post(f"/konto/anmeldung/dienst/{ID}/loesen", access=learner)
@changes.proven
def end_link(provider_id: int) -> ResponseReturnValue:
    remember = sessions.remembered()
    try:
        with writing() as db:
            person = arriving.unlink(db, actor().owner, provider_id)
            safety.tell(db, changes.config(), person, "service off", device=changes.device())
    except Refused as problem:
        flash(problem.message, "danger")
        return redirect(METHODS, 303)
    enter(person.id, remember=remember)
    flash(_("Die Verknüpfung ist gelöst. Alle anderen Geräte sind abgemeldet."), "success")
    return redirect(METHODS, 303)
