"""„Zuletzt geprüft“: what is due, noting a review in the working copy, the monthly reminder."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.core.db import Database
from learn.core.jobs import Work
from learn.notices import resolving
from learn.notices.models import Delivery, Event, Notice
from learn.workshop import copies, due, reminders, saving
from learn.workshop.models import WorkText
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, Shelf, change, other, small, write
from tests.factories import make_person
from tests.site.forms import forms

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
PAGE = "/werkstatt/pruefen"
TODAY = date(2026, 11, 21)


@pytest.fixture
def reviewed(shelf: Shelf, tmp_path: Path) -> Path:
    """The published course: reviewed long ago, lately, and a plain version never."""
    course = small(tmp_path)
    change(course / "kurs.md", "lizenz: CC0-1.0", "lizenz: CC0-1.0\ngeprueft: 2020-03")
    change(course / FIRST, "dauer: 5min", f"dauer: 5min\ngeprueft: {clock.today():%Y-%m}")
    change(course / SECOND, "dauer: 6min", "dauer: 6min\ngeprueft: 2019-12-24")
    write(course / FIRST.replace(".md", ".einfach.md"), "---\nzu_ausgabe: 1\n---\n\nEinfach.\n")
    assert shelf.publish(course).published
    return course


@pytest.fixture
def tilda(db: Session) -> Person:
    return make_person(db, name="Tilda", roles=["trainer"])


@pytest.fixture
def author(app: Flask, tilda: Person, reviewed: Path) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, tilda)
    return client


@pytest.fixture
def work(app: Flask, database: Database) -> Work:
    return Work(app.extensions["learn.config"], database)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", True),
        ("2025-10", True),
        ("2025-11", True),
        ("2025-12", False),
        ("2025-11-21", True),
        ("2025-11-22", False),
        ("2024-02-29", True),
        ("2026-11-21", False),
        ("2027-01", False),
    ],
)
def test_a_text_is_due_a_year_after_its_review(said: str, expected: bool) -> None:
    assert due.is_due(said, TODAY) is expected


def test_the_longest_ago_comes_first(db: Session, reviewed: Path) -> None:
    rows = due.rows(db, clock.today(), [COURSE])
    assert [(row.key, row.due) for row in rows] == [
        (f"{ONE}/einfach", True),
        (TWO, True),
        (COURSE, True),
        (ONE, False),
    ]
    assert [row.reviewed[:4] for row in rows] == ["", "2019", "2020", str(clock.today().year)]


def test_the_page_lists_what_is_due_and_everything(author: CheckingClient) -> None:
    page = author.get(PAGE).text
    assert "Fällig (3)" in page
    assert "Alle (4)" in page
    assert page.count("Als geprüft eintragen<") == 3
    assert "geprüft im März 2020" in page
    assert "noch nicht geprüft" in page
    assert author.get(f"{PAGE}?ansicht=alle").text.count("Als geprüft eintragen<") == 4


def test_a_course_can_be_chosen(author: CheckingClient, shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.publish(other(tmp_path / "b", "zweiter-kurs")).published
    assert "Fällig (6)" in author.get(PAGE).text
    assert "Fällig (3)" in author.get(f"{PAGE}?kurs={COURSE}").text
    assert "Nichts ist fällig." in author.get(f"{PAGE}?kurs=kur_nirgends").text


def test_long_lists_come_in_pieces(author: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learn.core.paging.ROWS", 2)
    page = author.get(PAGE).text
    assert page.count("Als geprüft eintragen<") == 2
    address = page.partition(f'href="{PAGE}?nach=')[2].partition('"')[0]
    assert author.get(f"{PAGE}?nach={address}").text.count("Als geprüft eintragen<") == 1
    assert author.get(f"{PAGE}?nach=irgendwas").text.count("Als geprüft eintragen<") == 2


def mark(client: CheckingClient, key: str) -> int:
    """Press „Als geprüft eintragen“ at this text."""
    fields = next(fields for _action, fields in forms(client.get(PAGE).text) if fields.get("key") == key)
    return client.submit(
        PAGE, {name: text for name, text in fields.items() if name != "csrf_token"}
    ).status_code


def test_a_review_goes_into_the_working_copy_and_from_there_onto_the_lesson(
    db: Session, shelf: Shelf, author: CheckingClient, reviewed: Path
) -> None:
    before = (reviewed / SECOND).read_text()
    month = f"{clock.today():%Y-%m}"
    for key in (TWO, COURSE, f"{ONE}/einfach"):
        assert mark(author, key) == 303
    db.expire_all()
    text = copies.text(db, TWO)
    assert text is not None
    assert text.text == before.replace("2019-12-24", month), "no other line differs"
    page = author.get(PAGE).text
    assert page.count("Im Entwurf: geprüft im") == 3
    assert page.count("Als geprüft eintragen<") == 0
    report = shelf.drafts(copies.draft(db, shelf.storage, COURSE))
    assert report.published, report.findings
    assert {(each.id, each.kind) for course in report.courses for each in course.changes} <= {
        (TWO, "redaktionell"),
        (ONE, "redaktionell"),
    }
    with shelf.database.writing() as session:
        saving.published(session, COURSE, 2)
    assert "Nichts ist fällig." in author.get(PAGE).text
    assert f"Geprüft im {MONTHS[clock.today().month - 1]}" in author.get("/kurse/kleiner-kurs/zwei").text


MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


@pytest.mark.parametrize(
    "key", ["", "les_nirgends", "glo_aaaaaaaa", "mod_aaaaaaaa", "x" * 300, "les_aaaaaaaa/x"]
)
def test_what_bears_no_review_is_refused(db: Session, author: CheckingClient, key: str) -> None:
    assert author.submit(PAGE, {"key": key}).status_code == 303
    assert due.GONE in author.get(PAGE).text
    assert not db.scalars(select(WorkText)).all()


def told(db: Session, work: Work, person: Person) -> list[Notice]:
    for event in db.scalars(select(Event).where(~Event.resolved)).all():
        resolving.resolve(work, event_id=event.id)
    db.expire_all()
    return list(db.scalars(select(Notice).where(Notice.person_id == person.id)))


def test_authors_are_reminded_once_a_month_by_one_line_without_mail(
    db: Session, work: Work, author: CheckingClient, tilda: Person
) -> None:
    reader = make_person(db, name="Lea")
    reminders.remind(work)
    reminders.remind(work)
    (line,) = told(db, work, tilda)
    assert told(db, work, reader) == []
    assert db.scalars(select(Delivery)).all() == []
    page = author.get("/mitteilungen").text
    assert "Kurse und Lektionen warten auf eine Prüfung" in page
    assert f'href="{PAGE}"' in page
    event = db.scalars(select(Event)).one()
    assert event.data == {}
    event.at = event.at.replace(year=event.at.year - 1)
    line.done = True
    db.flush()
    reminders.remind(work)
    (again,) = told(db, work, tilda)
    assert (again.id, again.done) == (line.id, False), "the same line, open again"


def test_nobody_is_reminded_while_nothing_is_due(db: Session, work: Work, tilda: Person) -> None:
    reminders.remind(work)
    assert told(db, work, tilda) == []
