"""Joining a Klasse by its link: what it means, then one button; the whole town joins."""

from flask import current_app, flash
from flask.typing import ResponseReturnValue

from learn.accounts import notices
from learn.core import audit
from learn.core.access import Refused, actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.network import cohorts, policy
from learn.network import queries as network
from learn.site.blueprint import pages


@pages.get("/klassen/beitreten/<token>", access=learner)
def ask_to_join_cohort(token: str) -> ResponseReturnValue:
    """Say what joining means, or why this person cannot."""
    found = require(cohorts.by_link(session(), token))
    return page(
        "site/cohort_join.html",
        cohort=found,
        token=token,
        town=actor().municipality,
        may_join=policy.may_join_cohort(actor()),
        member=cohorts.is_member(session(), found.id, actor().municipality_id),
    )


@pages.post("/klassen/beitreten/<token>", access=learner)
def join_cohort(token: str) -> ResponseReturnValue:
    """Bring the reader's own town in."""
    who = actor()
    if not policy.may_join_cohort(who):
        raise Refused(_("Sie gehören zu keiner Kommune. Beitreten kann nur eine Kommune."))
    with writing() as db:
        found = require(cohorts.held_by_link(db, token))
        town = require(network.town_by_id(db, who.municipality_id))
        if cohorts.join(db, found, town, by=audit.person(who.owner)):
            told = _("%(town)s ist der Klasse beigetreten.", town=town.name)
            notices.cohort_changed(db, current_app.extensions["learn.config"], found.id, told)
            flash(_("%(town)s gehört jetzt zur Klasse.", town=town.name), "success")
        else:
            flash(_("%(town)s gehörte schon zur Klasse.", town=town.name), "info")
        cohort_id = found.id
    return to("site.cohort", cohort_id=cohort_id)
