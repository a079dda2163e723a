"""The releases of a course: what each changed, who made it, and the way back, with drafts left alone."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import NotFound, Refused
from learn.core.db import Database
from learn.core.models import AuditEntry
from learn.workshop import copies, publishing, releases, steps
from learn.workshop.models import CourseStep
from tests.courses.folders import SECOND, TEXTS, Shelf, change, current, other
from tests.workshop.drafts import BETTER, COURSE, EDITION, ONE, TWO, author, publish_small, write


def test_each_says_what_changed_and_where_it_came_from(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    folder = publish_small(shelf, tmp_path)
    change(folder / SECOND, "Noch ein Satz", "Kein Satz")
    shelf.publish(folder)
    jana = author(db)
    write(database, jana, EDITION)
    publishing.publish(database, shelf.storage, jana, COURSE)
    found = releases.history(db, COURSE)
    assert found.current == 3
    told = [(row.number, row.ours, [(c.id, c.kind) for c in row.changes], row.current) for row in found.rows]
    assert told == [
        (3, True, [(ONE, "inhaltlich")], True),
        (2, False, [(TWO, "redaktionell")], False),
        (1, False, [], False),
    ]
    assert [row.step.by if row.step else "" for row in found.rows] == ["Jana Hellweg", "", ""]
    assert [row.number for row in releases.history(db, COURSE, before=2).rows] == [1]
    with pytest.raises(NotFound):
        releases.history(db, "kur_gibtsnic")


def test_going_back_is_said_before_and_noted(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    publish_small(shelf, tmp_path)
    jana = author(db)
    write(database, jana, EDITION)
    publishing.publish(database, shelf.storage, jana, COURSE)
    write(database, jana, TEXTS[SECOND].replace("Noch ein", "Kein"), TWO)
    seen = releases.way_back(db, COURSE, 1)
    assert "Niemand verliert Fortschritt." in seen.learners
    assert [change.kind for change in seen.changes] == ["redaktionell"]  # a lower edition
    with database.writing() as session:
        releases.roll_back(session, jana, COURSE, 1, shown=2)
    assert current(db, "kleiner-kurs").number == 1
    step = db.scalars(select(CourseStep).where(CourseStep.step == steps.ROLLED_BACK)).one()
    assert step.release == 1
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "kurs.zurueckgenommen")).one()
    assert entry.reason == "Veröffentlichung 1 statt 2"
    draft = copies.text(db, TWO)
    assert draft is not None
    assert "Kein Satz" in draft.text
    copy = copies.copy(db, COURSE)
    assert copy is not None
    assert (copy.current, copies.clashes(db, COURSE)) == (1, ())
    with database.writing() as session:
        releases.roll_back(session, jana, COURSE, 2, shown=1)  # and forward again
    assert current(db, "kleiner-kurs").number == 2
    with database.writing() as session, pytest.raises(Refused, match="gilt schon"):
        releases.roll_back(session, jana, COURSE, 2, shown=2)
    with database.writing() as session, pytest.raises(Refused, match="gilt eine andere") as caught:
        releases.roll_back(session, jana, COURSE, 1, shown=1)
    assert caught.value.status == 409
    with database.writing() as session, pytest.raises(NotFound):
        releases.roll_back(session, jana, COURSE, 9, shown=2)


def test_a_draft_of_the_same_text_waits_for_a_decision_and_forward_again_for_none(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    publish_small(shelf, tmp_path)
    jana = author(db)
    write(database, jana)
    publishing.publish(database, shelf.storage, jana, COURSE)
    mine = BETTER + "\nMehr.\n"
    write(database, jana, mine)
    with database.writing() as session:
        releases.roll_back(session, jana, COURSE, 1, shown=2)
    assert [clash.key for clash in copies.clashes(db, COURSE)] == [ONE]
    with pytest.raises(Refused, match="Führen Sie zuerst zusammen"):
        publishing.publish(database, shelf.storage, jana, COURSE)
    with database.writing() as session:
        releases.roll_back(session, jana, COURSE, 2, shown=1)
    assert copies.clashes(db, COURSE) == ()
    draft = copies.text(db, ONE)
    assert draft is not None
    assert draft.text == mine
    assert publishing.publish(database, shelf.storage, jana, COURSE).courses[0].release == 3


def test_an_address_that_another_course_bears_is_named(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    folder = publish_small(shelf, tmp_path)
    folder.rename(tmp_path / "neuer-name")
    shelf.publish(tmp_path / "neuer-name")
    shelf.publish(other(tmp_path / "anders", "kleiner-kurs"))
    with pytest.raises(Refused, match="„kleiner-kurs“ gehört inzwischen dem Kurs „Kleiner Kurs“"):
        releases.way_back(db, COURSE, 1)
    with database.writing() as session, pytest.raises(Refused, match="gehört inzwischen"):
        releases.roll_back(session, author(db), COURSE, 1, shown=2)
