"""Random authors with real folders and a learner in a browser: every page says what the table says.

Short by default; `SEQUENCES=40` in the environment tries so many, on both kinds of database.
"""

import os
import random
import re
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.owndata import Owner
from learn.core.storage import Storage
from learn.courses import queries as shelf
from learn.courses import rollback
from learn.courses.library import CourseRelease
from learn.courses.models import Release
from learn.learning import owndata, queries
from learn.learning.progress import Lernstand
from learn.site import standing
from tests.client import CheckingClient
from tests.conftest import KINDS
from tests.courses.folders import Shelf, write
from tests.learning import sequences, table
from tests.site.forms import form

MANY = int(os.environ.get("SEQUENCES", "0"))
SEEDS = range(MANY or 2)
STEPS = 12
COURSE = "/kurse/kurs"
SAID = re.compile(r"(\d+) von (\d+) Lektionen")
AUTHOR = (
    *("edit", "raise", "redo", "rename", "move", "reorder", "split", "merge", "delete", "restore", "add"),
    *("optional", "toggle", "again", "back"),
)
LEARNER = ("done", "done", "reopen", "repeat")


@pytest.fixture(params=KINDS if MANY else KINDS[:1])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@dataclass(frozen=True)
class Sheet:
    """A lesson as its author holds it."""

    id: str
    slug: str
    edition: int = 1
    redo_from: int = 1
    required: bool = True
    replaces: tuple[str, ...] = ()
    state: int = 0

    def text(self) -> str:
        own = " ".join(f"{self.id}{number}" for number in range(12))
        ersetzt = f"ersetzt: [{', '.join(self.replaces)}]\n" if self.replaces else ""
        return (
            f"---\nid: {self.id}\ntitel: Lektion {self.slug}\nausgabe: {self.edition}\n"
            f"erneut_ab: {self.redo_from}\nziele: [eins sagen, zwei sagen]\ndauer: 5min\n"
            f"pflicht: {'ja' if self.required else 'nein'}\n{ersetzt}---\n\n{own} Stand {self.state}.\n"
        )


