"""A town's page: what it is, whom to ask, solved questions, Klassen and courses; no figures about people."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask.typing import ResponseReturnValue

from learn.accounts import contacts
from learn.accounts.contacts import Contact
from learn.core.access import Actor, actor, require, visitor
from learn.core.db import session
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import cards as shelf
from learn.forum import followed
from learn.forum import policy as forum_policy
from learn.network import cohorts, policy
from learn.network import queries as network
from learn.network.laender import land
from learn.network.models import Municipality
from learn.network.topics import topic_name
from learn.site import asked
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.towns import inhabitants
from learn.workshop import policy as workshop_policy


@dataclass(frozen=True, slots=True)
class Klasse:
    """A Klasse of the town; `href` is empty for those who may not open it."""

    name: str
    href: str


@pages.get("/kommunen/<ags>", access=visitor)
def town(ags: str) -> ResponseReturnValue:
    """Show a town."""
    found = require(network.town(session(), ags))
    experts = contacts.experts(session(), found.id)
    return page(
        "site/town.html",
        town=found,
        facts=facts(found),
        part=part(found),
        mail_href=f"mailto:{quote(found.mailbox, safe='@')}",
        phase=phase_name(found.phase),
        topics=[(topic_href(slug), topic_name(slug)) for slug in network.topics(session(), found.id)],
        contacts=by_topic(experts, actor()),
        cohorts=klassen(found, actor()),
        cards=[CourseCard.of(card) for card in shelf.of_town(session(), found.name)],
        others_href=f"/kommunen?{urlencode({'kreis': found.district})}" if found.district else "",
        may_edit=policy.may_edit_towns(actor()),
        may_adapt=workshop_policy.may_adapt(actor(), found.id),
        asked=asked.of_town(found.id, found.ags),
        may_follow=forum_policy.may_write(actor()),
        follows=followed.town(session(), actor(), found.id),
    )


def topic_href(slug: str) -> str:
    """Other towns with this topic."""
    return f"/kommunen?{urlencode({'thema': slug})}"


def facts(town: Municipality) -> list[tuple[str, str]]:
    """What is known, each with its symbol; nothing is estimated."""
    known = network.population(town)
    size = inhabitants(town)
    if known and known.day:
        size = _("%(size)s, Stand %(day)s", size=size, day=day(known.day))
    place = ", ".join(part for part in (town.district, land(town.ags)) if part)
    return [("city", place), ("user", size)]


def part(town: Municipality) -> str:
    """What the town does in the network."""
    return {
        "pionier": _("Die Kommune geht voran und beantwortet Fragen zu ihren Themen."),
        "mitglied": _("Die Kommune ist Mitglied im Netzwerk und gibt Erfahrungen weiter."),
    }.get(town.role, _("Die Kommune ist Gast im Netzwerk: Sie liest mit und fragt."))


def phase_name(phase: str) -> str:
    """How far the town is with its plans; empty when it has not said."""
    names = {
        "idee": _("Idee"),
        "konzept": _("Konzept"),
        "vergabe": _("Vergabe"),
        "betrieb": _("Betrieb"),
    }
    return names.get(phase, "")


def by_topic(found: Iterable[Contact], actor: Actor) -> list[tuple[str, list[str]]]:
    """Topics by name with those who answer for them, who named none last."""
    listed: dict[str, list[str]] = {}
    for contact in found:
        for topic in contact.topics or ("",):
            listed.setdefault(topic_name(topic), []).append(wording(contact, actor))
    general = listed.pop("", None)
    named = sorted(listed.items(), key=lambda entry: entry[0].casefold())
    return [*named, (_("Allgemeine Fragen"), general)] if general else named


def wording(contact: Contact, actor: Actor) -> str:
    """Name and function as far as this reader may know them; to visitors often the function alone."""
    parts = [part for part in (contact.named(actor), contact.office) if part]
    return ", ".join(parts) or _("Kontakt")


def klassen(town: Municipality, actor: Actor) -> list[Klasse]:
    """The town's Klassen by name; a link for those who may open them."""
    found = cohorts.of_town(session(), town.id)
    if not found or not actor.signed_in:
        return [Klasse(each.name, "") for each in found]
    own = cohorts.own_ids(session(), actor.municipality_id)
    accompanied = contacts.accompanied(session(), actor)
    return [
        Klasse(
            each.name,
            f"/klassen/{each.id}"
            if policy.may_open_cohort(actor, each.id, member=each.id in own, accompanied=accompanied)
            else "",
        )
        for each in found
    ]
