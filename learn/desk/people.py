"""`/verwaltung/personen`: who has an account, found by words and filters; one account."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from learn.accounts import account, belonging, directory
from learn.accounts.account import Account
from learn.accounts.directory import Found, Wanted
from learn.core.access import actor, require
from learn.core.audit_words import ROLES
from learn.core.db import session
from learn.core.web import page
from learn.desk import person_actions
from learn.desk.blueprint import pages
from learn.desk.person_actions import PERSON
from learn.desk.policy import may_decide, may_help
from learn.network.topics import topic_name

NOBODY = Found((), "")


@pages.get("/verwaltung/personen", access=may_help)
def people() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "")[:200] for name in ("q", "kommune", "rolle", "zustand")}
    town = belonging.meant(session(), asked["kommune"])
    wanted = Wanted(
        query=asked["q"],
        municipality_id=town.id if town else None,
        role=asked["rolle"] if asked["rolle"] in ROLES else "",
        state=asked["zustand"] if asked["zustand"] in directory.STATES else "",
    )
    unknown = bool(asked["kommune"].strip()) and town is None
    found = NOBODY if unknown else directory.people(session(), wanted, request.args.get("nach"))
    return page(
        "desk/people.html",
        found=found,
        asked=asked,
        choice=belonging.choice(session(), asked=asked["kommune"], chosen=town.ags if town else ""),
        unknown=unknown,
        roles=ROLES,
        more=address(asked, nach=found.after) if found.after else "",
    )


def address(asked: dict[str, str], **values: Any) -> str:
    """The list with these filters."""
    filters: dict[str, Any] = {name: text for name, text in asked.items() if text}
    return url_for(".people", **filters, **values)


@pages.get(PERSON, access=may_help)
def person(person_id: int) -> ResponseReturnValue:
    found = require(account.account(session(), person_id))
    return page(
        "desk/person.html",
        account=found,
        actions=person_actions.possible(found),
        decides=may_decide(actor()) and found.erase_on is None,
        own=is_own(found),
        roles=ROLES,
        topic_name=topic_name,
    )


def is_own(found: Account) -> bool:
    """Whether it is the account of whoever is looking."""
    return found.id == actor().person_id
