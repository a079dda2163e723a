"""What the subject of the matrix keeps and shows of her learning: a note, a bookmark, a Nachweis."""

from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core import clock
from learn.courses import queries as shelf
from learn.learning.models import Bookmark, Certificate, CertificateStatus, Note
from learn.learning.sheets import sheet_of

CODE = "c0de" * 8


def kept(session: Session, subject: Person) -> dict[str, int]:
    """A note and a bookmark of the subject."""
    at = {"course_id": "kur_sensoren", "lesson_id": "les_messen", "edition": 1, "person_id": subject.id}
    note = Note(**at, body="x", revision=1, key="k", day=clock.today())
    bookmark = Bookmark(**at, day=clock.today())
    session.add_all([note, bookmark])
    session.flush()
    return {"note_id": note.id, "bookmark_id": bookmark.id}


def certified(session: Session, subject: Person) -> None:
    """A Nachweis of the subject, with its badge."""
    release = next(iter(shelf.current_by_id(session, ["kur_sensoren"]).values()))
    session.add(CertificateStatus(position=7))
    session.flush()
    nachweis = Certificate(
        code=CODE,
        person_id=subject.id,
        course_id=release.course_id,
        release_id=release.id,
        edition=1,
        name=subject.name,
        sheet=sheet_of(release, "Netz").as_json(),
        completed_on=clock.today(),
        issued_on=clock.today(),
        named=False,
        position=7,
        credential="a.b.c",
    )
    session.add(nachweis)
    session.flush()
