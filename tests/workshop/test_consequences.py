"""What the report says before is what then happens to learners; a release is one, wherever it comes from."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core.access import Actor
from learn.core.db import Base, Database
from learn.core.storage import Storage
from learn.courses import export, library, models
from learn.learning import service as learning
from learn.learning.figures import shown as shown_figures
from learn.learning.service import Request
from learn.workshop import copies, counting, publishing, saving
from tests.client import CheckingClient, sign_in
from tests.courses.folders import TEXTS, Shelf, current, small
from tests.courses.folders import write as write_file
from tests.factories import make_person
from tests.workshop.drafts import BETTER, COURSE, ONE, author, publish_small, revision, write

LESSONS = ("eins", "zwei", "drei", "vier", "fuenf", "sechs", "sieben")
IDS = dict(zip(LESSONS, (ONE, *(f"les_{name * 8}" for name in "bcdefg")), strict=True))
SHELF = [
    table.__table__
    for table in vars(models).values()
    if isinstance(table, type) and table.__module__ == models.__name__ and hasattr(table, "__table__")
]
SUM = "Lernende eingeschrieben."
MARKS = re.compile("Geändert seit Ihrer Bearbeitung|Neu im Kurs, seit Sie|Neu seit Ihrem Abschluss")
AGAIN = "Bitte noch einmal: Die Lektion ist neu gefasst."


@pytest.fixture
def shelf(app: Flask, database: Database) -> Shelf:
    config: Config = app.extensions["learn.config"]
    return Shelf(database, Storage(config.storage))


def published(shelf: Shelf, folder: Path) -> None:
    """The small course with five more lessons, of two headings each."""
    course = small(folder)
    for number, name in enumerate(LESSONS[2:], 3):
        words = [f"{name}{other}" for other in range(40)]
        head = f"---\nid: {IDS[name]}\ntitel: {name}\ndauer: 6min\nziele: [{words[0]}, {words[1]}]\n---\n"
        body = f"\n## {words[2]}\n\n{' '.join(words[:20])}.\n\n## {words[3]}\n\n{' '.join(words[20:])}.\n"
        write_file(course / f"01-anfang/0{number}-{name}.md", head + body)
    assert shelf.publish(course).published


def learners(app: Flask, db: Session) -> list[CheckingClient]:
    """Twelve people who have done the first lessons: the first one none, the eighth all, the rest some."""
    release = current(db, "kleiner-kurs")
    found = []
    for number in range(12):
        person = make_person(db, name=f"Person {number}")
        who = author_of(db, person)
        learning.enrol(db, who, release)
        db.flush()
        for name in LESSONS[: number % 8]:
            learning.complete(db, who, release, IDS[name], Request(f"r-{number}-{name}", 1))
        client = app.test_client()
        assert isinstance(client, CheckingClient)
        client.checking = False
        sign_in(client, person)
        found.append(client)
    return found


def author_of(db: Session, person: Person) -> Actor:
    return Actor(person.id, person.name)


def seen(client: CheckingClient, slugs: list[str]) -> tuple[int, int, int]:
    """What one person meets: lessons with a mark, lessons to repeat, percent."""
    pages = [client.get(f"/kurse/kleiner-kurs/{slug}").text for slug in slugs]
    share = re.search(r"(\d+)\s*%", client.get("/kurse/kleiner-kurs").text)
    return (
        sum(bool(MARKS.search(page)) for page in pages),
        sum(AGAIN in page for page in pages),
        (int(share[1]) if share else 0),
    )


def test_the_report_says_what_then_happens(app: Flask, db: Session, shelf: Shelf, tmp_path: Path) -> None:
    published(shelf, tmp_path)
    people = learners(app, db)
    counting.count_course(shelf.database, COURSE)
    before = [seen(client, list(LESSONS)) for client in people]
    jana = app.test_client()
    assert isinstance(jana, CheckingClient)
    sign_in(jana, make_person(db, name="Jana Hellweg", roles=["trainer"]))
    step = Steps(jana, shelf.database)
    step.rewrite("eins")
    step.edition("zwei", "inhaltlich")
    step.edition("drei", "erneut")
    step.retire("vier")
    step.merge("fuenf", "sechs")
    step.split("sieben")
    page = jana.get(f"/werkstatt/kurse/{COURSE}/freigabe").text
    report = publishing.check(shelf.database, shelf.storage, COURSE)
    assert report.ok, [found.as_json() for found in report.findings]
    figures = report.courses[0].learners
    with shelf.database.reading() as session:
        shown = counting.told(shown_figures(session, COURSE), figures)
    assert shown in page
    assert shown.startswith(f"{len(people)} {SUM} ")
    assert "Niemand verliert Fortschritt." in page
    sent = {"step": "veroeffentlichen", "base_revision": str(revision(shelf.database))}
    assert jana.submit(f"/werkstatt/kurse/{COURSE}/freigabe", sent).status_code == 303
    db.expire_all()
    slugs = [entry.slug for entry in current(db, "kleiner-kurs").manifest.lessons()]
    after = [seen(client, slugs) for client in people]
    assert figures.enrolled == len(people)
    assert figures.notified == sum(marks > 0 for marks, _again, _share in after)
    assert figures.repeat == sum(again > 0 for _marks, again, _share in after)
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if not new[1]:  # nothing to repeat
            assert (new[2] == 100) >= (old[2] == 100), number
    assert people[3].get("/kurse/kleiner-kurs/vier").status_code == 200, "a retired lesson stays readable"


class Steps:
    """What an author does to the course, by the forms."""

    def __init__(self, client: CheckingClient, database: Database) -> None:
        self.client = client
        self.database = database

    def take(self, name: str, path: str, **fields: object) -> None:
        sent = {"base_revision": revision(self.database), **fields}
        answer = self.client.submit(f"/werkstatt/lektionen/{IDS[name]}/{path}", sent)
        assert answer.status_code == 303, (name, path, answer.status_code)

    def rewrite(self, name: str) -> None:
        assert name == "eins"
        with self.database.writing() as session:
            found = copies.text(session, IDS[name])
            assert found is not None
            saving.save(session, author(session), found.key, BETTER, base_revision=found.revision)

    def edition(self, name: str, kind: str) -> None:
        with self.database.reading() as session:
            found = copies.text(session, IDS[name])
        assert found is not None
        self.take(name, "ausgabe", klasse=kind, aenderung="Neue Zahlen.", base_revision=found.revision)

    def retire(self, name: str) -> None:
        self.take(name, "zurueckziehen")

    def merge(self, one: str, other: str) -> None:
        self.take(one, "zusammenlegen", mit=IDS[other], title="Beides")

    def split(self, name: str) -> None:
        page = self.client.get(f"/werkstatt/lektionen/{IDS[name]}/teilen").text
        lines = re.findall(r'name="ab" value="(\d+)"', page)
        parts = {"title": "Teil eins", "title_2": "Teil zwei", "dauer": "3", "dauer_2": "3"}
        self.take(name, "teilen", ab=lines[-1], gilt="beide", slug="", **parts)


def test_a_release_is_the_same_from_the_werkstatt_and_from_its_export(
    blank_sqlite: Path, tmp_path: Path
) -> None:
    ours, theirs = own_shelf(blank_sqlite, tmp_path / "hier"), own_shelf(blank_sqlite, tmp_path / "dort")
    folder = publish_small(ours, tmp_path)
    assert theirs.publish(folder).published
    with ours.database.writing() as session:
        jana = author(session)
    write(ours.database, jana)
    write(ours.database, jana, TEXTS["kurs.md"].replace("Darum", "Genau darum"), COURSE)
    assert publishing.publish(ours.database, ours.storage, jana, COURSE).published
    with ours.database.reading() as session:
        export.export(session, ours.storage, "kleiner-kurs", tmp_path / "aus")
    assert theirs.publish(tmp_path / "aus/kleiner-kurs").published
    with ours.database.reading() as one, theirs.database.reading() as two:
        here, there = stored(one), stored(two)
    assert here == there
    assert len(here["release"]) == 2
    for shelf in (ours, theirs):
        shelf.database.dispose()


def own_shelf(blank: Path, folder: Path) -> Shelf:
    folder.mkdir()
    shutil.copy(blank, folder / "learn.sqlite3")
    (folder / "dateien").mkdir()
    return Shelf(Database(f"sqlite:///{folder / 'learn.sqlite3'}"), Storage(folder / "dateien"))


def stored(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All rows of courses, but for when and by which way a release came."""
    library.CACHE.clear()
    tables = [table for table in Base.metadata.sorted_tables if table in SHELF]
    found = {
        table.name: [
            {name: value for name, value in row._mapping.items() if name not in {"origin", "created_at"}}
            for row in session.execute(select(table).order_by(*table.primary_key))
        ]
        for table in tables
    }
    for row in found["release"]:
        row["details"].pop("workshop")
    return found
