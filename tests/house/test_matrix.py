"""Every route × role × relation, generated from the routes: who is let in, who is sent away, who gets 404.

A cell that nobody declared fails. In this version roles open nothing beyond what every learner has, and the
only relation that counts is to one's own learning, which no address can name.
"""

import ast
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from learn.accounts.models import ROLES, Person
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.house import rules
from tests.site import sensors

OPEN, OWN, STAFF = "open", "own", "staff"
ACCESS = {
    "desk.overview": STAFF,
    "accounts.check_sign_in": OPEN,
    "accounts.sign_in": OPEN,
    "accounts.sign_out": OWN,
    "courses.glossary": OPEN,
    "courses.picture": OPEN,
    "courses.term": OPEN,
    "health.healthz": OPEN,
    "health.readyz": OPEN,
    "site.accessibility": OPEN,
    "site.begin": OWN,
    "site.catalogue": OPEN,
    "site.check": OPEN,
    "site.choose_display": OPEN,
    "site.complete": OWN,
    "site.course": OPEN,
    "site.easy_language": OPEN,
    "site.finish": OWN,
    "site.hand_in": OWN,
    "site.help_page": OPEN,
    "site.imprint": OPEN,
    "site.lesson": OPEN,
    "site.overview": OWN,
    "site.plan_page": OPEN,
    "site.printed": OPEN,
    "site.privacy": OPEN,
    "site.reopen": OWN,
    "site.report_barrier": OPEN,
    "site.save_plan": OWN,
    "site.send_barrier": OPEN,
    "site.show_display": OPEN,
    "site.sign_language": OPEN,
    "site.start": OPEN,
}
VALUES = {
    "<slug:kurs>": "sensoren",
    "<slug:lektion>": "messen",
    "<slug>": "nichts",
    "<sha>": "0",
    "<ext>": "svg",
}
ACTORS = ("visitor", "disabled", "same town", "other town", "begun", *ROLES)


def cells(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and a filled address of each route."""
    found = []
    for rule in app.url_map.iter_rules():
        address = rule.rule
        for name, value in VALUES.items():
            address = address.replace(name, value)
        found += [
            (rule.endpoint, method, address) for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]
    return found


def test_every_route_is_declared_and_no_other(apps: Callable[[str], Flask]) -> None:
    endpoints = {endpoint for endpoint, _method, _address in cells(apps("sqlite"))}
    assert endpoints == set(ACCESS)


@pytest.fixture
def actors(app: Flask, db: Session) -> dict[str, CheckingClient]:
    """A browser for each kind of actor."""
    sensors.publish(db)
    town = make_municipality(db)
    people = {
        name: make_person(db, municipality=town, roles=[name] if name in ROLES else ()) for name in ACTORS
    }
    people["other town"] = make_person(db)
    found = {}
    for name in ACTORS:
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        if name != "visitor":
            sign_in(client, people[name])
        found[name] = client
    assert found["begun"].submit("/kurse/sensoren/beginnen").status_code == 303
    with app.extensions["learn.database"].current().writing() as session:
        session.execute(update(Person).where(Person.id == people["disabled"].id).values(active=False))
    return found


@pytest.mark.parametrize("name", ACTORS)
def test_the_matrix_holds(app: Flask, actors: dict[str, CheckingClient], name: str) -> None:
    """Let in or sent to `/anmelden`, cell by cell; signing out comes last, it ends the session."""
    client = actors[name]
    stranger = name in {"visitor", "disabled"}
    wrong = []
    for endpoint, method, address in sorted(cells(app), key=lambda cell: cell[0] == "accounts.sign_out"):
        answer = client.submit(address) if method == "POST" else client.get(address)
        sent_away = answer.status_code == 303 and answer.headers["Location"].startswith("/anmelden?")
        if answer.status_code == 403 or sent_away != (stranger and ACCESS[endpoint] == OWN):
            wrong.append((endpoint, method, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


def test_a_role_opens_nothing_more_than_a_learner_has(app: Flask, actors: dict[str, CheckingClient]) -> None:
    for endpoint, method, address in cells(app):
        if method == "GET":
            statuses = {actors[name].get(address).status_code for name in (*ROLES, "same town", "other town")}
            assert len(statuses) == 1, (endpoint, statuses)


LEARNING = ("learn.learning.models", "learn.learning.log")
READERS = ("learn/learning/", "learn/cli/bench.py")


def test_only_learning_itself_reads_anybodys_log() -> None:
    """security.md section 4.1; the other importer fills instances with invented people."""
    code = (module for module in rules.trees(rules.ROOT, "learn/") if not module[0].startswith(READERS))
    assert rules.modules_imported(code, *LEARNING) == []
    planted = ast.parse("from learn.learning import models\nfrom learn.learning.log import load")
    assert rules.modules_imported([("planted.py", planted)], *LEARNING) == ["planted.py:1", "planted.py:2"]
