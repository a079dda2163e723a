"""Notes through real edits of files: another course, a lesson split in two, a heading that comes back."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import rollback
from learn.courses.stands import stands
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, Shelf, change, other, small

LESSON = "/kurse/kleiner-kurs/zwei"
LIST = "/lernen/gemerkt"


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    folder = tmp_path / "stored"
    folder.mkdir()
    return Shelf(database, Storage(folder))


@pytest.fixture
def course(shelf: Shelf, tmp_path: Path) -> Path:
    """Published; its second lesson has one heading twice."""
    folder = small(tmp_path / "inhalt")
    change(folder / SECOND, "## Das Zweite\n", "## Das Zweite\n\nErst so.\n\n## Das Zweite\n")
    shelf.publish(folder)
    return folder


@pytest.fixture
def reader(client: CheckingClient, course: Path, jana: Person) -> CheckingClient:
    """Jana, with a note and a bookmark at the second of the two headings."""
    sign_in(client, jana)
    note = {"heading": "das-zweite-1", "body": "Meine Notiz", "key": "k"}
    assert client.submit(f"{LESSON}/notizen", note).status_code == 303
    for heading in ("das-zweite-1", "das-zweite"):
        assert client.submit(f"{LESSON}/merken", {"heading": heading, "press": "merken"}).status_code == 303
    return client


def test_they_go_with_their_lesson_to_another_course(
    reader: CheckingClient, shelf: Shelf, course: Path
) -> None:
    assert reader.get(LIST).text.count(f'href="{LESSON}#s-das-zweite-1"') == 2
    there = other(course.parent, "anderer")
    shelf.publish(course.parent)
    (course / SECOND).rename(there / "01-anfang/04-gezogen.md")
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    assert shelf.publish(course.parent).published
    page = reader.get(LIST).text
    assert page.count('href="/kurse/anderer/gezogen#s-das-zweite-1"') == 2
    assert page.count('href="/kurse/anderer/gezogen#s-das-zweite"') == 1
    assert "Meine Notiz" in reader.get("/kurse/anderer/gezogen").text


def test_of_two_headings_with_the_same_words_one_is_left(
    reader: CheckingClient, shelf: Shelf, course: Path
) -> None:
    change(course / SECOND, "## Das Zweite\n\nErst so.\n\n", "")
    shelf.publish(course)
    assert reader.get(LIST).text.count(f'href="{LESSON}#s-das-zweite"') == 3
    assert reader.get(LESSON).text.partition('id="s-das-zweite"')[2].count("Meine Notiz") >= 1


def test_a_lesson_that_is_split_leaves_them_at_the_course(
    reader: CheckingClient, shelf: Shelf, course: Path
) -> None:
    text = (course / SECOND).read_text(encoding="utf-8")
    (course / SECOND).unlink()
    for number, name in enumerate("cd", 3):
        half = text.replace("les_bbbbbbbb", f"les_{name * 8}").replace(
            "---\n", "---\nersetzt: [les_bbbbbbbb]\n", 1
        )
        (course / SECOND).with_name(f"0{number}-haelfte-{name}.md").write_text(half, encoding="utf-8")
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    assert shelf.publish(course).published
    page = reader.get(LIST).text
    assert "Meine Notiz" in page
    assert page.count("Diese Lektion gehört nicht mehr zum Kurs. Die Stelle war „Das Zweite“.") == 3
    assert "Meine Notiz" in reader.get(LESSON).text  # it stays readable at its address
    with shelf.database.writing() as session:
        rollback.roll_back(session, "kleiner-kurs")
    assert reader.get(LIST).text.count(f'href="{LESSON}#s-das-zweite-1"') == 2


def test_what_was_never_published_stands_nowhere(db: Session, course: Path) -> None:
    assert stands(db, {}) == {}
    nowhere = stands(db, {"les_00000000": "kur_00000000"})["les_00000000"]
    assert (nowhere.href, nowhere.course, nowhere.title, nowhere.release) == ("", "", "", None)
