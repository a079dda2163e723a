"""Publishing a working copy: the same release as from a folder, once, and never what nobody approved."""

from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.core.models import AuditEntry
from learn.core.storage import Storage
from learn.courses import canonical, export
from learn.courses.models import Course, Release
from learn.learning import service as learning
from learn.learning.models import Enrolment, ProgressEntry
from learn.notices.models import Event
from learn.workshop import copies, four_eyes, publishing, review, steps
from learn.workshop.models import CourseStep, WorkCourse, WorkText
from tests.courses.folders import FIRST, TEXTS, Shelf, change, current, kinds, lesson
from tests.faults.statements import killed_at_each
from tests.workshop.drafts import BETTER, COURSE, FAULTY, ONE, author, publish_small, revision, write


def test_a_copy_becomes_a_release_and_the_copy_forgets(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    folder = publish_small(shelf, tmp_path)
    jana = author(db)
    write(database, jana)
    report = publishing.publish(database, shelf.storage, jana, COURSE)
    assert report.published
    assert kinds(report) == [("redaktionell", ONE)]
    release = current(db, "kleiner-kurs")
    assert release.number == 2
    assert "Ein besserer Satz" in str(lesson(db, release, "eins").parts[0])
    assert db.scalars(select(Release.origin).where(Release.number == 2)).one() == "werkstatt"
    assert db.scalars(select(WorkText)).all() == []
    step = db.scalars(select(CourseStep)).one()
    assert (step.step, step.release, step.person_id) == (steps.PUBLISHED, 2, jana.person_id)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "kurs.veroeffentlicht")).one()
    assert (entry.subject, entry.reason) == (f"kurs:{COURSE}", "Veröffentlichung 2")
    assert db.scalars(select(Event.kind)).all() == [publishing.LIVE]
    export.export(db, shelf.storage, "kleiner-kurs", tmp_path / "aus")
    assert (tmp_path / "aus/kleiner-kurs" / FIRST).read_bytes() == canonical.written(BETTER.encode())
    assert folder.is_dir()
    again = publishing.publish(database, shelf.storage, jana, COURSE)
    assert (again.published, again.unchanged) == (False, True)


def test_progress_survives(shelf: Shelf, database: Database, db: Session, tmp_path: Path) -> None:
    publish_small(shelf, tmp_path)
    jana = author(db)
    learning.enrol(db, jana, current(db, "kleiner-kurs"))
    db.flush()
    before = db.scalars(select(Enrolment)).one().id
    write(database, jana)
    assert publishing.publish(database, shelf.storage, jana, COURSE).courses[0].learners.enrolled == 1
    assert db.scalars(select(Enrolment)).one().id == before
    assert db.scalars(select(ProgressEntry)).all() == []


def test_faults_and_other_states_publish_nothing(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    folder = publish_small(shelf, tmp_path)
    jana = author(db)
    write(database, jana, FAULTY)
    report = publishing.publish(database, shelf.storage, jana, COURSE)
    assert (report.ok, report.published) == (False, False)
    seen = revision(database)
    write(database, jana)
    with pytest.raises(Refused, match="Inzwischen hat jemand gespeichert") as caught:
        publishing.publish(database, shelf.storage, jana, COURSE, revision=seen)
    assert caught.value.status == 409
    seen = revision(database)
    change(folder / "01-anfang/02-zwei.md", "Noch ein Satz", "Kein Satz")
    shelf.publish(folder)
    with pytest.raises(Refused, match="Inzwischen"):
        publishing.publish(database, shelf.storage, jana, COURSE, revision=seen)
    assert publishing.publish(database, shelf.storage, jana, COURSE).published  # laid over what came from Git
    shown = current(db, "kleiner-kurs")
    assert "Kein Satz" in str(lesson(db, shown, "zwei").parts[0])
    assert "Ein besserer Satz" in str(lesson(db, shown, "eins").parts[0])


def test_a_clash_with_git_waits_for_merging(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    folder = publish_small(shelf, tmp_path)
    jana = author(db)
    write(database, jana)
    change(folder / FIRST, "Ein Satz über", "Ein Satz aus Git über")
    shelf.publish(folder)
    with pytest.raises(Refused, match="Führen Sie zuerst zusammen") as caught:
        publishing.publish(database, shelf.storage, jana, COURSE)
    assert caught.value.status == 409


def test_with_four_eyes_only_what_another_approved(
    shelf: Shelf, database: Database, db: Session, tmp_path: Path
) -> None:
    publish_small(shelf, tmp_path)
    jana, tom = author(db), author(db, "Tom Berg", "coordinator")
    write(database, jana)
    with database.writing() as session:
        assert four_eyes.choose(session, tom, on=True)
        assert not four_eyes.choose(session, tom, on=True)
        review.hand_in(session, jana, COURSE, "Neu.", revision=revision(database))
    refused(database, shelf, jana)
    with database.writing() as session:
        review.approve(session, tom, COURSE, "", revision=revision(database))
    write(database, tom, TEXTS[FIRST].replace("Ein Satz", "Ein anderer Satz"))
    refused(database, shelf, jana)
    with database.writing() as session:
        review.approve(session, author(session, "Ole Wald"), COURSE, "", revision=revision(database))
    assert publishing.publish(database, shelf.storage, jana, COURSE).published
    work = db.get_one(WorkCourse, COURSE, populate_existing=True)
    assert (work.state, work.approved, work.publish_at) == ("entwurf", -1, None)


def refused(database: Database, shelf: Shelf, who: Actor) -> None:
    with pytest.raises(Refused, match="fehlt die Freigabe"):
        publishing.publish(database, shelf.storage, who, COURSE)


def prepared(config: Config, tmp_path: Path) -> Actor:
    """An instance of its own with the small course, one lesson of it changed."""
    database = Database.of(config)
    publish_small(Shelf(database, Storage(config.storage)), tmp_path)
    with database.writing() as session:
        who = author(session)
    write(database, who)
    database.dispose()
    return who


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # the switch itself is killed on both elsewhere
def test_a_kill_leaves_all_or_nothing(instance: Config, tmp_path: Path) -> None:
    who = prepared(instance, tmp_path)
    seen = []

    def publish(database: Database) -> None:
        publishing.publish(database, Storage(instance.storage), who, COURSE)

    def after_each() -> None:
        database = Database.of(instance)
        with database.reading() as session:
            number = session.scalar(select(Release.number).join(Course, Course.release_id == Release.id))
            published = session.scalars(select(CourseStep.release)).all()
            copy = copies.copy(session, COURSE)
            assert copy is not None
            assert (number, list(published), copy.changed) in [(1, [], True), (2, [2], False)]
            seen.append(number)
        database.dispose()

    killed_at_each(instance, publish, after_each)
    after_each()
    assert seen[0] == 1
    assert seen[-1] == 2


def test_of_two_at_once_one_publishes_and_the_other_is_told(instance: Config, tmp_path: Path) -> None:
    who = prepared(instance, tmp_path)
    database, barrier, told = Database.of(instance), Barrier(2), list[str]()

    def run() -> None:
        seen = revision(database)
        barrier.wait(20)
        try:
            report = publishing.publish(database, Storage(instance.storage), who, COURSE, revision=seen)
            told.append("published" if report.published else "nothing")
        except Refused as problem:
            told.append(str(problem.status))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        assert session.scalars(select(Release.number).order_by(Release.number)).all() == [1, 2]
        assert session.scalars(select(CourseStep.release)).all() == [2]
    database.dispose()
    assert sorted(told) in (["409", "published"], ["nothing", "published"])
