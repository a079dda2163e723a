"""Nobody sees another's learning: all pages of every other account stay the same, byte for byte."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site import sensors
from tests.site.test_lesson import begin, complete, tick

PAGES = (
    "/",
    "/kurse",
    "/kurse/sensoren",
    "/kurse/sensoren/messen",
    "/kurse/sensoren/montieren",
    "/kurse/sensoren/nutzen",
    "/kurse/sensoren/nutzen/fahrplan",
    "/kurse/sensoren/druck",
    "/kurse/sensoren/abschluss",
    "/lernen",
    "/vokabelheft",
    "/datenschutz",
)
DRAWN = re.compile(r'(name="(?:csrf_token|request_id)" value=|nonce=)"[^"]*"')  # anew for each answer


def seen(client: FlaskClient) -> list[tuple[int, str]]:
    """Status and text of every page, without what is drawn anew each time."""
    answers = [client.get(path) for path in PAGES]
    return [(answer.status_code, DRAWN.sub(r"\1", answer.text)) for answer in answers]


def test_learning_changes_no_byte_of_anyone_elses_pages(app: Flask, db: Session) -> None:
    sensors.publish(db)
    town = make_municipality(db)
    roles = ((), ("expert",), ("trainer",), ("coordinator",), ("operator",))
    others = {"visitor": app.test_client()}
    for kind in roles:
        client = others[" ".join(kind) or "colleague"] = app.test_client()
        sign_in(client, make_person(db, municipality=town, roles=kind))
    jana = app.test_client()
    assert isinstance(jana, CheckingClient)
    sign_in(jana, make_person(db, municipality=town))
    before = {name: seen(client) for name, client in others.items()}
    own = seen(jana)
    begin(jana)
    complete(jana, "/kurse/sensoren/messen")
    tick(jana)
    complete(jana, "/kurse/sensoren/montieren")
    version = re.search(r'name="version" value="(\d+)"', jana.get("/kurse/sensoren/nutzen").text)
    assert version
    fields = {"version": version[1], "plan": "plan", "base_revision": "", "field-1": "Nur für mich"}
    assert jana.submit("/kurse/sensoren/nutzen/fahrplan", fields).status_code == 303
    assert {name: seen(client) for name, client in others.items()} == before
    assert seen(jana) != own  # the control: what she did shows where it should
