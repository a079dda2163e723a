"""Random histories of a course and its learners: whatever is shown, on whatever paper, says the same.

Short by default; `HISTORIES=200` in the environment tries so many, on both kinds of database.
"""

import base64
import json
import os
import random
import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.i18n import day
from learn.core.limits import Limit
from learn.core.owndata import REGISTRY, Owner
from learn.core.pace import Pace
from learn.core.storage import Storage
from learn.courses import queries as shelf
from learn.courses.manifest import Manifest
from learn.learning import certificates, figures, queries
from learn.learning.models import Certificate
from learn.learning.progress import Lernstand
from learn.site import certificates as certificate_pages
from tests.client import CheckingClient, sign_in
from tests.conftest import KINDS
from tests.core import pdf_text
from tests.courses.folders import Shelf
from tests.factories import make_municipality, make_person
from tests.learning import table
from tests.site.forms import form
from tests.site.test_sequences import AUTHOR, COURSE, LEARNER, Author, Stage

MANY = int(os.environ.get("HISTORIES", "0"))
STEPS = 8
OTHERS = 5
ENROLLED, COMPLETED = figures.ENROLLED, figures.COMPLETED


@pytest.fixture(params=KINDS if MANY else KINDS[:1])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def told(stage: Stage) -> tuple[Lernstand, bool]:
    """What the table of content.md says of this learner, and whether she has completed the course."""
    release = stage.release()
    own = queries.enrolled(stage.session, stage.actor, release.course_id)
    assert own
    named = shelf.releases(stage.session, {key for key in (own.started, own.finished) if key})
    finished = named[own.finished].manifest if own.finished else None
    state = table.expected(release.manifest, own.rows, named[own.started].manifest, finished)
    return state, finished is not None


def finish(stage: Stage) -> None:
    """Complete what is open of the required lessons."""
    for entry in stage.release().manifest.lessons():
        if entry.required and not stage.state().lessons[entry.id].done:
            assert stage.learner.submit(
                *form(stage.learner.get(f"{COURSE}/{entry.slug}").text, "/abschliessen")
            )


def close(words: str) -> str:
    """Without any blank, which paper and page set differently."""
    return re.sub(r"\s", "", words)


def claims(token: str) -> dict[str, object]:
    """The payload of a JWT."""
    part = token.split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def figures_agree(stages: list[Stage]) -> None:
    """A trainer's figures, before they are made coarse, count what each learner sees of herself."""
    session, tree = stages[0].session, stages[0].release().manifest
    states = [told(stage) for stage in stages]
    counted = figures.count(session, tree, {})
    assert counted[ENROLLED] == len(stages)
    assert counted[COMPLETED] == sum(completed for _state, completed in states)
    for entry in tree.lessons():
        done = sum(state.lessons[entry.id].done for state, _completed in states)
        assert counted[figures.done(entry.id)] == done, entry.id


def papers_agree(stage: Stage) -> None:
    """Finish page, Nachweis as page, PDF and badge, and the data export name one completion."""
    own = queries.enrolled(stage.session, stage.actor, stage.release().course_id)
    assert own
    completion = own.completion
    assert completion
    edition, on = completion.edition, completion.day
    tree = shelf.releases(stage.session, {completion.release_id})[completion.release_id].manifest
    minutes = sum(entry.minutes for entry in tree.lessons() if entry.required)
    end = stage.learner.get(f"{COURSE}/abschluss").text
    assert f"Abgeschlossen am {day(on)}, Ausgabe {edition}" in end
    answer = stage.learner.submit("/lernen/nachweise", {"kurs": tree.course_id, "named": "ja"})
    assert answer.status_code == 303
    stage.session.expire_all()
    held = certificates.held(stage.session, stage.actor)[0]
    check = stage.learner.get(f"/nachweise/{held.code}").text
    own_file = f"/lernen/nachweise/{held.code}"
    paper = pdf_text.text_of(stage.learner.get(f"{own_file}.pdf").data)
    badge = claims(stage.learner.get(f"{own_file}.jwt").text)
    for words in (day(on), str(edition), f"{minutes} Minuten", *(entry.title for entry in tree.lessons())):
        assert close(words) in close(check)
        assert close(words) in close(paper)
    subject = badge["credentialSubject"]
    assert isinstance(subject, dict)
    achievement = subject["achievement"]
    assert achievement["id"].endswith(f"/{tree.course_id}/{edition}")
    assert f"{minutes} Minuten" in achievement["criteria"]["narrative"]
    assert str(badge["awardedDate"]).startswith(on.isoformat())
    owner = Owner(stage.actor.owner, "", "")
    topic = REGISTRY.topics[Certificate]
    exported = [row for row in topic.read(stage.session, owner) if held.code in row]
    assert len(exported) == 1
    assert {edition, on} <= {value for value in exported[0] if not isinstance(value, dict | list)}


def print_agrees(stage: Stage) -> None:
    """The print page holds the lessons of the present release in their order, and nobody's state."""
    tree: Manifest = stage.release().manifest
    printed = stage.learner.get(f"{COURSE}/druck").text
    places = [printed.index(f'id="{entry.id}"') for entry in tree.lessons()]
    assert places == sorted(places)


@pytest.fixture(autouse=True)
def papers_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks for more papers than one history needs; that all are asked for by person 1 is chance."""
    monkeypatch.setattr(certificate_pages, "PAPERS", Pace(Limit("certificate-pdf", tries=30, seconds=600)))


@pytest.mark.parametrize("seed", range(MANY or 2))
def test_whatever_is_shown_says_the_same(
    seed: int, database: Database, db: Session, learner: CheckingClient, jana: Person, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    author = Author(tmp_path / "kurs")
    author.modules = [[author.new(), author.new()], [author.new(required=False), author.new()]]
    (tmp_path / "stored").mkdir()
    published = Shelf(database, Storage(tmp_path / "stored"))
    town = make_municipality(db)
    people = [(jana, learner)]
    for _number in range(OTHERS):
        person, client = make_person(db, municipality=town), learner.application.test_client()
        assert isinstance(client, CheckingClient)
        sign_in(client, person)
        people.append((person, client))
    stages = [
        Stage(author, published, db, client, Actor(person.id, person.name)) for person, client in people
    ]
    stages[0].publish()
    for stage in stages:
        assert stage.learner.submit(f"{COURSE}/beginnen").status_code == 303
    for _ in range(STEPS):
        stage = chance.choice(stages)
        action = chance.choice((*AUTHOR, *LEARNER * 3))
        if action in LEARNER:
            stage.learn(action, chance)
        elif action == "back":
            stage.back(chance)
        else:
            author.act(action, chance)
            stage.publish()
        if chance.random() < 0.3:
            finish(stage)
    for stage in stages:
        stage.agree()
    figures_agree(stages)
    finish(stages[0])
    papers_agree(stages[0])
    print_agrees(stages[0])
