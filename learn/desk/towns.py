"""`/verwaltung/kommunen`: the list of towns, and what the Koordination changes of one."""

from flask import Response, flash, request
from flask.typing import ResponseReturnValue

from learn.core import audit
from learn.core.access import Refused, actor, coordinator, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk import town_forms
from learn.desk.blueprint import pages
from learn.network import cohorts, export, listing, policy, service, topics
from learn.network import queries as network
from learn.network.models import Municipality
from learn.site import districts
from learn.site.towns import Filter, options, role_name, words

LIST = "/verwaltung/kommunen"
ONE = f"{LIST}/<ags>"


@pages.get(LIST, access=coordinator)
def town_list() -> ResponseReturnValue:
    """List towns as the public list does, 25 at a time."""
    filter_ = Filter.of(request.args)
    found = listing.towns(session(), filter_.wanted, filter_.after or None)
    return page(
        "desk/towns.html",
        filter=filter_,
        districts=districts.options(filter_.district),
        options=options(),
        towns=found.rows,
        role_name=role_name,
        found=words(filter_, len(found.rows), bool(found.after)),
        more=filter_.next_href(LIST, found.after),
    )


@pages.get(f"{LIST}.csv", access=coordinator)
def town_table() -> ResponseReturnValue:
    """All towns as the file that the import takes."""
    headers = {"Content-Disposition": "attachment; filename=kommunen.csv"}
    return Response(export.table(session()), mimetype="text/csv", headers=headers)


@pages.get(ONE, access=coordinator)
def town(ags: str) -> ResponseReturnValue:
    return shown(require(network.town(session(), ags)))


@pages.post(ONE, access=coordinator)
def change_town(ags: str) -> ResponseReturnValue:
    """Store what the town's page says of it."""
    form = town_forms.Details()
    if not form.validate():
        return shown(require(network.town(session(), ags)), details=form, status=422)
    with writing() as db:
        found = require(network.town(db, ags))
        changed = service.change_town(db, found, form.values(), form.topic.data or [], by=me())
    flash(_("Die Angaben sind gespeichert.") if changed else _("Es hat sich nichts geändert."), "success")
    return to(".town", ags=ags)


@pages.post(f"{ONE}/rolle", access=coordinator)
def change_town_role(ags: str) -> ResponseReturnValue:
    """Make the town gast, mitglied or pionier."""
    form = town_forms.Role()
    if not form.validate():
        return shown(require(network.town(session(), ags)), role=form, status=422)
    with writing() as db:
        found = require(network.town(db, ags))
        former = policy.may_have_experts(found)
        service.change_role(db, found, form.role.data, by=me())
        name, lost = found.name, former and not policy.may_have_experts(found)
    flash(_("%(town)s ist jetzt: %(role)s.", town=name, role=role_name(form.role.data)), "success")
    if lost:
        flash(_("Ihre Kontakte behalten die Rolle. Prüfen Sie sie unter „Personen“."), "info")
    return to(".town", ags=ags)


@pages.post(f"{ONE}/domains", access=coordinator)
def add_domain(ags: str) -> ResponseReturnValue:
    """List a mail domain for the town."""
    form = town_forms.Domain()
    if not form.validate():
        return shown(require(network.town(session(), ags)), domain=form, status=422)
    try:
        with writing() as db:
            service.add_domain(db, require(network.town(db, ags)), form.domain.data or "", by=me())
    except Refused as problem:
        form.domain.errors = [problem.message]
        return shown(require(network.town(session(), ags)), domain=form, status=422)
    flash(_("Die Domain steht jetzt in der Liste."), "success")
    return to(".town", ags=ags, anchor="domains")


@pages.get(f"{ONE}/domains/<domain>/entfernen", access=coordinator)
def ask_to_remove_domain(ags: str, domain: str) -> ResponseReturnValue:
    """Say what follows."""
    found = require(network.town(session(), ags))
    listed = domain in network.mail_domains(session(), found.id)
    return page("desk/town_domain.html", town=found, domain=require(domain if listed else None))


@pages.post(f"{ONE}/domains/<domain>/entfernen", access=coordinator)
def remove_domain(ags: str, domain: str) -> ResponseReturnValue:
    """Take a mail domain from the town."""
    with writing() as db:
        service.remove_domain(db, require(network.town(db, ags)), domain, by=me())
    flash(_("Die Domain %(domain)s ist entfernt.", domain=domain), "success")
    return to(".town", ags=ags, anchor="domains")


def shown(
    found: Municipality,
    *,
    details: town_forms.Details | None = None,
    role: town_forms.Role | None = None,
    domain: town_forms.Domain | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """A town with its forms, one of which may have faults."""
    return page(
        "desk/town.html",
        status,
        town=found,
        details=details or town_forms.filled(found, network.topics(session(), found.id)),
        role=role or town_forms.Role(formdata=None, role=found.role),
        domain=domain or town_forms.Domain(formdata=None),
        domains=network.mail_domains(session(), found.id),
        cohorts=cohorts.of_town(session(), found.id),
        role_name=role_name(found.role),
        phases=town_forms.PHASES,
        topics=topics.by_name(),
        roles=town_forms.ROLES,
    )


def me() -> str:
    """The actor in the audit log."""
    return audit.person(actor().owner)
