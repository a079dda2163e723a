"""`/verwaltung/klassen`: Klassen with name and description, and the link by which towns join."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from learn.accounts.views.changes import config
from learn.core import audit
from learn.core.access import Refused, actor, coordinator, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.courses import cards as shelf
from learn.desk.blueprint import pages
from learn.network import choices, cohorts, listing
from learn.network.listing import Wanted
from learn.network.models import Cohort, Municipality

LIST = "/verwaltung/klassen"
ONE = f"{LIST}/<int(max=2147483647):cohort_id>"
FOUND = 8  # towns or courses offered at once


class Description(FlaskForm):  # type: ignore[misc]
    """Name and description of a Klasse."""

    name = StringField(lazy_gettext("Name"))
    description = TextAreaField(
        lazy_gettext("Beschreibung"),
        description=lazy_gettext("Sehen nur die Personen der Klasse und wer den Link zum Beitreten öffnet."),
    )


@pages.get(LIST, access=coordinator)
def cohort_list() -> ResponseReturnValue:
    """List Klassen, 25 at a time."""
    found = cohorts.cohorts(session(), request.args.get("nach"), accompanied=None)
    return page(
        "desk/cohorts.html",
        cohorts=found.rows,
        sizes=cohorts.sizes(session(), [each.id for each in found.rows]),
        more=f"{LIST}?nach={found.after}" if found.after else "",
    )


@pages.get(f"{LIST}/neu", access=coordinator)
def new_cohort() -> ResponseReturnValue:
    return page("desk/cohort_new.html", form=Description(formdata=None))


@pages.post(f"{LIST}/neu", access=coordinator)
def create_cohort() -> ResponseReturnValue:
    """A new Klasse; towns, link and courses come next."""
    form = Description()
    try:
        with writing() as db:
            made = cohorts.create(db, form.name.data or "", form.description.data or "", by=me())
            cohort_id = made.id
    except Refused as problem:
        form[problem.field].errors = [problem.message]
        return page("desk/cohort_new.html", 422, form=form)
    flash(_("Die Klasse ist angelegt. Der Link zum Beitreten ist noch geschlossen."), "success")
    return to(".cohort", cohort_id=cohort_id)


@pages.get(ONE, access=coordinator)
def cohort(cohort_id: int) -> ResponseReturnValue:
    return shown(require(cohorts.cohort(session(), cohort_id)))


@pages.post(ONE, access=coordinator)
def describe_cohort(cohort_id: int) -> ResponseReturnValue:
    """Another name or description."""
    form = Description()
    try:
        with writing() as db:
            found = require(cohorts.cohort(db, cohort_id))
            cohorts.describe(db, found, form.name.data or "", form.description.data or "", by=me())
    except Refused as problem:
        form[problem.field].errors = [problem.message]
        return shown(require(cohorts.cohort(session(), cohort_id)), form, 422)
    flash(_("Name und Beschreibung sind gespeichert."), "success")
    return to(".cohort", cohort_id=cohort_id)


@pages.post(f"{ONE}/link", access=coordinator)
def open_cohort_link(cohort_id: int) -> ResponseReturnValue:
    """Draw a link; an earlier one ends."""
    with writing() as db:
        cohorts.open_link(db, require(cohorts.cohort(db, cohort_id)), by=me())
    flash(_("Der Link gilt jetzt. Geben Sie ihn nur an Kommunen, die beitreten sollen."), "success")
    return to(".cohort", cohort_id=cohort_id, anchor="link")


@pages.get(f"{ONE}/link/erneuern", access=coordinator)
def ask_to_renew_cohort_link(cohort_id: int) -> ResponseReturnValue:
    """Say that the present link ends."""
    return page("desk/cohort_link.html", cohort=require(cohorts.cohort(session(), cohort_id)), renew=True)


@pages.get(f"{ONE}/link/schliessen", access=coordinator)
def ask_to_close_cohort_link(cohort_id: int) -> ResponseReturnValue:
    """Say that nobody joins any more."""
    return page("desk/cohort_link.html", cohort=require(cohorts.cohort(session(), cohort_id)), renew=False)


@pages.post(f"{ONE}/link/schliessen", access=coordinator)
def close_cohort_link(cohort_id: int) -> ResponseReturnValue:
    """End the link; who has joined stays."""
    with writing() as db:
        cohorts.close_link(db, require(cohorts.cohort(db, cohort_id)), by=me())
    flash(_("Der Link ist geschlossen."), "success")
    return to(".cohort", cohort_id=cohort_id, anchor="link")


def shown(found: Cohort, form: Description | None = None, status: int = 200) -> ResponseReturnValue:
    """A Klasse with its towns and courses, and those that could be added."""
    towns = cohorts.members(session(), found.id, request.args.get("nach"))
    chosen = shelf.of_ids(session(), choices.chosen(session(), found.id))
    asked_town, asked_course = request.args.get("kommune", "").strip(), request.args.get("kurs", "").strip()
    return page(
        "desk/cohort.html",
        status,
        cohort=found,
        form=form or Description(formdata=None, name=found.name, description=found.description),
        link=f"{config().base_url}/klassen/beitreten/{found.link_token}" if found.link_token else "",
        towns=towns.rows,
        more=f"/verwaltung/klassen/{found.id}?nach={towns.after}" if towns.after else "",
        asked_town=asked_town[:200],
        towns_found=joinable(found, asked_town[:200]),
        chosen=chosen,
        asked_course=asked_course[:200],
        courses_found=choosable({card.id for card in chosen}, asked_course[:200]),
    )


def joinable(found: Cohort, asked: str) -> list[Municipality]:
    """Towns with this name or key that do not belong to the Klasse; none unless asked for."""
    if not asked:
        return []
    towns = listing.towns(session(), Wanted(q=asked), None).rows
    inside = cohorts.inside(session(), found.id, [town.id for town in towns])
    return [town for town in towns if town.id not in inside][:FOUND]


def choosable(chosen: set[str], asked: str) -> list[shelf.Card]:
    """Published courses that the Klasse has not chosen, the first of the catalogue unless asked for."""
    found = shelf.cards(session(), q=asked, limit=FOUND + len(chosen)).items
    return [card for card in found if card.id not in chosen][:FOUND]


def me() -> str:
    """The actor in the audit log."""
    return audit.person(actor().owner)
