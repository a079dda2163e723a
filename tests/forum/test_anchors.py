"""Where a question stands when its lesson is published anew: heading, same words, lesson, course."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import anchors, rollback
from learn.courses.library import LessonText
from learn.forum import places
from learn.forum.models import Post, Question
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, Shelf, change, current, lesson, other, small
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_question, make_reader, reader_of
from tests.forum.writing import form_of, send

LESSON = "/kurse/kleiner-kurs/zwei"
TWICE = "## Das Zweite\n\nErst so.\n\n## Das Zweite\n"


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    folder = tmp_path / "stored"
    folder.mkdir()
    return Shelf(database, Storage(folder))


@pytest.fixture
def course(shelf: Shelf, tmp_path: Path) -> Path:
    """Published; its second lesson has one heading twice."""
    folder = small(tmp_path / "inhalt")
    change(folder / SECOND, "## Das Zweite\n", TWICE)
    shelf.publish(folder)
    return folder


@pytest.fixture
def question(db: Session, course: Path) -> Question:
    question = make_question(db, make_reader(db), level="oeffentlich")
    question.lesson_id, question.course_id = "les_bbbbbbbb", "kur_aaaaaaaa"
    question.heading, question.edition = "das-zweite-1", 1
    db.flush()
    return question


def link(client: CheckingClient, question: Question) -> tuple[str, str]:
    page = client.get(f"/forum/fragen/{question.id}-{question.slug}").text
    found = re.search(r"Bezieht sich auf (die Lektion|den Kurs):.*?href=\"(/kurse/[^\"]*)\"", page, re.DOTALL)
    assert found
    return found[1], found[2]


def text_of(db: Session) -> LessonText:
    return lesson(db, current(db, "kleiner-kurs"), "zwei")


def test_it_stands_at_the_heading_of_its_slug(
    client: CheckingClient, db: Session, shelf: Shelf, course: Path, question: Question
) -> None:
    assert link(client, question) == ("die Lektion", f"{LESSON}#s-das-zweite-1")
    change(course / SECOND, "Erst so.", "Ganz anders.")
    shelf.publish(course)
    assert link(client, question) == ("die Lektion", f"{LESSON}#s-das-zweite-1")


def test_else_at_the_heading_of_the_same_words(
    client: CheckingClient, db: Session, shelf: Shelf, course: Path, question: Question
) -> None:
    change(course / SECOND, "## Das Zweite\n\nErst so.\n\n", "")
    shelf.publish(course)
    assert link(client, question) == ("die Lektion", f"{LESSON}#s-das-zweite")
    place = places.lesson(db, "les_bbbbbbbb", "das-zweite-1")
    assert place
    assert (place.heading_text, place.anchor.heading) == ("Das Zweite", "das-zweite")
    page = client.get(LESSON).text
    assert "zum Abschnitt „Das Zweite“" in page


def test_else_at_the_lesson_and_back_at_its_heading_when_that_returns(
    client: CheckingClient, db: Session, shelf: Shelf, course: Path, question: Question
) -> None:
    change(course / SECOND, TWICE, "## Ganz neu\n")
    change(course / FIRST, "02-zwei.md#das-zweite", "02-zwei.md")
    shelf.publish(course)
    assert link(client, question) == ("die Lektion", LESSON)
    assert "zum Abschnitt" not in client.get(LESSON).text
    with shelf.database.writing() as session:
        rollback.roll_back(session, "kleiner-kurs")
    assert link(client, question) == ("die Lektion", f"{LESSON}#s-das-zweite-1")


def test_else_at_the_course_and_no_edit_takes_it_away(
    client: CheckingClient, db: Session, shelf: Shelf, course: Path
) -> None:
    person = make_person(db, municipality=make_municipality(db))
    question = make_question(db, reader_of(db, person), level="oeffentlich")
    question.lesson_id, question.course_id = "les_bbbbbbbb", "kur_aaaaaaaa"
    db.flush()
    (course / SECOND).unlink()
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    shelf.publish(course)
    assert link(client, question) == ("den Kurs", "/kurse/kleiner-kurs")
    assert places.lesson(db, "les_bbbbbbbb") is None
    assert question.title in client.get("/kurse/kleiner-kurs").text
    sign_in(client, person)
    post = db.scalars(select(Post).where(Post.question_id == question.id)).one()
    path = f"/forum/beitraege/{post.id}/bearbeiten"
    assert send(client, form_of(client.get(path), path), title="Ein anderer Titel").status_code == 303
    db.expire_all()
    kept = db.get_one(Question, question.id)
    assert (kept.title, kept.lesson_id, kept.course_id) == (
        "Ein anderer Titel",
        "les_bbbbbbbb",
        "kur_aaaaaaaa",
    )


def test_it_goes_with_its_lesson_to_another_course(
    client: CheckingClient, db: Session, shelf: Shelf, course: Path, question: Question
) -> None:
    there = other(course.parent, "anderer")
    shelf.publish(course.parent)
    (course / SECOND).rename(there / "01-anfang/04-gezogen.md")
    change(course / FIRST, "[zwei](02-zwei.md#das-zweite)", "zwei")
    assert shelf.publish(course.parent).published
    assert link(client, question) == ("die Lektion", "/kurse/anderer/gezogen#s-das-zweite-1")


def test_what_was_never_published_stands_nowhere(db: Session, course: Path) -> None:
    assert places.lesson(db, "les_00000000", "x") is None
    assert places.lesson(db, "", "x") is None
    assert anchors.spot(db, "les_00000000", course_id="kur_00000000") is None
