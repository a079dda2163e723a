"""The Werkstatt of a demo: said to be made up, made once, without errors, and gone for good when given up."""

from pathlib import Path

from sqlalchemy import func, select

from learn.cli.invented import PEOPLE
from learn.cli.invented_workshop import IN_REVIEW, IN_WORK, invent_workshop
from learn.cli.marked import import_towns
from learn.core.db import Database
from learn.core.storage import Storage
from learn.network import queries
from learn.workshop import publishing
from learn.workshop.models import ReviewComment, Supplement, WorkCourse
from tests.courses.folders import Shelf, small
from tests.factories import make_person


def test_drafts_a_review_and_a_supplement_are_invented_once(database: Database, tmp_path: Path) -> None:
    Shelf(database, Storage(tmp_path / "files")).publish(small(tmp_path))
    import_towns(database)
    with database.writing() as session:
        for person in PEOPLE:
            town = queries.town(session, person.ags) if person.ags else None
            make_person(session, email=person.email, name=person.name, municipality=town, roles=person.roles)
    invent_workshop(database)
    with database.writing() as session:
        found = session.execute(select(WorkCourse.title, WorkCourse.state).order_by(WorkCourse.title)).all()
        assert [tuple(row) for row in found] == [
            ("Lüften nach Plan (Demo)", "entwurf"),
            ("Sensoren im Rathaus (Demo)", "freigabe"),
        ]
        assert "(Demo)" in session.scalars(select(ReviewComment.body)).one()
        session.delete(session.scalars(select(Supplement)).one())
    invent_workshop(database)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Supplement)) == 0
        assert session.scalar(select(func.count()).select_from(WorkCourse)) == 2
    for files in (IN_REVIEW, IN_WORK):
        course_id = files["kurs.md"].split("id: ")[1].split("\n")[0]
        assert publishing.check(database, Storage(tmp_path / "files"), course_id).ok
