"""`/verwaltung/anfragen`: who asks for an account, another Kommune or another address; yes or no."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import joining, requests, waiting
from learn.accounts.waiting import Waiting
from learn.core import audit
from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.policy import may_decide
from learn.network import queries as towns
from learn.network import service as network

LIST = "/verwaltung/anfragen"
ONE = f"{LIST}/<int(max=2147483647):anfrage>"


@pages.get(LIST, access=may_decide)
def join_requests() -> ResponseReturnValue:
    found = waiting.waiting(session(), request.args.get("nach"))
    return page("desk/requests.html", found=found, address_kind=requests.ADDRESS, move=requests.MOVE)


@pages.get(ONE, access=may_decide)
def join_request(anfrage: int) -> ResponseReturnValue:
    return shown(require(waiting.one(session(), anfrage)))


@pages.post(f"{ONE}/aufnehmen", access=may_decide)
def accept_request(anfrage: int) -> ResponseReturnValue:
    found = current(anfrage)
    by = audit.person(actor().owner)
    with writing() as db:
        joining.accept(db, anfrage, by=by)
        if "domain" in request.form and found.can_list:
            network.add_domain(db, require(towns.town(db, found.ags)), found.domain, by=by)
    words = {
        requests.ACCOUNT: _("%(name)s gehört jetzt zu %(town)s und bekommt eine E-Mail."),
        requests.MOVE: _("%(name)s gehört jetzt zu %(town)s und bekommt eine E-Mail."),
        requests.ADDRESS: _("Die neue Adresse von %(name)s gilt jetzt."),
    }
    flash(words[found.kind] % {"name": found.name, "town": found.town}, "success")
    return to(".join_requests")


@pages.post(f"{ONE}/ablehnen", access=may_decide)
def decline_request(anfrage: int) -> ResponseReturnValue:
    found, reason = current(anfrage), request.form.get("reason", "")
    if reason not in joining.REASONS:
        return shown(found, 422, _("Wählen Sie einen Grund aus der Liste."))
    with writing() as db:
        joining.decline(db, anfrage, by=audit.person(actor().owner), reason=reason)
    flash(_("Die Anfrage ist abgelehnt. %(name)s bekommt eine E-Mail.", name=found.name), "success")
    return to(".join_requests")


def current(number: int) -> Waiting:
    """The request, still open. Raises Refused when somebody has decided."""
    found = waiting.one(session(), number)
    if found is None:
        raise Refused(_("Über diese Anfrage hat schon jemand entschieden."), status=409)
    return found


def shown(found: Waiting, status: int = 200, error: str = "") -> ResponseReturnValue:
    reasons = [("", _("Grund wählen")), *joining.REASONS.items()]
    return page(
        "desk/request.html",
        status,
        request_=found,
        reasons=reasons,
        error=error,
        address_kind=requests.ADDRESS,
        move=requests.MOVE,
    )
