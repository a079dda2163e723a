"""Notes, bookmarks and Fahrpläne as they are handed out say what the pages show, in words."""

import pytest
from sqlalchemy.orm import Session

from learn.accounts.views import own_data
from learn.core import clock
from learn.core.i18n import day
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.learning.models import Bookmark, Note
from tests.client import CheckingClient
from tests.site import sensors
from tests.site.test_kept import keep, write
from tests.site.test_own_learning import files, rows
from tests.site.test_plans import save

TODAY = day(clock.today())


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has fetched anything yet."""
    monkeypatch.setattr(own_data, "EXPORTS", Pace(Limit("export", tries=99, seconds=600)))


def test_nothing_kept_is_no_file(learner: CheckingClient) -> None:
    assert not any("notizen" in name or "gemerkt" in name for name in files(learner))


def test_notes_and_bookmarks_read_as_in_mein_lernen(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    write(learner, "Eine *Zeile*\n# noch eine", "weg")
    keep(learner)
    sensors.publish(db, sensors.ENTRIES[1:])
    text = files(learner)["lesen/notizen.md"]
    assert text == (
        "# Meine Notizen und gemerkten Stellen\n\n## Messen\n\nKurs „Sensoren“.\n\n"
        f"Ganze Lektion, gemerkt am {TODAY}.\n\n"
        f"Abschnitt „Der Weg“, Notiz vom {TODAY}:\n\n> Eine *Zeile*\n> # noch eine\n\n"
    )
    (note,) = rows(learner, "notizen")
    told = ("Sensoren", "Messen", "Der Weg", "Eine *Zeile*\n# noch eine", "weg", 1)
    assert tuple(note[key] for key in ("kurs", "lektion", "abschnitt", "notiz", "stelle", "fassung")) == told
    (bookmark,) = rows(learner, "gemerkt")
    assert (bookmark["kurs"], bookmark["lektion"], bookmark["abschnitt"]) == ("Sensoren", "Messen", "")


def test_every_column_of_a_row_is_handed_out(learner: CheckingClient, db: Session, sensoren: str) -> None:
    write(learner, "Text", "weg")
    keep(learner, "weg")
    for table, name in ((Note, "notizen"), (Bookmark, "gemerkt")):
        row, said = db.query(table).one(), list(rows(learner, name)[0].values())
        for column in set(table.__table__.columns.keys()) - {"id", "person_id"}:
            value = getattr(row, column)
            assert (value.isoformat() if column == "day" else value) in said


def test_a_plan_is_a_heading_with_its_fields(learner: CheckingClient, sensoren: str) -> None:
    save(learner)
    text = files(learner)["lesen/fahrplaene.md"]
    assert "## Nutzen" in text
    for field in ("**Anlass**\n\n> Es zieht.\n> Immer.", "**Wer: Fragen**\n\n> Bauamt", "> (leer)"):
        assert field in text
