"""Reading people in at the desk: the report first, the file kept for its sender, the import by the worker."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learn.accounts import importing, uploads
from learn.accounts.models import Person
from learn.config import Config
from learn.core.jobs import Work
from learn.core.limits import MAX_BODY
from learn.core.models import AuditEntry, Job
from learn.core.storage import Storage
from learn.desk.importing import LARGEST
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person

HERE = "/verwaltung/personen/einlesen"
GOOD = "email;name;ags\na@olpe.example;Änne;05966024\nb@olpe.example;Bernd;05966024\n"


@pytest.fixture
def karla(db: Session, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(importing, "PAUSE", 0.0)
    town = make_municipality(db, name="Olpe", ags="05966024")
    return make_person(db, roles=["coordinator"], municipality=town)


@pytest.fixture
def desk(client: CheckingClient, karla: Person) -> CheckingClient:
    sign_in(client, karla)
    return client


@pytest.fixture
def config(app: Flask) -> Config:
    found = app.extensions["learn.config"]
    assert isinstance(found, Config)
    return found


def send(desk: CheckingClient, text: str | bytes) -> TestResponse:
    data = text if isinstance(text, bytes) else text.encode()
    head = 'Content-Disposition: form-data; name="{}"'
    body = b"\r\n".join(
        [
            b"--grenze",
            head.format("csrf_token").encode(),
            b"",
            desk.token().encode(),
            b"--grenze",
            f'{head.format("datei")}; filename="liste.csv"\r\nContent-Type: text/csv'.encode(),
            b"",
            data,
            b"--grenze--\r\n",
        ]
    )
    return desk.post(HERE, data=body, content_type="multipart/form-data; boundary=grenze")


def people(db: Session) -> int:
    return len(db.scalars(select(Person.id)).all())


def test_report_confirmation_import(desk: CheckingClient, app: Flask, db: Session, config: Config) -> None:
    answer = send(desk, GOOD.encode("cp1252"))
    assert answer.status_code == 303
    here = answer.headers["Location"]
    page = desk.get(here).text
    for words in ("2 Personen", "Windows-1252", "2 Personen aufnehmen", "Was geschieht"):
        assert words in page
    assert people(db) == 1, "the check writes nobody"
    assert desk.submit(here, {"invite": "ja"}).headers["Location"] == here
    assert "Das Einlesen läuft: 0 von 2 Zeilen." in desk.get(here).text
    desk.submit(here, {"invite": "ja"})
    (job,) = db.scalars(select(Job).where(Job.name == "import_people"))
    database = app.extensions["learn.database"].current()
    uploads.import_people(Work(config, database), **job.arguments)
    assert "2 Personen sind aufgenommen." in desk.get(here).text
    assert people(db) == 3
    assert db.scalars(select(AuditEntry.action)).all() == ["personen.eingelesen"]
    assert db.scalars(select(Job.id).where(Job.name == "invite_many")).all()


def test_faults_stand_by_line_and_nothing_is_kept(desk: CheckingClient, db: Session, config: Config) -> None:
    answer = send(desk, GOOD + "c;Carla <b>;05966024\n")
    assert answer.status_code == 422
    assert "Zeile 4: „c“ ist keine E-Mail-Adresse." in answer.text
    assert "Eine Zeile stimmt noch nicht" in answer.text
    assert "<title>Fehler: " in answer.text
    assert list(Storage(config.storage).keys()) == []
    assert people(db) == 1


@pytest.mark.parametrize(
    ("text", "sentence"), [("hallo", "Es fehlt die Spalte „email“"), ("", "Es fehlt die Spalte")]
)
def test_what_is_no_list_is_said_at_the_field(desk: CheckingClient, text: str, sentence: str) -> None:
    answer = send(desk, text)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_without_a_file(desk: CheckingClient) -> None:
    answer = desk.submit(HERE, {}, content_type="multipart/form-data")
    assert (answer.status_code, "Wählen Sie eine Datei aus." in answer.text) == (422, True)


def test_only_known_people_leave_nothing_to_do(desk: CheckingClient, karla: Person) -> None:
    answer = send(desk, f"email,name,ags\n{karla.email},Karla,05966024\n")
    page = desk.get(answer.headers["Location"]).text
    assert "Alle Personen der Liste haben schon ein Konto." in page
    assert "aufnehmen</span>" not in page


def test_a_list_belongs_to_who_sent_it(desk: CheckingClient, app: Flask, db: Session) -> None:
    here = send(desk, GOOD).headers["Location"]
    other = app.test_client()
    assert isinstance(other, CheckingClient)
    sign_in(other, make_person(db, roles=["coordinator"]))
    assert other.get(here).status_code == 404
    assert other.submit(here).status_code == 404
    assert other.submit(f"{here}/verwerfen").status_code == 404
    assert desk.get(here).status_code == 200


def test_thrown_away(desk: CheckingClient, db: Session, config: Config) -> None:
    here = send(desk, GOOD).headers["Location"]
    assert desk.submit(f"{here}/verwerfen").headers["Location"] == HERE
    assert list(Storage(config.storage).keys()) == []
    assert desk.get(here).status_code == 404


def test_a_file_may_be_larger_than_other_forms_but_not_endless(desk: CheckingClient) -> None:
    lines = "".join(f"person{number}@olpe.example;Person {number};05966024\n" for number in range(40_000))
    large = "email;name;ags\n" + lines
    assert MAX_BODY < len(large) < LARGEST
    assert send(desk, large).status_code == 303
    assert send(desk, b"x" * (LARGEST + 1)).status_code == 413
    assert desk.submit("/verwaltung/einladungen/kommune", {"x": "x" * MAX_BODY}).status_code == 413
