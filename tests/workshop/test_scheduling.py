"""Planned publishing: done once at its time, or nothing at all and a sentence why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts import erasure
from learn.accounts.models import Person, PersonRole
from learn.config import Config
from learn.core import audit, clock, jobs
from learn.core.access import Actor, Refused
from learn.core.db import Database
from learn.core.models import Job
from learn.core.storage import Storage
from learn.notices.models import Event
from learn.workshop import assessing, kept_report, notifying, publishing, review, scheduling, steps
from learn.workshop.models import CourseStep, WorkCourse
from learn.workshop.review import PUBLISH_PLANNED
from tests.courses.folders import SECOND, TEXTS, Shelf, change, current
from tests.workshop.drafts import COURSE, FAULTY, TWO, author, publish_small, revision, write

SOON = timedelta(hours=2)


@pytest.fixture
def work(app: object, database: Database, configs: object, kind: str) -> jobs.Work:
    config: Config = configs(kind)  # type: ignore[operator]
    return jobs.Work(config, database)


@pytest.fixture
def shelf(work: jobs.Work) -> Shelf:
    return Shelf(work.database, Storage(work.config.storage))


@pytest.fixture
def jana(shelf: Shelf, database: Database, db: Session, tmp_path: Path) -> Actor:
    publish_small(shelf, tmp_path)
    who = author(db)
    write(database, who)
    return who


def plan(database: Database, who: Actor, at: datetime | None = None) -> datetime:
    when = (at or clock.now() + SOON).replace(microsecond=0)
    with database.writing() as session:
        review.plan(session, who, COURSE, when, revision=revision(database))
    return when


def run(work: jobs.Work, who: Actor, at: datetime) -> None:
    scheduling.publish_planned(work, course_id=COURSE, at=at.isoformat(), person_id=who.owner)


def taken(db: Session) -> list[str]:
    return list(db.scalars(select(CourseStep.step).order_by(CourseStep.id)))


def test_it_is_published_at_its_time_and_once(work: jobs.Work, db: Session, jana: Actor) -> None:
    at = plan(work.database, jana)
    row = db.scalars(select(Job).where(Job.name == PUBLISH_PLANNED)).one()
    assert (row.run_at, row.arguments["at"]) == (at, at.isoformat())
    with time_machine.travel(at):
        run(work, jana, at)
        run(work, jana, at)  # the job of a killed worker comes back
    assert current(db, "kleiner-kurs").number == 2
    assert taken(db) == [steps.PLANNED, steps.PUBLISHED]
    assert db.get_one(WorkCourse, COURSE).publish_at is None
    event = db.scalars(select(Event).where(Event.kind == publishing.LIVE)).one()
    assert event.data.get("by") is None


def test_what_was_called_off_or_planned_anew_does_nothing(work: jobs.Work, db: Session, jana: Actor) -> None:
    first = plan(work.database, jana)
    later = plan(work.database, jana, first + SOON)
    run(work, jana, first)
    with work.database.writing() as session:
        review.call_off(session, jana, COURSE, revision=revision(work.database))
    run(work, jana, later)
    assert current(db, "kleiner-kurs").number == 1
    assert taken(db) == [steps.PLANNED, steps.PLANNED, steps.CANCELLED]


@pytest.mark.parametrize("why", ["fault", "saved", "git", "clash"])
def test_what_cannot_be_done_publishes_nothing_and_says_so(
    work: jobs.Work, db: Session, shelf: Shelf, jana: Actor, tmp_path: Path, why: str
) -> None:
    if why == "fault":
        write(work.database, jana, FAULTY)
    at = plan(work.database, jana)
    folder = tmp_path / "kleiner-kurs"
    if why == "saved":
        write(work.database, jana, TEXTS[SECOND].replace("Noch ein", "Kein"), TWO)
    elif why == "git":
        change(folder / SECOND, "Noch ein", "Kein")
        shelf.publish(folder)
    elif why == "clash":
        change(folder / "01-anfang/01-eins.md", "Ein Satz", "Kein Satz")
        shelf.publish(folder)
    before = current(db, "kleiner-kurs").number
    run(work, jana, at)
    run(work, jana, at)
    assert current(db, "kleiner-kurs").number == before
    assert taken(db) == [steps.PLANNED, steps.FAILED]
    step = db.scalars(select(CourseStep).where(CourseStep.step == steps.FAILED)).one()
    assert ("Fehler" if why == "fault" else "Inzwischen") in step.note
    assert db.scalars(select(Event.kind)).all() == [review.FAILED]
    assert db.get_one(WorkCourse, COURSE, populate_existing=True).publish_at is None


def test_times_are_those_of_berlin() -> None:
    assert scheduling.local_time("2026-06-09", "08:00") == datetime(2026, 6, 9, 6, 0, tzinfo=UTC)
    assert scheduling.local_time("2026-12-09", "08:00") == datetime(2026, 12, 9, 7, 0, tzinfo=UTC)
    for day, time, field in (("2027-03-28", "02:30", "time"), ("morgen", "8", "day"), ("", "", "day")):
        with pytest.raises(Refused) as caught:
            scheduling.local_time(day, time)
        assert caught.value.field == field


def test_a_time_lies_ahead_within_a_year(work: jobs.Work, jana: Actor) -> None:
    for when in (clock.now() - SOON, clock.now() + timedelta(days=366)):
        with pytest.raises(Refused, match="Zukunft"):
            plan(work.database, jana, when)


def test_a_large_course_is_checked_and_published_by_the_worker(
    work: jobs.Work, db: Session, jana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MANY", 0)
    storage = Storage(work.config.storage)
    seen = revision(work.database)

    def look() -> assessing.Assessment:
        with work.database.reading() as session:
            return assessing.assess(session, work.database, storage, jana, COURSE)

    assert (look().report, look().steps[0]) == (None, "pruefen")
    with work.database.writing() as session:
        scheduling.ask_for_check(session, COURSE, revision=seen)
    assert look().checking
    scheduling.check_course(work, course_id=COURSE, revision=seen)
    found = look()
    assert found.report == kept_report.loaded(
        kept_report.dumped(publishing.check(work.database, storage, COURSE))
    )
    assert found.steps[0] == "veroeffentlichen"
    with work.database.writing() as session:
        review.hand_over(session, jana, COURSE, revision=seen)
    assert look().situation.busy
    row = db.scalars(select(Job).where(Job.name == PUBLISH_PLANNED)).one()
    scheduling.publish_planned(work, **row.arguments)
    assert current(db, "kleiner-kurs").number == 2
    write(work.database, jana, TEXTS[SECOND].replace("Noch ein", "Kein"), TWO)
    assert look().report is None  # what was found is about another state


@pytest.mark.parametrize("how", ["role", "closed", "erased"])
@pytest.mark.parametrize("approved", [False, True])
def test_who_writes_no_courses_any_more_publishes_nothing_unless_it_was_approved(
    work: jobs.Work, db: Session, jana: Actor, how: str, *, approved: bool
) -> None:
    tom = author(db, "Tom Berg", "coordinator")
    if approved:
        with work.database.writing() as session:
            review.hand_in(session, jana, COURSE, "", revision=revision(work.database))
            review.approve(session, tom, COURSE, "", revision=revision(work.database))
    at = plan(work.database, jana)
    with work.database.writing() as session:
        if how == "role":
            session.execute(delete(PersonRole).where(PersonRole.person_id == jana.owner))
        elif how == "closed":
            session.get_one(Person, jana.owner).active = False
        else:
            erasure.erase(session, work.config, jana.owner, by=audit.COMMAND_LINE)
    run(work, jana, at)
    assert current(db, "kleiner-kurs").number == (2 if approved else 1)
    step = db.scalars(select(CourseStep).order_by(CourseStep.id.desc()).limit(1)).one()
    assert step.step == (steps.PUBLISHED if approved else steps.FAILED)
    assert step.person_id == (None if how == "erased" else jana.person_id)
    if not approved:
        assert step.note == scheduling.GONE
        event = db.scalars(select(Event).where(Event.kind == review.FAILED)).one()
        batch = notifying.planners(db, work.config, event, 0)
        assert [each.person_id for each in batch.recipients] == [tom.owner], "somebody hears of it"


def test_who_plans_a_time_that_was_called_off_is_who_publishes(
    work: jobs.Work, db: Session, jana: Actor
) -> None:
    tom = author(db, "Tom Berg")
    at = plan(work.database, jana)
    with work.database.writing() as session:
        review.call_off(session, jana, COURSE, revision=revision(work.database))
    assert plan(work.database, tom, at) == at
    (row,) = db.scalars(select(Job).where(Job.name == PUBLISH_PLANNED)).all()
    scheduling.publish_planned(work, **row.arguments)
    last = db.scalars(select(CourseStep).order_by(CourseStep.id.desc()).limit(1)).one()
    assert (last.step, last.person_id) == (steps.PUBLISHED, tom.person_id)


def test_without_a_worker_people_go_on_after_a_while(work: jobs.Work, db: Session, jana: Actor) -> None:
    at = plan(work.database, jana)

    def look() -> assessing.Assessment:
        storage = Storage(work.config.storage)
        with work.database.reading() as session:
            return assessing.assess(session, work.database, storage, jana, COURSE)

    with time_machine.travel(at + timedelta(minutes=1)):
        assert (look().situation.busy, look().steps) == (True, ())
    with time_machine.travel(at + timedelta(minutes=11)):
        found = look()
        assert (found.late, found.situation.busy) == (True, False)
        assert {"veroeffentlichen", "absagen"} <= set(found.steps)
        storage = Storage(work.config.storage)
        assert publishing.publish(work.database, storage, jana, COURSE).published
        run(work, jana, at)  # the worker is there again
    assert taken(db) == [steps.PLANNED, steps.PUBLISHED]
