"""What a demo's people have learnt: once, and enough that a course shows figures."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.cli.invented_forum import AUTHORS
from learn.cli.invented_learning import MARKED, PROGRESS, invent_learning
from learn.core.db import Database
from learn.learning import figures
from learn.learning.models import Enrolment, UnclearMark
from learn.workshop import counting
from tests.factories import make_municipality, make_person
from tests.site import sensors


def test_people_have_learnt_once_and_the_course_has_figures(database: Database, db: Session) -> None:
    sensors.publish(db)
    town = make_municipality(db)
    people = [make_person(db, name=author.name, email=author.email, municipality=town) for author in AUTHORS]
    assert len(PROGRESS) == len(people)
    invent_learning(database)
    begun = select(func.count()).select_from(Enrolment)
    assert db.scalar(begun) == len(people)
    counting.count_course(database, "kur_sensoren")
    shown = figures.shown(db, "kur_sensoren")
    assert shown.of(figures.ENROLLED).number == len(people)
    assert shown.of(figures.COMPLETED).number
    db.execute(delete(Enrolment))
    invent_learning(database)
    assert db.scalar(begun) == 0
    assert (db.scalar(select(func.count()).select_from(UnclearMark)) or 0) <= MARKED
