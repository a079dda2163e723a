"""Topics at the desk: what is renamed or added shows everywhere at once."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.db import Database
from learn.core.models import AuditEntry
from learn.core.storage import Storage
from learn.courses.models import Course
from learn.network import vocabulary
from learn.network.models import Topic
from tests.client import CheckingClient
from tests.courses.folders import Shelf, change, other, small
from tests.desk.forum import browser

LIST = "/verwaltung/themen"


@pytest.fixture
def desk(app: Flask, db: Session) -> CheckingClient:
    return browser(app, db, "coordinator")[0]


def test_the_list_shows_all_with_their_words(desk: CheckingClient, db: Session) -> None:
    db.add(Topic(slug="parken", name="Parken <neu>", accepted=False))
    db.flush()
    page = desk.get(LIST).text
    for words in ("Sensorik", "LoRaWAN", "Parken &lt;neu&gt;"):
        assert words in page
    assert "1 wartet" in desk.get("/verwaltung").text


def test_a_new_name_is_everywhere(desk: CheckingClient) -> None:
    assert ">Klima<" in desk.get("/kommunen").text
    answer = desk.submit(f"{LIST}/klima/name", {"name": "Hitzeschutz"})
    assert answer.headers["Location"] == f"{LIST}/klima"
    assert "Der Name ist geändert." in desk.get(f"{LIST}/klima").text
    page = desk.get("/kommunen").text
    assert ">Hitzeschutz<" in page
    assert ">Klima<" not in page


@pytest.fixture
def shelf(app: Flask, database: Database) -> Shelf:
    config: Config = app.extensions["learn.config"]
    return Shelf(database, Storage(config.storage))


def test_courses_are_found_by_the_new_name(
    desk: CheckingClient, db: Session, shelf: Shelf, tmp_path: Path
) -> None:
    db.add(Topic(slug="parken", name="Parkraum", accepted=False))
    db.flush()
    folder = small(tmp_path)
    change(folder / "kurs.md", "---\n\n", "thema: [klima, parken]\n---\n\n")
    shelf.publish(folder)
    shelf.publish(other(tmp_path, "anderer-kurs"))
    untouched = db.scalar(select(Course.words).where(Course.slug == "anderer-kurs"))

    def finds(word: str) -> bool:
        return "/kurse/kleiner-kurs" in desk.get(f"/kurse?q={word}").text

    assert finds("Klima")
    assert not finds("Parkraum")
    desk.submit(f"{LIST}/klima/name", {"name": "Hitzeschutz"})
    desk.submit(f"{LIST}/parken/annehmen")
    assert finds("Hitzeschutz")
    assert finds("Parkraum")
    assert not finds("Klima")
    for word in ("Hitzeschutz", "Parkraum"):
        assert "/kurse/kleiner-kurs" in desk.get(f"/suche?q={word}").text
    assert db.scalar(select(Course.words).where(Course.slug == "anderer-kurs")) == untouched


def test_a_new_topic_can_be_chosen(desk: CheckingClient, db: Session) -> None:
    desk.submit(LIST, {"name": "Bürgerdienste"})
    assert 'value="buergerdienste"' in desk.get("/kommunen").text
    desk.submit(f"{LIST}/buergerdienste/verschieben", {"way": "hoch"})
    assert list(vocabulary.vocabulary(db).topics)[-2] == "buergerdienste"
    desk.submit(f"{LIST}/buergerdienste/synonyme", {"synonym": "Onlinezugang"})
    desk.submit(f"{LIST}/buergerdienste/einordnen", {"parent": "steuerung"})
    page = desk.get(f"{LIST}/buergerdienste").text
    assert "Onlinezugang" in page
    assert 'value="steuerung" selected' in page
    desk.submit(f"{LIST}/buergerdienste/synonyme/entfernen", {"synonym": "Onlinezugang"})
    assert "<div>Onlinezugang</div>" not in desk.get(f"{LIST}/buergerdienste").text
    actions = db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == [
        "thema.angelegt",
        "thema.geordnet",
        "thema.synonym_ergaenzt",
        "thema.eingeordnet",
        "thema.synonym_entfernt",
    ]


def test_proposals_are_accepted_or_refused(desk: CheckingClient, db: Session) -> None:
    for slug in ("parken", "blockchain"):
        db.add(Topic(slug=slug, name=slug.title(), accepted=False))
    db.flush()
    desk.submit(f"{LIST}/parken/annehmen")
    assert 'value="parken"' in desk.get("/kommunen").text
    assert "gehört zu" in desk.get(f"{LIST}/blockchain").text
    answer = desk.submit(f"{LIST}/blockchain/ablehnen", {"instead": "it-sicherheit"})
    assert answer.headers["Location"] == LIST
    assert desk.get(f"{LIST}/blockchain").status_code == 404
    assert vocabulary.vocabulary(db).find("Blockchain") == "it-sicherheit"
    assert desk.submit(f"{LIST}/parken/ablehnen").status_code == 409


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        ("", {"name": "x"}, "2 bis 60 Zeichen"),
        ("", {"name": "IoT"}, "bedeutet schon das Thema „Sensorik“"),
        ("/klima/name", {"name": ""}, "2 bis 60 Zeichen"),
        ("/klima/synonyme", {"synonym": "Sensorik"}, "bedeutet schon"),
        ("/klima/einordnen", {"parent": "nirgends"}, "Wählen Sie ein Thema"),
    ],
)
def test_faults_stand_at_their_field(
    desk: CheckingClient, path: str, values: dict[str, str], words: str
) -> None:
    answer = desk.submit(LIST + path, values)
    assert answer.status_code == 422
    assert answer.text.count(words) >= 2  # in the summary and at the field
    assert "<title>Fehler: " in answer.text
    assert 'aria-invalid="true"' in answer.text or path == "/klima/einordnen"


@pytest.mark.parametrize("path", ["/nirgends", "/nirgends/name"])
def test_what_is_not_there(desk: CheckingClient, path: str) -> None:
    answer = desk.submit(LIST + path, {"name": "x"}) if path.endswith("name") else desk.get(LIST + path)
    assert answer.status_code == 404
    assert desk.submit(f"{LIST}/nirgends/verschieben", {"way": "hoch"}).status_code == 404


@pytest.mark.parametrize("role", ["operator", "trainer", "expert"])
def test_nobody_else_comes_near(app: Flask, db: Session, role: str) -> None:
    client, _who = browser(app, db, role)
    for path in ("", "/klima"):
        assert client.get(LIST + path).status_code == 403
    for path in ("", "/klima/name", "/klima/synonyme", "/klima/annehmen", "/klima/verschieben"):
        assert client.submit(LIST + path, {"name": "Anders"}).status_code == 403
