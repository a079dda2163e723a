"""Signing in with the service of one's town: out by a plain link, back with a state that counts once.

A form whose answer leads to another host is stopped by our own policy (`form-action 'self'`), so the way
out is a link. The way back is the one GET that may write.
"""

import hmac
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue

from learn.accounts import arriving, oidc, providers
from learn.accounts.arriving import NotAdmitted
from learn.accounts.mail import safety
from learn.accounts.models import Provider
from learn.accounts.oidc import Failed, Return
from learn.accounts.providers import Offer
from learn.accounts.views import changes
from learn.accounts.views.blueprint import pages
from learn.accounts.views.entering import enter
from learn.accounts.views.trying import BY_SOURCE, target
from learn.core import clock, limits, logs, once, sessions
from learn.core.access import actor, require, visitor
from learn.core.db import end_reading, session, writing
from learn.core.i18n import gettext as _
from learn.core.web import HOME, page, safe_path, to

ID = "<int(max=2147483647):provider_id>"
AT_ONE_GLANCE = 6  # more than these are looked for on a page of their own
DEPARTED = "provider"
LINKING = "link"
MINUTES = 10
LONGEST_TARGET = 500  # the cookie holds it on the way
METHODS = "/konto/anmeldung"


@pages.context_processor
def for_templates() -> dict[str, Any]:
    """What the partials of this module ask for, on whatever page of accounts they stand."""
    return {"service_offers": service_offers, "own_services": own_services, "of_town": of_town}


def service_offers() -> tuple[list[Offer], bool]:
    """What the sign-in page offers: a few services, or none and that there are many."""
    found = providers.offers(session(), AT_ONE_GLANCE + 1)
    return ([], True) if len(found) > AT_ONE_GLANCE else (found, False)


def own_services() -> list[Offer]:
    """The services of one's own town."""
    return providers.offers_to(session(), actor().owner, actor().municipality_id)


def of_town(name: str, kind: str) -> str:
    """A town in the genitive: „der Stadt Olpe“, „der Gemeinde Wenden“, „von Musterdorf“."""
    if kind == "Stadt":
        return _("der Stadt %(name)s", name=name)
    return _("der Gemeinde %(name)s", name=name) if kind == "Gemeinde" else _("von %(name)s", name=name)


@pages.get("/anmelden/kommune", access=visitor)
def service_of_town() -> ResponseReturnValue:
    """The towns with a service of their own, or the services of one of them."""
    ags, text = request.args.get("ags", ""), request.args.get("q", "")
    offers = providers.offers_of_town(session(), ags) if ags else []
    found = providers.towns(session(), text, request.args.get("nach"))
    return page("accounts/services.html", offers=offers, ags=ags, q=text, found=found, weiter=target())


@pages.get(f"/anmelden/dienst/{ID}", access=visitor)
def go_to_provider(provider_id: int) -> ResponseReturnValue:
    found = require(providers.provider(session(), provider_id))
    offer = require(providers.offer(session(), provider_id))
    linking = sessions.note(LINKING, MINUTES) == [provider_id, actor().session_id]
    if actor().signed_in and not linking:
        return redirect(target(), 303)
    end_reading()  # the provider may take its time
    try:
        departure = oidc.begin(providers.client(changes.config(), found))
    except Failed as problem:
        return failed(offer, problem.reason, target())
    kept = {name: value for name, value in asdict(departure).items() if name != "address"}
    weiter = target() if len(target()) <= LONGEST_TARGET else HOME
    session_id = actor().session_id if linking else None
    sessions.drop_note(LINKING)
    sessions.keep_note(DEPARTED, {**kept, "provider": provider_id, "weiter": weiter, "session": session_id})
    return redirect(departure.address, 303)


