"""Klassen: those one belongs to, a Klasse's page, leaving it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import contacts, notices
from learn.accounts.contacts import Contact
from learn.core import audit
from learn.core.access import Forbidden, NotFound, actor, coordinator, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.courses import cards as shelf
from learn.network import choices, cohorts, policy
from learn.network import queries as network
from learn.network.models import Cohort, Municipality
from learn.site import asked, standing
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.town import wording
from learn.site.towns import Row

MANY = 5  # contacts of one town that are named


@dataclass(frozen=True, slots=True)
class Opened:
    """A Klasse that the reader may open; `member`: her town belongs to it."""

    cohort: Cohort
    member: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A town of a Klasse with the people who agreed to be named."""

    town: Row
    contacts: list[str]


@pages.get("/klassen", access=learner)
def own_cohorts() -> ResponseReturnValue:
    """List the reader's Klassen: her town's, those she accompanies, all for the Koordination."""
    who = actor()
    accompanied = None if coordinator(who) else contacts.accompanied(session(), who)
    found = cohorts.cohorts(
        session(),
        request.args.get("nach"),
        municipality_id=who.municipality_id,
        accompanied=accompanied,
    )
    return page(
        "site/cohorts.html",
        cohorts=found.rows,
        sizes=cohorts.sizes(session(), [each.id for each in found.rows]),
        more=f"/klassen?nach={found.after}" if found.after else "",
        may_edit=policy.may_edit_towns(who),
    )


@pages.get("/klassen/<int(max=2147483647):cohort_id>", access=learner)
def cohort(cohort_id: int) -> ResponseReturnValue:
    """Show a Klasse to its people, its trainers and the Koordination."""
    opened = openable(cohort_id)
    towns = cohorts.members(session(), cohort_id, request.args.get("nach"))
    return page(
        "site/cohort.html",
        cohort=opened.cohort,
        members=members(towns.rows),
        more=f"/klassen/{cohort_id}?nach={towns.after}" if towns.after else "",
        cards=cards(cohort_id),
        trainers=[wording(each, actor()) for each in contacts.trainers(session(), cohort_id)],
        may_leave=policy.may_leave_cohort(actor(), member=opened.member),
        may_edit=policy.may_edit_towns(actor()),
        asked=asked.of_cohort(cohort_id),
    )


@pages.get("/klassen/<int(max=2147483647):cohort_id>/verlassen", access=learner)
def ask_to_leave_cohort(cohort_id: int) -> ResponseReturnValue:
    """Say what leaving means."""
    return page("site/cohort_leave.html", cohort=leavable(cohort_id))


@pages.post("/klassen/<int(max=2147483647):cohort_id>/verlassen", access=learner)
def leave_cohort(cohort_id: int) -> ResponseReturnValue:
    """Take the reader's own town out of a Klasse."""
    found = leavable(cohort_id)
    town = require(network.town_by_id(session(), actor().municipality_id))
    with writing() as db:
        if cohorts.leave(db, found, town, by=audit.person(actor().owner)):
            told = _("%(town)s hat die Klasse verlassen.", town=town.name)
            notices.cohort_changed(db, current_app.extensions["learn.config"], cohort_id, told)
    flash(_("%(town)s gehört nicht mehr zur Klasse „%(name)s“.", town=town.name, name=found.name), "success")
    return to("site.own_cohorts")


def openable(cohort_id: int) -> Opened:
    """The Klasse, for those who may open it. Raises NotFound."""
    found = require(cohorts.cohort(session(), cohort_id))
    member = cohorts.is_member(session(), cohort_id, actor().municipality_id)
    accompanied = contacts.accompanied(session(), actor())
    if not policy.may_open_cohort(actor(), cohort_id, member=member, accompanied=accompanied):
        raise NotFound
    return Opened(found, member)


def leavable(cohort_id: int) -> Cohort:
    """The Klasse, for those who may take their town out of it. Raises NotFound or Forbidden."""
    opened = openable(cohort_id)
    if not policy.may_leave_cohort(actor(), member=opened.member):
        raise Forbidden
    return opened.cohort


def members(towns: Iterable[Municipality]) -> list[Member]:
    """Towns with their contacts: one statement for all."""
    towns = list(towns)
    named: dict[int | None, list[Contact]] = {}
    for contact in contacts.listed_in(session(), [town.id for town in towns]):
        named.setdefault(contact.municipality_id, []).append(contact)
    return [
        Member(Row.of(town), [wording(each, actor()) for each in named.get(town.id, [])[:MANY]])
        for town in towns
    ]


def cards(cohort_id: int) -> list[CourseCard]:
    """The chosen courses with the reader's own progress, which nobody else sees."""
    found = shelf.of_ids(session(), choices.chosen(session(), cohort_id))
    own = {each.release.course_id: each for each in standing.in_all(session(), actor())} if found else {}
    return [CourseCard.of(card, own.get(card.id)) for card in found]
