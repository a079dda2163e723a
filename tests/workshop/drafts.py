"""A small published course with a changed lesson, and the authors who work on it."""

from pathlib import Path

from sqlalchemy.orm import Session

from learn.accounts.queries import actors
from learn.core.access import Actor
from learn.core.db import Database
from learn.workshop import copies, saving
from tests.courses.folders import FIRST, TEXTS, Shelf, small
from tests.factories import make_person

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
BETTER = TEXTS[FIRST].replace("Ein Satz über", "Ein besserer Satz über")
FAULTY = TEXTS[FIRST].replace("![Ein Kasten]", "![]")
EDITION = BETTER.replace("dauer: 5min", "ausgabe: 2\ndauer: 5min")


def author(db: Session, name: str = "Jana Hellweg", role: str = "trainer") -> Actor:
    """Somebody who may write courses."""
    person = make_person(db, name=name, roles=[role])
    return actors(db, [person.id])[person.id]


def publish_small(shelf: Shelf, folder: Path) -> Path:
    """The small course as its first release; its folder."""
    course = small(folder)
    assert shelf.publish(course).published
    return course


def write(database: Database, who: Actor, text: str = BETTER, key: str = ONE) -> None:
    """Save a text of the course."""
    with database.writing() as session:
        found = copies.text(session, key)
        assert found is not None
        saving.save(session, who, key, text, base_revision=found.revision)


def revision(database: Database) -> int:
    """Which state the copy is in."""
    with database.reading() as session:
        found = copies.copy(session, COURSE)
        assert found is not None
        return found.revision
