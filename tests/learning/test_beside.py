"""What stands beside a lesson is read in one statement, for its person alone, for visitors not at all."""

from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import VISITOR
from learn.learning import notes
from learn.learning.beside import NOTES, NOTHING, beside
from learn.learning.models import Bookmark, Note, UnclearMark
from learn.learning.spots import Spot
from tests.learning.factories import make_actor


def test_everything_beside_a_lesson_is_its_persons_alone(db: Session) -> None:
    jana, nils = make_actor(db), make_actor(db, "Nils Roth")
    at = {"course_id": "kur_1", "lesson_id": "les_1", "edition": 1}
    for number, words in enumerate(("Erst", "Dann")):
        note = Note(person_id=jana.owner, **at, body=words, revision=1, key=str(number), day=clock.today())
        db.add(note)
    db.add(Bookmark(person_id=jana.owner, **at, slug="takt", heading="Takt", day=clock.today()))
    db.add(UnclearMark(person_id=jana.owner, **at))
    db.flush()
    mine = beside(db, jana, "les_1", 1)
    assert [each.body for each in mine.notes] == ["Erst", "Dann"]
    assert mine.notes[0].day == clock.today()
    assert [(each.slug, each.heading) for each in mine.bookmarks] == [("takt", "Takt")]
    assert mine.unclear
    assert not mine.more
    assert not beside(db, jana, "les_1", 2).unclear
    assert beside(db, jana, "les_2", 1) == beside(db, nils, "les_1", 1) == NOTHING
    assert beside(db, VISITOR, "les_1", 1) is NOTHING


def test_a_lesson_shows_the_latest_notes(db: Session) -> None:
    jana = make_actor(db)
    for number in range(NOTES + 3):
        notes.add(db, jana, Spot("kur_1", "les_1", 1), f"Notiz {number}", str(number))
    mine = beside(db, jana, "les_1", 1)
    assert mine.more
    assert [each.body for each in mine.notes] == [f"Notiz {number}" for number in range(3, NOTES + 3)]
