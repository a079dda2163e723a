"""Files to take away: built once for each release, whole or not there, removed with their release."""

import os
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core import clock, jobs, rows
from learn.core.db import Database
from learn.core.models import Job
from learn.core.storage import Storage
from learn.courses.models import Course, TakeawayFile
from learn.courses.takeaway import building, epub, files
from learn.markup.model import Html
from tests.faults.statements import killed_at_each
from tests.site import sensors


@pytest.fixture
def work(app: Flask, database: Database) -> jobs.Work:
    return jobs.Work(app.extensions["learn.config"], database)


def current(session: Session) -> int:
    release_id = session.scalar(select(Course.release_id).where(Course.id == "kur_sensoren"))
    assert release_id is not None
    return release_id


def asked(session: Session, kind: str = "epub") -> TakeawayFile:
    """The row of a file that was just asked for."""
    files.ask(session, current(session), kind)
    return row_of(session, kind)


def row_of(session: Session, kind: str = "epub") -> TakeawayFile:
    found = select(TakeawayFile).where(TakeawayFile.kind == kind).order_by(TakeawayFile.id.desc()).limit(1)
    row = session.scalars(found.execution_options(populate_existing=True)).one()
    session.expunge(row)
    return row


@pytest.mark.parametrize("kind", sorted(files.MAKERS))
def test_each_kind_is_built_and_lies_in_the_storage(db: Session, work: jobs.Work, kind: str) -> None:
    sensors.publish(db)
    row = asked(db, kind)
    assert (row.state, row.done, row.asked_on) == (files.DUE, 0, clock.today())
    files.build_takeaway(work, row.id)
    made = row_of(db, kind)
    data = Storage(work.config.storage).path(made.key).read_bytes()
    assert (made.state, made.done, made.total, made.size) == (files.READY, 3, 3, len(data))
    assert data.startswith(b"%PDF-" if kind == "pdf" else b"PK")
    files.build_takeaway(work, row.id)  # again, as after a lost lease
    assert row_of(db, kind).state == files.READY
    assert files.of_release(db, made.release_id)[kind].id == row.id


def test_how_far_it_is_can_be_read_meanwhile(
    db: Session, work: jobs.Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensors.publish(db)
    row = asked(db)
    seen: list[tuple[str, int, int]] = []
    write = epub.write

    def watched(*given: object) -> None:
        now = row_of(db)
        seen.append((now.state, now.done, now.total))
        write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "EVERY", 1)
    monkeypatch.setitem(building.FORMS, "epub", (*building.FORMS["epub"][:2], watched))
    files.build_takeaway(work, row.id)
    assert seen == [(files.DUE, 3, 3)]


def test_one_that_failed_or_is_outdated_is_asked_for_again(db: Session, work: jobs.Work) -> None:
    sensors.publish(db)
    row = asked(db)
    for values in ({"state": files.FAILED, "problem": "Nichts"}, {"state": files.READY, "maker": 0}):
        db.execute(update(TakeawayFile).values(**values))
        assert asked(db).id == row.id
        now = row_of(db)
        assert (now.state, now.problem, now.maker) == (files.DUE, "", files.MAKERS["epub"])
    db.execute(update(TakeawayFile).values(state=files.READY, maker=0))
    assert files.of_release(db, row.release_id) == {}
    with pytest.raises(KeyError):
        files.ask(db, row.release_id, "docx")


def test_a_fault_is_told_and_tried_again(
    db: Session, work: jobs.Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensors.publish(db)
    row = asked(db)
    with monkeypatch.context() as patch:
        patch.setitem(building.FORMS, "epub", (*building.FORMS["epub"][:2], lambda *_given: 1 / 0))
        with pytest.raises(ZeroDivisionError):
            files.build_takeaway(work, row.id)
    assert (row_of(db).state, row_of(db).problem) == (files.FAILED, files.NOT_MADE)
    assert not Storage(work.config.storage).exists(files.key(row))
    files.build_takeaway(work, row.id)
    assert (row_of(db).state, row_of(db).problem) == (files.READY, "")


def test_a_release_that_is_over_needs_no_file(db: Session, work: jobs.Work) -> None:
    sensors.publish(db)
    row = asked(db)
    sensors.publish(db)
    files.build_takeaway(work, row.id)
    files.build_takeaway(work, row.id)
    assert db.scalar(select(func.count()).select_from(TakeawayFile)) == 0


def test_files_of_old_releases_go_after_a_day(db: Session, work: jobs.Work) -> None:
    store = Storage(work.config.storage)
    sensors.publish(db)
    old = asked(db)
    files.build_takeaway(work, old.id)
    sensors.publish(db)
    kept = asked(db)
    files.build_takeaway(work, kept.id)
    due = asked(db, "zip")
    files.remove_old_takeaways(work)
    assert store.exists(files.key(old))
    db.execute(update(TakeawayFile).values(asked_on=clock.today() - files.DAY))
    before = time.time() - 2 * files.DAY.total_seconds()
    for row in (old, kept):
        os.utime(store.path(files.key(row)), (before, before))
    files.remove_old_takeaways(work)
    assert not store.exists(files.key(old))
    assert store.exists(files.key(kept))
    assert row_of(db, "zip").state == files.FAILED
    assert {row.id for row in db.scalars(select(TakeawayFile))} == {kept.id, due.id}


def test_many_who_ask_at_once_get_one_file(instance: Config) -> None:
    database = Database.of(instance)
    with database.writing() as session:
        sensors.publish(session)
        release_id = current(session)
    ready = threading.Barrier(6)

    def ask() -> None:
        ready.wait()
        with database.writing() as session:
            files.ask(session, release_id, "epub")

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TakeawayFile)) == 1
        assert session.scalar(select(func.count()).select_from(Job).where(Job.name == files.JOB)) == 1
    database.dispose()


@pytest.fixture
def opened(instance: Config) -> Iterator[Database]:
    database = Database.of(instance)
    yield database
    database.dispose()


def test_killed_at_any_moment_the_file_is_whole_or_not_there(instance: Config, opened: Database) -> None:
    with opened.writing() as session:
        sensors.publish(session)
        file_id = asked(session).id
    store = Storage(instance.storage)

    def look() -> None:
        with opened.reading() as session:
            row = row_of(session)
        if row.state == files.READY:
            with store.open(row.key) as file, ZipFile(BytesIO(file.read())) as packed:
                assert packed.testzip() is None
        if store.exists(files.key(row)):
            with ZipFile(store.path(files.key(row))) as packed:
                assert packed.testzip() is None

    killed_at_each(
        instance, lambda database: files.build_takeaway(jobs.Work(instance, database), file_id), look
    )
    files.build_takeaway(jobs.Work(instance, opened), file_id)
    with opened.reading() as session:
        assert row_of(session).state == files.READY


def test_backups_leave_them_out_as_they_can_be_built_again(database: Database) -> None:
    with database.reading() as session:
        names = {table.name for table in rows.schema(session.connection()).tables}
    assert "takeaway_file" not in names
    assert "release" in names


def test_a_picture_that_nobody_can_read_is_named(db: Session, work: jobs.Work) -> None:
    key = f"{'0' * 64}.avif"
    Storage(work.config.storage).save(key, b"kein Bild")
    shown = Html(f'<figure class="sc-figure"><img src="/medien/{key}" alt="Ein Haus"></figure>')
    sensors.publish(db, parts={"messen": (shown,)})
    row = asked(db)
    files.build_takeaway(work, row.id)
    assert (row_of(db).state, row_of(db).problem) == (files.FAILED, building.NO_PICTURE)
    assert not Storage(work.config.storage).exists(files.key(row))