@dataclass
class Author:
    """A folder of two modules, and what was taken out of it."""

    folder: Path
    modules: list[list[Sheet]] = field(default_factory=lambda: [[], []])
    gone: list[Sheet] = field(default_factory=list)
    born: int = 0

    def new(self, **values: object) -> Sheet:
        self.born += 1
        return replace(Sheet(f"les_{self.born:08}", f"nummer-{self.born}"), **values)  # type: ignore[arg-type]

    def write(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        head = "id: kur_aaaaaaaa\ntitel: Kurs\nergebnis: Etwas.\nlizenz: CC0-1.0"
        write(self.folder / "kurs.md", f"---\n{head}\n---\n\nText.\n")
        for number, part in enumerate(self.modules):
            module = self.folder / f"{number:02}-teil-{number}"
            write(module / "modul.md", f"---\nid: mod_{number:08}\ntitel: Teil {number}\n---\n\nText.\n")
            for place, sheet in enumerate(part):
                write(module / f"{place:02}-{sheet.slug}.md", sheet.text())

    def act(self, action: str, chance: random.Random) -> None:
        part = chance.choice([each for each in self.modules if each])
        place = chance.randrange(len(part))
        sheet = part[place]
        alone = sum(each.required for both in self.modules for each in both) < 2
        if action in {"edit", "raise", "redo", "rename"}:
            raised = sheet.edition + (action in {"raise", "redo"})
            redo = raised if action == "redo" else sheet.redo_from
            slug = f"{sheet.slug}-x" if action == "rename" else sheet.slug
            part[place] = replace(sheet, edition=raised, redo_from=redo, slug=slug, state=sheet.state + 1)
        elif action == "toggle" and not (alone and sheet.required):
            part[place] = replace(sheet, required=not sheet.required)
        elif action == "reorder":
            chance.shuffle(part)
        elif action in {"add", "optional"}:
            part.insert(place, self.new(required=action == "add"))
        elif action == "restore" and self.gone:
            self._restore(part, chance)
        elif len(part) > 1:
            self._structure(action, part, place, alone=alone)

    def _restore(self, part: list[Sheet], chance: random.Random) -> None:
        """Bring a lesson back; whoever replaced it may not name it any longer."""
        back = self.gone.pop(chance.randrange(len(self.gone)))
        part.append(back)
        for each in self.modules:
            each[:] = [
                replace(one, replaces=tuple(old for old in one.replaces if old != back.id)) for one in each
            ]

    def _structure(self, action: str, part: list[Sheet], place: int, *, alone: bool) -> None:
        sheet = part[place]
        if action == "move":
            self.modules[part is self.modules[0]].append(part.pop(place))
        elif action == "delete" and not (alone and sheet.required):
            self.gone.append(part.pop(place))
        elif action == "split":
            part[place : place + 1] = [self.new(required=sheet.required, replaces=(sheet.id,)) for _ in "ab"]
            self.gone.append(sheet)
        elif action == "merge":
            both = [part.pop(place), part.pop(place - 1)]
            required = any(each.required for each in both)
            part.append(self.new(required=required, replaces=tuple(each.id for each in both)))
            self.gone += both


@dataclass
class Stage:
    """The author, what is published, and the learner's browser."""

    author: Author
    shelf: Shelf
    session: Session
    learner: CheckingClient
    actor: Actor
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def release(self) -> CourseRelease:
        self.session.expire_all()
        found = shelf.course(self.session, "kurs")
        assert isinstance(found, CourseRelease)
        return found

    def state(self) -> Lernstand:
        """As the pages have it, after comparing it with the table."""
        release = self.release()
        found = standing.in_course(self.session, self.actor, release)
        own = queries.enrolled(self.session, self.actor, release.course_id)
        assert found
        assert own
        named = shelf.releases(self.session, {key for key in (own.started, own.finished) if key})
        finished = named[own.finished].manifest if own.finished else None
        told = table.expected(release.manifest, own.rows, named[own.started].manifest, finished)
        assert found.state == told
        return found.state

    def publish(self) -> None:
        self.author.write()
        report = self.shelf.publish(self.author.folder)
        assert report.ok, report.findings
        assert self.shelf.publish(self.author.folder).unchanged

    def back(self, chance: random.Random) -> None:
        """Roll back and forward, which is the identity; then stay at some release."""
        release, before = self.release(), self.pages()
        numbers = list(self.session.scalars(select(Release.number)))
        for number in (chance.choice(numbers), release.number):
            with self.shelf.database.writing() as session:
                rollback.roll_back(session, "kurs", number)
        assert self.pages() == before
        with self.shelf.database.writing() as session:
            rollback.roll_back(session, "kurs", chance.choice(numbers))

    def learn(self, action: str, chance: random.Random) -> set[str]:
        """Send a form of a page; the id that may lose its completion by it."""
        entry = chance.choice(list(self.release().manifest.lessons()))
        if action == "repeat":
            if self.sent:
                address, fields = chance.choice(self.sent)
                assert self.learner.submit(address, fields).status_code == 303
            return set()
        page = self.learner.get(f"{COURSE}/{entry.slug}").text
        end = "/wieder-oeffnen" if self.state().lessons[entry.id].done else "/abschliessen"
        if (action == "reopen") != (end == "/wieder-oeffnen") or f'{end}"' not in page:
            return set()
        self.sent.append(form(page, end))
        assert self.learner.submit(*self.sent[-1]).status_code == 303
        return {entry.id} if action == "reopen" else set()

    def pages(self) -> list[tuple[str, ...]]:
        """What Mein Lernen, course page, own data and finish say of the course."""
        texts = [self.learner.get(path).text for path in ("/lernen", COURSE, f"{COURSE}/abschluss")]
        texts.append("".join(owndata.standing(self.session, Owner(self.actor.owner, "", ""))))
        return [tuple(map(" von ".join, SAID.findall(text))) for text in texts]

    def agree(self) -> None:
        """Page, course page, own data and finish say the same."""
        state, (overview, course, finish, own) = self.state(), self.pages()
        wanted = f"{state.done} von {state.total}"
        if state.following:
            assert overview[:1] == course[:1] == own == (wanted,)
        completed = "Sie haben den Kurs abgeschlossen" in self.learner.get(f"{COURSE}/abschluss").text
        found = standing.in_course(self.session, self.actor, self.release())
        assert found
        assert completed == bool(found.enrolled.completion), finish


@pytest.mark.parametrize("seed", SEEDS)
def test_every_page_says_what_the_table_says(
    seed: int, database: Database, db: Session, learner: CheckingClient, jana: Person, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    author = Author(tmp_path / "kurs")
    author.modules = [[author.new(), author.new()], [author.new(required=False), author.new()]]
    (tmp_path / "stored").mkdir()
    stage = Stage(author, Shelf(database, Storage(tmp_path / "stored")), db, learner, Actor(jana.id, "Jana"))
    stage.publish()
    assert learner.submit(f"{COURSE}/beginnen").status_code == 303
    for _ in range(STEPS):
        action = chance.choice((*AUTHOR, *LEARNER * 3))
        was, before = stage.release().manifest, stage.state()
        allowed: set[str] = set()
        if action in LEARNER:
            allowed = stage.learn(action, chance)
        elif action == "back":
            stage.back(chance)
        else:
            author.act(action, chance)
            stage.publish()
        tree, after = stage.release().manifest, stage.state()
        if action != "back":
            redo = {entry.id: entry.redo_from for entry in was.lessons()}
            allowed |= {each.id for each in tree.lessons() if each.redo_from > redo.get(each.id, 99)}
            sequences._kept(tree, before, after, allowed)
        stage.agree()
