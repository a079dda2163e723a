"""„Unklar“: one mark of a person and edition, however often and from wherever it is pressed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import VISITOR, NotSignedIn, Refused
from learn.core.db import Database
from learn.core.owndata import Owner
from learn.courses.manifest import LessonEntry
from learn.courses.models import LessonVersion
from learn.learning import keeping, unclear
from learn.learning.models import UnclearMark
from tests.learning.factories import make_actor, manifest_of, publish
from tests.learning.test_concurrency import at_once

LESSON = LessonEntry("les_a", "a", "A", 1, 1, 5, required=True)
CLICKS = 8


@pytest.fixture
def own(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


def marks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(UnclearMark)) or 0


def test_clicks_at_once_are_one_mark_and_one_withdrawal(own: Database) -> None:
    with own.writing() as session:
        who, other = make_actor(session), make_actor(session, "Kim Sauer")
        release = publish(session, manifest_of([LESSON]))
        unclear.mark(session, other, release, "les_a", 1)
    for act, left in ((unclear.mark, 2), (unclear.withdraw, 1)):
        at_once(own, *[lambda session, act=act: act(session, who, release, "les_a", 1)] * CLICKS)
        with own.reading() as session:
            assert marks(session) == left


def test_an_earlier_edition_may_be_marked_one_that_never_was_may_not(db: Session) -> None:
    who = make_actor(db)
    publish(db, manifest_of([LESSON]))
    release = publish(db, manifest_of([replace(LESSON, edition=2)]))
    for edition in (1, 2, 2):
        unclear.mark(db, who, release, "les_a", edition)
    assert marks(db) == 2
    for act in (unclear.mark, unclear.withdraw):
        for edition in (0, 3, 2**40):
            with pytest.raises(Refused):
                act(db, who, release, "les_a", edition)
    with pytest.raises(Refused):
        unclear.mark(db, who, release, "les_b", 1)
    unclear.withdraw(db, who, release, "les_a", 1)
    assert marks(db) == 1


def test_visitors_have_no_marks(db: Session) -> None:
    release = publish(db, manifest_of([LESSON]))
    with pytest.raises(NotSignedIn):
        unclear.mark(db, VISITOR, release, "les_a", 1)


def test_her_data_name_course_and_lesson(db: Session) -> None:
    who = make_actor(db)
    release = publish(db, manifest_of([LESSON]))
    version = db.scalars(select(LessonVersion)).one()
    version.sheet = {"title": "Was Sensoren messen"}
    unclear.mark(db, who, release, "les_a", 1)
    db.flush()
    found = list(keeping.unclear(db, Owner(who.owner, "", "")))
    assert found == [("Sensoren", "Was Sensoren messen", 1, "kur_1", "les_a")]
