"""The button under a lesson: marking an edition as unclear and taking it back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.learning.models import UnclearMark
from tests.client import CheckingClient

HERE = "/kurse/sensoren/messen"


def marks(db: Session) -> list[tuple[str, str, int]]:
    found = db.scalars(select(UnclearMark))
    return [(each.course_id, each.lesson_id, each.edition) for each in found]


def test_a_mark_is_set_once_and_taken_back(learner: CheckingClient, db: Session, sensoren: str) -> None:
    wish = {"edition": "1", "press": "setzen"}
    for _click in range(2):
        answer = learner.submit(f"{HERE}/unklar", wish)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}#unklar")
        assert marks(db) == [("kur_sensoren", "les_messen00", 1)]
        assert "Sie haben angegeben: Hier ist etwas unklar." in learner.get(HERE).text
    for _click in range(2):
        answer = learner.submit(f"{HERE}/unklar", {**wish, "press": "zuruecknehmen"})
        assert (answer.status_code, marks(db)) == (303, [])
        assert "Mir ist hier etwas unklar" in learner.get(HERE).text


def test_an_edition_that_never_was_and_an_unknown_press_are_refused(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    for wish in ({"edition": "2"}, {"edition": "x"}, {}, {"edition": "1", "press": "anders"}):
        answer = learner.submit(f"{HERE}/unklar", {"press": "setzen", **wish})
        assert answer.status_code == 422
        assert "Noch nicht geändert" in answer.text
    assert marks(db) == []


def test_visitors_sign_in_first(client: CheckingClient, db: Session, sensoren: str) -> None:
    answer = client.submit(f"{HERE}/unklar", headers={"Referer": f"http://localhost{HERE}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/anmelden?weiter={HERE}")
    assert marks(db) == []
