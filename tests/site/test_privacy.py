"""Nobody sees another's learning: two databases that differ in it alone show the same, byte for byte."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from learn import create_app
from learn.accounts.models import Person
from learn.config import Config
from learn.core import jobs, logs
from learn.core.db import Database
from learn.courses import library
from learn.network import vocabulary
from tests.client import CheckingClient, sign_in
from tests.conftest import make_config
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
    "liste": "0",
    "lesson_id": workshop.LESSON,
    "key": workshop.COURSE,
}
REVIEW = f"/werkstatt/kurse/{workshop.COURSE}/freigabe"
FIGURES = f"/werkstatt/kurse/{workshop.COURSE}/zahlen"
DAILY = ("make_signing_key", "count_courses", "remind_learners")
ROLES = ((), ("expert",), ("trainer",), ("coordinator",), ("operator",))
ANEW = re.compile(  # drawn for each answer
    r'(name="(?:csrf_token|key|request_id|window)" value="|nonce="|Nennen Sie dabei die Nummer <b>'
    r'|"(?:kid|x|y)": "|&#34;challenge&#34;: &#34;)[^"<&]*'
)
SIGNED = re.compile(r"^[\w-]+\.([\w-]+)\.[\w-]+$")  # by a key that is drawn for each database
OWN_LINE = re.compile(r'"(?:request|ms)": [^,}]*')  # of every request
EMAIL = "jana@lindenhagen.example"


@contextmanager
def serving(config: Config) -> Iterator[Flask]:
    """The program on a database of its own."""
    library.CACHE.clear()
    vocabulary.forget()
    app = create_app(config)
    app.test_client_class = CheckingClient
    yield app
    database(app).dispose()


def database(app: Flask) -> Database:
    found: Database = app.extensions["learn.database"].current()
    return found


@pytest.fixture
def two(tmp_path: Path, blank_sqlite: Path) -> list[Config]:
    """Two empty instances."""
    found = [make_config(tmp_path / name) for name in ("a", "b")]
    for config in found:
        shutil.copy(blank_sqlite, config.instance / "learn.sqlite3")
    return found


def seen(client: FlaskClient, subject: Person) -> dict[str, tuple[int, str]]:
    """Status and text of every page that GET opens, about this person where an address takes one."""
    named = {**NAMED, "person_id": str(subject.id)}
    found = {}
    for rule in client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda part: named.get(part[1], "1"), rule.rule)
            # HTML is checked elsewhere
            with FlaskClient.open(client, path, buffered=True) as answer:
                text = answer.get_data().decode("latin-1")
                found[path] = answer.status_code, SIGNED.sub(r"\1", ANEW.sub(r"\1", text))
    return found


def settled(app: Flask) -> tuple[Person, dict[str, FlaskClient]]:
    """A published course with a working copy, one who may learn, and everybody else's browsers."""
    with database(app).writing() as session:
        sensors.publish(session)
        workshop.with_texts(session)
        workshop.copy_of(session)
        town = make_municipality(session, ags="99000001")
        person = make_person(session, municipality=town, email=EMAIL)
        others = [
            make_person(
                session, name="Kai Other", municipality=town, roles=kind, email=f"kai{number}@x.example"
            )
            for number, kind in enumerate(ROLES)
        ]
    browsers = {"visitor": app.test_client()}
    for kind, other in zip(ROLES, others, strict=True):
        client = browsers[" ".join(kind) or "colleague"] = app.test_client()
        sign_in(client, other)
    return person, browsers


def learn_everything(jana: CheckingClient) -> None:
    """All that a learner can do in the course and keep beside it."""
    begin(jana)
    complete(jana, "/kurse/sensoren/messen")
    tick(jana)
    complete(jana, "/kurse/sensoren/montieren")
    lesson = jana.get("/kurse/sensoren/nutzen").text
    version = re.search(r'name="version" value="(\d+)"', lesson)
    assert version
    plan = {"version": version[1], "plan": "plan", "base_revision": "", "field-1": "Nur für mich"}
    note = {"slug": "", "body": "Meine Notiz", "key": "k1", "edition": "1"}
    sent = [
        jana.submit("/kurse/sensoren/nutzen/fahrplan", plan),
        jana.submit("/kurse/sensoren/nutzen/merken", {"slug": "", "press": "merken"}),
        jana.submit("/kurse/sensoren/nutzen/notizen", note),
        jana.submit("/kurse/sensoren/nutzen/unklar", {"edition": "1", "press": "setzen"}),
        jana.submit("/lernen/nachweise", {"kurs": "kur_sensoren", "named": "ja"}),
        jana.submit("/konto/erinnerung", {"weekday": "2", "ways": ["mail", "kalender"]}),
    ]
    assert [answer.status_code for answer in sent] == [303] * len(sent)


def mail(config: Config, *, hers: bool) -> list[str]:
    """Letters to the learner, or those to all others."""
    letters = [path.read_text(encoding="utf-8") for path in (config.instance / "mail").glob("*.eml")]
    return sorted(letter for letter in letters if (EMAIL in letter) == hers)


def day_of(
    config: Config, capfd: pytest.CaptureFixture[str], *, learns: bool
) -> dict[str, dict[str, object]]:
    """What everybody else is shown, told and logged on a day on which one person learns, or does not."""
    with serving(config) as app:
        person, browsers = settled(app)
        jana = app.test_client()
        assert isinstance(jana, CheckingClient)
        sign_in(jana, person)
        if learns:
            learn_everything(jana)
        with database(app).writing() as session:
            for name in DAILY:
                jobs.enqueue(session, name)
        worker = jobs.Worker(jobs.Work(config, database(app)), logs.logger("json"))
        while worker.once():
            pass
        capfd.readouterr()
        found: dict[str, dict[str, object]] = {}
        for name, client in browsers.items():
            found[name] = dict(seen(client, person))
            found[name]["log"] = OWN_LINE.sub("", capfd.readouterr().err)
        found["mail"] = {"letters": mail(config, hers=False)}
        found["jana"] = {**seen(jana, person), "letters": mail(config, hers=True)}
    return found


@time_machine.travel(datetime(2026, 3, 4, 10, tzinfo=UTC), tick=False)
def test_learning_changes_no_byte_for_anybody_else(
    two: list[Config], capfd: pytest.CaptureFixture[str]
) -> None:
    without, learnt = (
        day_of(config, capfd, learns=learns) for config, learns in zip(two, (False, True), strict=True)
    )
    assert "eingeschrieben" in str(without["trainer"][REVIEW])
    assert str(without["trainer"][FIGURES]).startswith("(200")
    own = (without.pop("jana"), learnt.pop("jana"))
    changed = [
        (name, place)
        for name, places in without.items()
        for place in places
        if places[place] != learnt[name][place]
    ]
    assert changed == []
    shown = {place for place in own[0] if own[0][place] != own[1][place]}  # the control: where it should show
    assert {
        "/lernen",
        "/lernen/gemerkt",
        "/lernen/nachweise",
        "/konto/erinnerung",
        "/kurse/sensoren/nutzen",
    } <= shown
