"""Towns and courses of a Klasse: adding, ordering, removing; its people are told of what matters to them."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import notices
from learn.accounts.views.changes import config
from learn.core.access import Refused, coordinator, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.courses import cards as shelf
from learn.desk.blueprint import pages
from learn.desk.cohorts import ONE, me
from learn.network import choices, cohorts
from learn.network import queries as network

COURSE = f"{ONE}/kurse/<course_id>"
STEPS = {"hoch": -1, "runter": 1}


@pages.post(f"{ONE}/kommunen", access=coordinator)
def add_cohort_town(cohort_id: int) -> ResponseReturnValue:
    """Bring a town in."""
    with writing() as db:
        found = require(cohorts.cohort(db, cohort_id))
        town = network.town(db, request.form.get("municipality", ""))
        if town is None:
            raise Refused(_("Wählen Sie eine Kommune aus der Liste."))
        if cohorts.join(db, found, town, by=me()):
            told = _("%(town)s ist der Klasse beigetreten.", town=town.name)
            notices.cohort_changed(db, config(), cohort_id, told)
        name = town.name
    flash(_("%(town)s gehört jetzt zur Klasse.", town=name), "success")
    return to(".cohort", cohort_id=cohort_id, anchor="kommunen")


@pages.get(f"{ONE}/kommunen/<ags>/entfernen", access=coordinator)
def ask_to_remove_cohort_town(cohort_id: int, ags: str) -> ResponseReturnValue:
    """Say what follows."""
    found = require(cohorts.cohort(session(), cohort_id))
    town = require(network.town(session(), ags))
    member = cohorts.is_member(session(), cohort_id, town.id)
    return page("desk/cohort_town.html", cohort=found, town=require(town if member else None))


@pages.post(f"{ONE}/kommunen/<ags>/entfernen", access=coordinator)
def remove_cohort_town(cohort_id: int, ags: str) -> ResponseReturnValue:
    """Take a town out."""
    with writing() as db:
        found, town = require(cohorts.cohort(db, cohort_id)), require(network.town(db, ags))
        if cohorts.leave(db, found, town, by=me()):
            told = _("%(town)s gehört nicht mehr zur Klasse.", town=town.name)
            notices.cohort_changed(db, config(), cohort_id, told)
        name = town.name
    flash(_("%(town)s gehört nicht mehr zur Klasse.", town=name), "success")
    return to(".cohort", cohort_id=cohort_id, anchor="kommunen")


@pages.post(f"{ONE}/kurse", access=coordinator)
def choose_course(cohort_id: int) -> ResponseReturnValue:
    """Choose a published course for the Klasse."""
    card = next(iter(shelf.of_ids(session(), [request.form.get("course", "")])), None)
    with writing() as db:
        found = require(cohorts.cohort(db, cohort_id))
        if card is None:
            raise Refused(_("Wählen Sie einen Kurs aus der Liste."))
        if choices.choose(db, found, card.id, by=me()):
            told = _("Neu gewählt: der Kurs „%(title)s“.", title=card.title)
            notices.cohort_changed(db, config(), cohort_id, told)
    flash(_("„%(title)s“ steht jetzt auf der Seite der Klasse.", title=card.title), "success")
    return to(".cohort", cohort_id=cohort_id, anchor="kurse")


@pages.post(f"{COURSE}/<any(hoch, runter):way>", access=coordinator)
def move_course(cohort_id: int, course_id: str, way: str) -> ResponseReturnValue:
    """Move a chosen course by one place."""
    with writing() as db:
        choices.move(db, require(cohorts.cohort(db, cohort_id)), course_id, STEPS[way], by=me())
    return to(".cohort", cohort_id=cohort_id, anchor="kurse")


@pages.post(f"{COURSE}/entfernen", access=coordinator)
def drop_course(cohort_id: int, course_id: str) -> ResponseReturnValue:
    """Take a course from the choice."""
    with writing() as db:
        choices.drop(db, require(cohorts.cohort(db, cohort_id)), course_id, by=me())
    flash(_("Der Kurs steht nicht mehr auf der Seite der Klasse."), "success")
    return to(".cohort", cohort_id=cohort_id, anchor="kurse")