@pages.get(f"/anmelden/zurueck/{ID}", access=visitor)
def come_back(provider_id: int) -> ResponseReturnValue:
    departed = valid_departure(provider_id)
    if departed is None or not counts_once(departed["state"]):
        logs.event("provider state refused", provider=provider_id)
        return page("accounts/service_refused.html", 400, why="state", town="")
    sessions.drop_note(DEPARTED)
    limits.spend((BY_SOURCE, limits.source()))
    found = require(providers.provider(session(), provider_id))
    offer = require(providers.offer(session(), provider_id))
    try:
        claims = claims_of(found, departed)
        person_id = settle(provider_id, claims, linking=departed["session"] is not None)
    except Failed as problem:
        return failed(offer, problem.reason, departed["weiter"])
    except NotAdmitted as problem:
        logs.event("provider refused", provider=provider_id, why=problem.why)
        town = of_town(offer.town, offer.kind)
        return page("accounts/service_refused.html", 403, why=problem.why, town=town)
    return arrived(offer, person_id, departed)


def valid_departure(provider_id: int) -> dict[str, Any] | None:
    """What this browser left with for this provider in the last ten minutes, if it brings its state back."""
    departed = sessions.note(DEPARTED, MINUTES)
    if request.method != "GET" or not departed or departed["provider"] != provider_id:
        return None
    same = hmac.compare_digest(departed["state"].encode(), request.args.get("state", "").encode())
    return departed if same and departed["session"] in {None, actor().session_id} else None


def counts_once(state: str) -> bool:
    """Use a valid state up; from here on this GET may write. False if it was used before."""
    g.may_write = True
    with writing() as db:
        return once.spend(db, f"provider {state}", clock.now() + timedelta(minutes=MINUTES))


def claims_of(found: Provider, departed: dict[str, Any]) -> oidc.Claims:
    """What the provider says of who came back. Raises Failed."""
    if request.args.get("error"):
        raise Failed("denied" if request.args["error"] == "access_denied" else "code")
    came = Return(
        code=request.args.get("code", ""),
        issuer=request.args.get("iss", ""),
        nonce=departed["nonce"],
        verifier=departed["verifier"],
    )
    end_reading()
    return oidc.finish(providers.client(changes.config(), found), came, providers.wanted_claims(found))


def settle(provider_id: int, claims: oidc.Claims, *, linking: bool) -> int:
    """Who she is, or the new link, in one transaction; the provider as it stands now. Raises NotAdmitted."""
    with writing() as db:
        found = require(providers.provider(db, provider_id))
        if not providers.is_open(found):
            raise NotAdmitted("person")
        if not linking:
            return arriving.arrive(db, found, claims).id
        person = arriving.link(db, found, claims, actor().owner)
        safety.tell(db, changes.config(), person, "service on", device=changes.device())
        return person.id


def arrived(offer: Offer, person_id: int, departed: dict[str, Any]) -> ResponseReturnValue:
    """She is in, or her account is linked; the try does not count."""
    linking = departed["session"] is not None
    if not linking and not enter(person_id):
        return page("accounts/service_refused.html", 403, why="person", town=of_town(offer.town, offer.kind))
    with writing() as db:
        limits.give_back(db, (BY_SOURCE, limits.source()))
    if linking:
        flash(
            _("Ihr Konto ist mit der Anmeldung %(town)s verknüpft.", town=of_town(offer.town, offer.kind)),
            "success",
        )
        return redirect(METHODS, 303)
    logs.event("signed in")
    return redirect(safe_path(departed["weiter"]) or HOME, 303)


def failed(offer: Offer, reason: str, weiter: str) -> ResponseReturnValue:
    """One sentence on the page where another way to sign in stands; the log says why."""
    logs.event("provider failed", provider=offer.id, reason=reason)
    town = of_town(offer.town, offer.kind)
    if reason == "denied":
        flash(_("Sie haben die Anmeldung beim Dienst %(town)s abgebrochen.", town=town), "info")
    elif actor().signed_in:
        flash(_("Der Anmeldedienst %(town)s antwortet nicht. Versuchen Sie es später.", town=town), "danger")
    else:
        flash(
            _(
                "Der Anmeldedienst %(town)s antwortet nicht."
                " Melden Sie sich mit Passwort an oder versuchen Sie es später.",
                town=town,
            ),
            "danger",
        )
    return redirect(METHODS, 303) if actor().signed_in else to(".sign_in", weiter=weiter)
