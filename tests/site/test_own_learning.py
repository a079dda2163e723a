"""One's own learning as it is handed out says what the pages show, in words that make sense alone."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.accounts.views import own_data
from learn.core import clock
from learn.core.i18n import day
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.courses.models import Course
from tests.client import CheckingClient
from tests.site import sensors
from tests.site.forms import form
from tests.site.test_final import END, with_test
from tests.site.test_final import start as start_test
from tests.site.test_lesson import begin, complete
from tests.site.test_plans import save

TODAY = day(clock.today())


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has fetched anything yet."""
    monkeypatch.setattr(own_data, "EXPORTS", Pace(Limit("export", tries=99, seconds=600)))


def files(client: CheckingClient) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(client.get("/konto/daten/export.zip").data)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows(client: CheckingClient, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files(client)[f"json/{name}.json"])
    return found


def test_nothing_learned_is_no_file(learner: CheckingClient, jana: Person) -> None:
    assert not any("lernstand" in name or "fahrplaene" in name for name in files(learner))


def test_each_step_reads_as_on_the_pages(learner: CheckingClient, sensoren: str) -> None:
    begin(learner)
    text = files(learner)["lesen/lernstand.md"]
    assert text.startswith(f"# Mein Lernstand\n\n## Sensoren\n\nBegonnen am {TODAY}.")
    shown = learner.get("/lernen").text
    assert "0 von 2 Lektionen, noch etwa 12\N{NO-BREAK SPACE}Minuten" in shown
    assert "0 von 2 Lektionen, noch etwa 12\N{NO-BREAK SPACE}Minuten." in text
    assert "- Messen: als Nächstes\n- Montieren: offen\n- Nutzen: offen\n" in text
    complete(learner, "/kurse/sensoren/messen")
    text = files(learner)["lesen/lernstand.md"]
    assert "1 von 2 Lektionen, noch etwa 7\N{NO-BREAK SPACE}Minuten" in learner.get("/lernen").text
    assert "1 von 2 Lektionen, noch etwa 7\N{NO-BREAK SPACE}Minuten." in text
    assert f"- Messen: abgeschlossen am {TODAY}\n- Montieren: als Nächstes\n" in text


def test_a_lesson_written_anew_says_so(learner: CheckingClient, db: Session, sensoren: str) -> None:
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    sensors.publish(db, (replace(sensors.MEASURE, edition=2), *sensors.ENTRIES[1:]))
    assert "neu gefasst" in learner.get("/kurse/sensoren").text
    assert (
        f"- Messen: abgeschlossen am {TODAY}, seitdem neu gefasst\n" in files(learner)["lesen/lernstand.md"]
    )
    sensors.publish(db, (replace(sensors.MEASURE, edition=3, redo_from=3), *sensors.ENTRIES[1:]))
    assert "Bitte noch einmal" in learner.get("/kurse/sensoren/nutzen").text
    assert "- Messen: bitte noch einmal\n" in files(learner)["lesen/lernstand.md"]


def test_a_finished_course_tells_its_day_and_edition(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    sensors.publish(db, (sensors.MEASURE, sensors.USE))
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    sentence = f"Abgeschlossen am {TODAY}, Ausgabe 1"
    assert sentence in learner.get("/lernen").text
    assert f"{sentence}." in files(learner)["lesen/lernstand.md"]


def test_the_log_is_whole_and_named(learner: CheckingClient, sensoren: str) -> None:
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    found = files(learner)
    (row,) = rows(learner, "lernstand")
    assert (row["kurs"], row["was"], row["ereignis"], row["ausgabe"]) == (
        "Sensoren",
        "Messen",
        "abgeschlossen",
        1,
    )
    assert (row["kennung"], row["tag"]) == ("les_messen00", clock.today().isoformat())
    assert found["csv/lernstand.csv"].splitlines()[0].startswith("Tag;Kurs;Was;Ereignis;")
    assert json.loads(found["json/kurse.json"])[0]["kurs"] == "Sensoren"


def test_a_fahrplan_reads_field_by_field(learner: CheckingClient, sensoren: str) -> None:
    save(learner, **{"field-1": "Es zieht.\n# Keine Überschrift\n\n- kein Punkt"})
    text = files(learner)["lesen/fahrplaene.md"]
    assert f"## Nutzen\n\nKurs „Sensoren“, gespeichert am {TODAY}.\n" in text
    assert "**Anlass**\n\n> Es zieht.\n> # Keine Überschrift\n>\n> - kein Punkt\n" in text
    assert "**Schritt 2**\n\n> (leer)\n" in text
    (row,) = rows(learner, "fahrplaene")
    assert row["angaben"]["Wer: Fragen"] == "Bauamt"
    assert "csv/fahrplaene.csv" not in files(learner)


def test_an_open_test_gives_answers_in_words(learner: CheckingClient, db: Session, sensoren: str) -> None:
    with_test(db)
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    start_test(learner)
    action, fields = form(learner.get(END).text, "/abschluss")
    answers = {"answer-eine": "1", "answer-zahl": "24", "answer-viele": ["0", "1"], "save": "ja"}
    learner.submit(action, {**fields, **answers})
    (row,) = rows(learner, "abschlusstests")
    told = {each["frage"]: each["antwort"] for each in row["antworten"]}
    assert told["Welche Größe?"] == ["CO2"]
    assert told["Was hilft?"] == ["A", "B"]
    assert told["Wie viele?"] == ["24"]
    assert told["Wie heißt das?"] == []
    kept = {each["kennung"]: each["gespeichert"] for each in row["antworten"]}
    assert kept["eine"] == {"answer-eine": ["1"]}


def test_a_course_that_was_withdrawn_is_still_told(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    db.get_one(Course, "kur_sensoren").release_id = None
    db.flush()
    assert "## Sensoren" in files(learner)["lesen/lernstand.md"]
    assert rows(learner, "lernstand")[0]["was"] == "Messen"
