"""Nobody sees another's learning: all pages of every other account stay the same, byte for byte."""

import re
from datetime import UTC, datetime

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site import sensors
from tests.site.test_lesson import begin, complete, tick
from tests.workshop import sensors as workshop

NAMED = {
    "kurs": "sensoren",
    "lektion": "nutzen",
    "action": "sperren",
    "name": "massnahmen",
    "course_id": workshop.COURSE,
    "lesson_id": workshop.LESSON,
    "key": workshop.COURSE,
}
REVIEW = f"/werkstatt/kurse/{workshop.COURSE}/freigabe"
ANEW = re.compile(  # drawn for each answer
    r'(name="(?:csrf_token|key|request_id|window)" value="|nonce="|Nennen Sie dabei die Nummer <b>)[^"<]*'
)


def seen(client: FlaskClient, subject: Person) -> dict[str, tuple[int, str]]:
    """Status and text of every page that GET opens, about this person where an address takes one."""
    named = {**NAMED, "person_id": str(subject.id)}
    found = {}
    for rule in client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda part: named.get(part[1], "1"), rule.rule)
            # HTML is checked elsewhere
            with FlaskClient.open(client, path, buffered=True) as answer:
                found[path] = answer.status_code, ANEW.sub(r"\1", answer.get_data().decode("latin-1"))
    return found


@time_machine.travel(datetime(2026, 3, 4, 10, tzinfo=UTC), tick=False)
def test_learning_changes_no_byte_of_anyone_elses_pages(app: Flask, db: Session) -> None:
    sensors.publish(db)
    workshop.with_texts(db)
    workshop.copy_of(db)
    town = make_municipality(db)
    roles = ((), ("expert",), ("trainer",), ("coordinator",), ("operator",))
    others = {"visitor": app.test_client()}
    for kind in roles:
        client = others[" ".join(kind) or "colleague"] = app.test_client()
        sign_in(client, make_person(db, municipality=town, roles=kind))
    jana, person = app.test_client(), make_person(db, municipality=town)
    assert isinstance(jana, CheckingClient)
    sign_in(jana, person)
    before = {name: seen(client, person) for name, client in others.items()}
    assert before["coordinator"][f"/verwaltung/personen/{person.id}"][0] == 200
    assert person.email in before["operator"]["/verwaltung/personen"][1]
    assert "eingeschrieben" in before["trainer"][REVIEW][1]
    own = seen(jana, person)
    begin(jana)
    complete(jana, "/kurse/sensoren/messen")
    tick(jana)
    complete(jana, "/kurse/sensoren/montieren")
    version = re.search(r'name="version" value="(\d+)"', jana.get("/kurse/sensoren/nutzen").text)
    assert version
    fields = {"version": version[1], "plan": "plan", "base_revision": "", "field-1": "Nur für mich"}
    assert jana.submit("/kurse/sensoren/nutzen/fahrplan", fields).status_code == 303
    after = {name: seen(client, person) for name, client in others.items()}
    changed = [
        (name, path) for name in before for path in before[name] if before[name][path] != after[name][path]
    ]
    assert changed == []
    assert seen(jana, person) != own  # the control: what she did shows where it should
