"""The daily job: all published courses, learners and askers, each course in transactions of its own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.db import Database
from learn.core.jobs import Work
from learn.courses import queries as shelf
from learn.courses.report import Learners
from learn.forum import askers
from learn.forum.audience import Reader
from learn.forum.models import PostAuthor, Question
from learn.learning import figures, service
from learn.learning.figures import Figure, Shown
from learn.learning.models import CourseFigures
from learn.network.models import Municipality
from learn.workshop import counting
from tests.forum.factories import make_cohort, make_question, make_reader
from tests.learning.factories import make_actor
from tests.learning.test_concurrency import at_once
from tests.site import sensors

COURSE, LESSON = "kur_sensoren", "les_messen00"


def ask(db: Session, who: Reader, *, level: str = "netzwerk", **values: object) -> Question:
    question = make_question(db, who, level=level, **values)
    question.course_id, question.lesson_id = COURSE, LESSON
    db.flush()
    return question


def test_people_are_counted_who_asked_where_many_read(db: Session) -> None:
    sensors.publish(db)
    jana, kim = (make_reader(db, name=name) for name in ("Jana Hellweg", "Kim Sauer"))
    ask(db, jana)
    ask(db, jana, level="oeffentlich")
    gone = ask(db, kim)
    ali = make_reader(db, name="Ali Kaya")
    cohort = make_cohort(db, db.get_one(Municipality, ali.actor.municipality_id))
    ask(
        db,
        replace(ali, circles=(*(ali.circles or ()), f"klasse:{cohort.id}")),
        level="klasse",
        cohort_id=cohort.id,
    )
    ask(db, ali).listed = ""
    make_question(db, ali)
    db.flush()
    assert askers.by_lesson(db, COURSE) == {LESSON: 2}
    post = db.scalars(select(PostAuthor).where(PostAuthor.person_id == kim.actor.owner)).one()
    db.delete(post)
    db.flush()
    assert gone.listed
    assert askers.by_lesson(db, COURSE) == {LESSON: 1}


def test_the_job_counts_every_published_course(app: Flask, db: Session, database: Database) -> None:
    sensors.publish(db)
    release = shelf.current_by_id(db, [COURSE])[COURSE]
    for number in range(6):
        service.enrol(db, make_actor(db, f"Person {number}"), release)
        ask(db, make_reader(db, name=f"Fragende {number}"))
    work = Work(app.extensions["learn.config"], database)
    counting.count_courses(work)
    found = figures.shown(db, COURSE)
    assert (found.of(figures.ENROLLED), found.of(figures.asked(LESSON))) == (Figure(6), Figure(6, about=True))
    counting.count_course(database, "kur_gibtsnic")
    assert [row.course_id for row in db.scalars(select(CourseFigures))] == [COURSE]


@pytest.fixture
def own(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


def test_two_counts_at_once_store_one_row(own: Database) -> None:
    with own.writing() as session:
        sensors.publish(session)
    at_once(own, *[lambda session: figures.store(session, COURSE, {figures.ENROLLED: 7})] * 4)
    with own.reading() as session:
        assert [row.shown["public"] for row in session.scalars(select(CourseFigures))] == [[7]]


def test_the_report_before_publishing_speaks_in_public_numbers() -> None:
    found = figures.settle(Shown(), {figures.ENROLLED: 40, figures.COMPLETED: 12})
    end = "wiederholen etwas. Niemand verliert Fortschritt."
    for people, words in {
        (43, 38, 8): "40 Lernende eingeschrieben. Rund 40 sehen einen Hinweis, rund 12",
        (43, 30, 3): "40 Lernende eingeschrieben. Mindestens 12 sehen einen Hinweis, weniger als 5",
        (43, 6, 0): "40 Lernende eingeschrieben. Mindestens 5 sehen einen Hinweis, 0",
    }.items():
        assert counting.told(found, Learners(*people)) == f"{words} {end}"
    few = "Weniger als 5 Lernende eingeschrieben. Weniger als 5 sehen einen Hinweis, weniger als 5"
    assert counting.told(Shown(), Learners(43, 38, 0)) == f"{few} {end}"
