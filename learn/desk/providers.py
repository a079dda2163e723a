"""`/verwaltung/anmeldedienste`: the sign-in services of the towns.

Whoever names a service decides who gets in: the Koordination does, the Betrieb reads.
"""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import belonging, oidc, provider_settings, providers
from learn.accounts.models import Provider
from learn.accounts.oidc import Failed
from learn.accounts.views.changes import config
from learn.core import audit, limits, logs
from learn.core.access import Refused, actor, require
from learn.core.db import end_reading, session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page, to
from learn.desk import provider_forms
from learn.desk.blueprint import pages, staff
from learn.desk.policy import may_decide
from learn.network.models import Municipality

LIST = "/verwaltung/anmeldedienste"
ONE = f"{LIST}/<int(max=2147483647):provider_id>"
CHECKS = Limit("provider-check", tries=20, seconds=600)


@pages.get(LIST, access=staff)
def provider_list() -> ResponseReturnValue:
    found = provider_settings.listed(session(), request.args.get("nach"))
    towns = provider_settings.towns_of(session(), found.rows)
    return page(
        "desk/providers.html",
        found=found,
        towns=towns,
        is_open=providers.is_open,
        may_decide=may_decide(actor()),
    )


@pages.get(f"{LIST}/neu", access=may_decide)
def new_provider() -> ResponseReturnValue:
    form = provider_forms.NewProvider(formdata=None, municipality=request.args.get("ags", ""))
    return page("desk/provider_new.html", form=form)


@pages.post(f"{LIST}/neu", access=may_decide)
def add_provider() -> ResponseReturnValue:
    form = provider_forms.NewProvider()
    form.local = providers.is_local(config())
    valid = form.validate()
    town = belonging.meant(session(), form.municipality.data or "")
    if town is None and form.municipality.data:
        form.municipality.errors = [_("Diese Kommune gibt es hier nicht. Nehmen Sie den Schlüssel (AGS).")]
    if not valid or town is None:
        return page("desk/provider_new.html", 422, form=form)
    with writing() as db:
        added = provider_settings.add(db, me(), town.id, form.name.data or "", form.issuer.data or "")
        provider_id = added.id
    flash(_("Der Dienst ist angelegt und noch ausgeschaltet."), "success")
    return to(".provider", provider_id=provider_id)


@pages.get(ONE, access=staff)
def provider(provider_id: int) -> ResponseReturnValue:
    return shown(require(providers.provider(session(), provider_id)))


@pages.post(ONE, access=may_decide)
def change_provider(provider_id: int) -> ResponseReturnValue:
    found = require(providers.provider(session(), provider_id))
    form = provider_forms.Credentials()
    form.local = providers.is_local(config())
    if not form.validate():
        return shown(found, form, 422)
    try:
        with writing() as db:
            current = require(providers.provider(db, provider_id))
            provider_settings.change(db, me(), current, form.settings(), config().secret_key)
    except Refused as problem:
        form[problem.field].errors = [problem.message]
        return shown(found, form, 422)
    flash(_("Die Angaben sind gespeichert."), "success")
    return to(".provider", provider_id=provider_id)


@pages.post(f"{ONE}/pruefen", access=may_decide)
def check_provider(provider_id: int) -> ResponseReturnValue:
    limits.spend((CHECKS, str(actor().owner)))
    found = require(providers.provider(session(), provider_id))
    end_reading()  # the provider may take its time
    try:
        description = oidc.describe(providers.client(config(), found))
    except Failed as problem:
        logs.event("provider failed", provider=provider_id, reason=problem.reason)
        return shown(found, problem=problem.reason)
    return shown(found, description=description)


@pages.get(f"{ONE}/entfernen", access=may_decide)
def confirm_removal(provider_id: int) -> ResponseReturnValue:
    found = require(providers.provider(session(), provider_id))
    return page("desk/provider_remove.html", provider=found, town=town_of(found))


@pages.post(f"{ONE}/entfernen", access=may_decide)
def remove_provider(provider_id: int) -> ResponseReturnValue:
    with writing() as db:
        provider_settings.remove(db, me(), require(providers.provider(db, provider_id)))
    flash(_("Der Dienst ist entfernt."), "success")
    return to(".provider_list")


def shown(
    found: Provider,
    form: provider_forms.Credentials | None = None,
    status: int = 200,
    *,
    description: oidc.Description | None = None,
    problem: str = "",
) -> ResponseReturnValue:
    """One provider with its form, and what a check has found."""
    return page(
        "desk/provider.html",
        status,
        provider=found,
        form=form or provider_forms.filled(found),
        town=town_of(found),
        domains=provider_settings.domains(session(), found.municipality_id),
        redirect_uri=providers.redirect_uri(config(), found.id),
        description=description,
        problem=problem,
        may_decide=may_decide(actor()),
    )


def town_of(found: Provider) -> Municipality:
    return provider_settings.towns_of(session(), [found])[found.municipality_id]


def me() -> str:
    """The actor in the audit log."""
    return audit.person(actor().owner)
