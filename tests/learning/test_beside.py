"""What stands beside a lesson is read in one statement, for its person alone, for visitors not at all."""

from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import VISITOR
from learn.learning.beside import NOTHING, beside
from learn.learning.models import Bookmark, Note, UnclearMark
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
    assert not beside(db, jana, "les_1", 2).unclear
    assert beside(db, jana, "les_2", 1) == beside(db, nils, "les_1", 1) == NOTHING
    assert beside(db, VISITOR, "les_1", 1) is NOTHING
