"""`learn person`: hands out and erases one person at once, leaves no trace, and says what it did."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from learn.accounts import requests, tickets
from learn.accounts.models import JoinRequest, Person, Ticket
from learn.config import Config
from learn.core import clock, mail
from learn.core.db import Database
from learn.core.models import AuditEntry, Erasure, Job
from tests.cli.conftest import Learn
from tests.factories import make_municipality, make_person

EMAIL = "Rosalinde.Quast@stadt.example"
NAME = "Rosalinde Quast"


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """One person, another, and a mail to each in the folder."""
    made = Database.of(instance)
    with made.writing() as session:
        make_person(session, name=NAME, email=EMAIL)
        make_person(session, name="Otmar Ohnsorg", email="otmar@stadt.example")
    for number, to in enumerate((EMAIL, "otmar@stadt.example")):
        message = mail.Message(to, "Betreff", "Guten Tag,\n\nText")
        built = mail.build(instance, message, f"2026112100000{number}.{number:016x}", clock.now())
        mail.transport(instance).deliver(built)
    yield made
    made.dispose()


def log(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        columns = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
        found = session.execute(select(*columns).order_by(AuditEntry.id))
        return [(actor, action, subject) for actor, action, subject in found]


def test_the_export_is_one_private_file_and_noted(
    learn: Learn, instance: Config, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "rosalinde.zip"
    said = learn("person", "export", EMAIL.lower(), str(file), config=instance)
    assert (said.code, said.out, said.err) == (0, f"Ausgegeben: {file}\n", "")
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        account = json.loads(archive.read("json/konto.json"))
    assert [row["name"] for row in account] == [NAME]
    assert log(database) == [("kommandozeile", "konto.ausgegeben", "person:1")]
    assert [path.name for path in tmp_path.iterdir() if path.name != "instance"] == [file.name]


def test_an_export_overwrites_nothing(
    learn: Learn, instance: Config, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "schon.zip"
    file.write_text("wichtig")
    said = learn("person", "export", EMAIL, str(file), config=instance)
    assert (said.code, said.err) == (1, f"{file} gibt es schon. Nehmen Sie einen anderen Namen.\n")
    assert file.read_text() == "wichtig"
    assert log(database) == []
    missing = learn("person", "export", EMAIL, str(tmp_path / "kein" / "ordner.zip"), config=instance)
    assert missing.code == 1
    assert missing.err.endswith("Das gibt es nicht.\n")


@pytest.mark.parametrize("words", [("export", "x.zip"), ("erase", "--yes")])
def test_an_unknown_address_is_one_sentence(
    learn: Learn, instance: Config, database: Database, words: tuple[str, str]
) -> None:
    said = learn("person", words[0], "niemand@stadt.example", words[1], config=instance)
    assert (said.code, said.err) == (1, "Zu niemand@stadt.example ist nichts gespeichert.\n")


def test_erasing_is_done_at_once(learn: Learn, instance: Config, database: Database) -> None:
    said = learn("person", "erase", EMAIL, "--yes", config=instance)
    assert (said.code, said.err) == (0, "")
    assert said.out == "Gelöscht. Ältere Sicherungen enthalten die Person noch, bis Sie sie ersetzen.\n"
    with database.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["Otmar Ohnsorg"]
        assert session.scalars(select(Erasure.person_id)).all() == [1]
    assert log(database) == [("kommandozeile", "konto.geloescht", "person:1")]
    left = [path.read_text() for path in (instance.instance / "mail").glob("*.eml")]
    assert ["otmar@stadt.example" in text for text in left] == [True]
    everything = b"".join(path.read_bytes() for path in instance.instance.rglob("*") if path.is_file())
    for word in ("rosalinde", "quast"):
        assert word.encode() not in everything.lower()
    again = learn("person", "erase", EMAIL, "--yes", config=instance)
    assert (again.code, again.err) == (1, f"Zu {EMAIL} ist nichts gespeichert.\n")


def test_without_a_terminal_erasing_needs_the_option(
    learn: Learn, instance: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ja\n"))
    said = learn("person", "erase", EMAIL, config=instance)
    assert (said.code, said.err) == (1, "Ohne Rückfrage löscht nur „learn person erase EMAIL --yes“.\n")


@pytest.mark.parametrize(("answer", "left"), [("ja", 1), ("", 2), ("nein", 2)])
def test_a_terminal_is_asked(
    learn: Learn,
    instance: Config,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    left: int,
) -> None:
    typed = io.StringIO(f"{answer}\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    said = learn("person", "erase", EMAIL, config=instance)
    assert said.err.startswith(f"{EMAIL} mit allem löschen, was dazu gehört?")
    assert said.code == (0 if left == 1 else 1)
    with database.reading() as session:
        assert len(session.scalars(select(Person.id)).all()) == left


def test_who_has_no_account_yet_is_found_by_her_address(
    learn: Learn, instance: Config, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        town = make_municipality(session)
        for email in ("neu@stadt.example", "Andere@stadt.example"):
            requests.ask(
                session, instance, requests.ACCOUNT, email=email, name="Neu", municipality_id=town.id
            )
    file = tmp_path / "neu.zip"
    assert learn("person", "export", "neu@stadt.example", str(file), config=instance).code == 0
    with zipfile.ZipFile(file) as archive:
        assert "json/anfragen.json" in archive.namelist()
        assert "json/konto.json" not in archive.namelist()
    assert learn("person", "erase", "neu@stadt.example", "--yes", config=instance).code == 0
    with database.reading() as session:
        assert session.scalars(select(JoinRequest.email)).all() == ["Andere@stadt.example"]
        assert session.scalars(select(Erasure)).all() == []
    assert log(database)[-2:] == [
        ("kommandozeile", "konto.ausgegeben", "ohne-konto"),
        ("kommandozeile", "konto.geloescht", "ohne-konto"),
    ]


def test_a_page_of_the_operator_that_names_her_is_pointed_out(
    learn: Learn, instance: Config, database: Database
) -> None:
    page = instance.instance / "seiten" / "impressum.md"
    page.write_text(f"# Impressum\n\nVerantwortlich: {NAME}\n", encoding="utf-8")
    said = learn("person", "erase", EMAIL, "--yes", config=instance)
    assert (said.code, said.err) == (0, "impressum.md nennt diese Person noch. Prüfen Sie die Seite.\n")


def test_the_last_coordinator_is_told(learn: Learn, instance: Config, database: Database) -> None:
    with database.writing() as session:
        make_person(session, email="koordination@stadt.example", roles=["coordinator"])
    said = learn("person", "erase", "koordination@stadt.example", "--yes", config=instance)
    assert said.code == 0
    assert said.err.startswith("Danach hat das Netzwerk keine Koordination.")


def test_mails_to_an_address_she_wanted_go_with_her(
    learn: Learn, instance: Config, database: Database
) -> None:
    """Unless it has become somebody else's."""
    wanted, taken = "rosalinde.neu@stadt.example", "otmar@stadt.example"
    with database.writing() as session:
        for address in (wanted, taken):
            data = {"email": address}
            tickets.issue(
                session, tickets.ADDRESS, timedelta(days=1), person_id=1, email_key=address, data=data
            )
            mail.send(session, mail.Message(address, "Betreff", "Text"))
    message = mail.Message(wanted, "Betreff", "Text")
    mail.transport(instance).deliver(mail.build(instance, message, "20261121000009.9", clock.now()))
    learn("person", "erase", EMAIL, "--yes", config=instance)
    with database.reading() as session:
        waiting = session.scalars(select(Job.arguments).where(Job.name == "send_mail")).all()
        assert session.scalars(select(Job.id).where(Job.name == "forget_mails")).all() == []
    assert [arguments["to"] for arguments in waiting] == [taken]
    left = [path.read_text() for path in (instance.instance / "mail").glob("*.eml")]
    assert [taken in text for text in left] == [True]


def test_nothing_waits_that_names_her(learn: Learn, instance: Config, database: Database) -> None:
    with database.writing() as session:
        mail.send(session, mail.Message(EMAIL, "Betreff", "Text"))
        mail.send(session, mail.Message("otmar@stadt.example", "Betreff", "Text"))
    learn("person", "erase", EMAIL, "--yes", config=instance)
    with database.reading() as session:
        waiting = session.scalars(select(Job.arguments).where(Job.name == "send_mail")).all()
        assert session.scalars(select(Ticket)).all() == []
    assert [arguments["to"] for arguments in waiting] == ["otmar@stadt.example"]
