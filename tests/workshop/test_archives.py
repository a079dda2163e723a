"""Courses leave as a ZIP and come back: the same bytes, the same ids, nothing overwritten unasked."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learn import create_app
from learn.accounts.models import Person
from learn.config import Config
from learn.core import jobs
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.storage import Storage
from learn.workshop import comparing, copies, importing, media, saving, uploading
from learn.workshop.models import WorkCourse
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, SECOND, TEXTS, Shelf, example, small
from tests.factories import make_person

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"
HERE = "/werkstatt/einlesen"


@pytest.fixture
def shelf(app: Flask, database: Database) -> Shelf:
    """A shelf whose pictures lie where the application looks for them."""
    config: Config = app.extensions["learn.config"]
    return Shelf(database, Storage(config.storage))


@pytest.fixture
def author(db: Session, client: CheckingClient) -> Person:
    """A trainer, signed in."""
    found = make_person(db, roles=["trainer"])
    sign_in(client, found)
    return found


def actor_of(person: Person) -> Actor:
    return Actor(person.id, person.name, roles=frozenset({"trainer"}))


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in files.items():
            made.writestr(path, data)
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def send(client: CheckingClient, *files: tuple[bytes, str], **values: Any) -> TestResponse:
    sent = [(io.BytesIO(data), name) for data, name in files]
    return client.submit(HERE, {"datei": sent, **values}, content_type="multipart/form-data")


def read(client: CheckingClient, files: Mapping[str, str | bytes], **values: Any) -> tuple[str, TestResponse]:
    """Send a ZIP; the address of its report and the report."""
    sent = send(client, (zipped(files), "kurs.zip"), **values)
    assert sent.status_code == 303, sent.text
    return sent.location, client.get(sent.location)


def take(client: CheckingClient, files: Mapping[str, str | bytes], **values: Any) -> str:
    """Read a ZIP and take it over; the report's words."""
    address, report = read(client, files)
    done = client.submit(address, values)
    assert done.status_code == 303, done.text
    assert client.get(address).status_code == 404, "the files are gone"
    return words(report)


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def export(client: CheckingClient, course_id: str = COURSE, query: str = "") -> bytes:
    answer = client.get(f"/werkstatt/kurse/{course_id}/export.zip{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    data: bytes = answer.data
    return data


def test_an_export_is_a_folder_that_publishes_without_change(
    client: CheckingClient, shelf: Shelf, author: Person, tmp_path: Path
) -> None:
    folder = example(tmp_path / "quelle")
    (course,) = shelf.publish(folder).courses
    answer = client.get(f"/werkstatt/kurse/{course.id}/export.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="beispielkurs.zip"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.data == export(client, course.id), "the same course, the same bytes"
    assert answer.data == export(client, course.id, "?stand=veroeffentlicht")
    out = tmp_path / "heraus"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        found.extractall(out)
    assert not (out / "beispielkurs" / "fragen").exists()
    for path in (file for file in out.rglob("*") if file.is_file()):
        assert path.read_bytes() == (folder.parent / path.relative_to(out)).read_bytes()
    again = shelf.publish(out)
    assert again.ok
    assert not again.published
    assert client.get("/werkstatt/kurse/kur_gibtesni/export.zip").status_code == 404


def test_the_draft_leaves_with_its_changes_and_pictures(
    client: CheckingClient, shelf: Shelf, db: Session, author: Person, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    text = copies.text(db, TWO)
    assert text is not None
    fresh = text.text.replace("Noch ein Satz", "Ein neuer Satz")
    saving.save(db, actor_of(author), TWO, fresh, base_revision=text.revision)
    before, after = members(export(client, query="?stand=veroeffentlicht")), members(export(client))
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {f"kleiner-kurs/{SECOND}"}
    assert set(before) == {f"kleiner-kurs/{path}" for path in TEXTS}


@pytest.fixture
def other(instance: Config) -> Iterator[CheckingClient]:
    """A trainer's browser on another instance."""
    app = create_app(instance)
    app.test_client_class = CheckingClient
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    database: Database = app.extensions["learn.database"].current()
    with database.writing() as session:
        person = make_person(session, roles=["trainer"])
    sign_in(client, person)
    yield client
    database.dispose()


def test_export_and_import_elsewhere_give_the_same_bytes(
    client: CheckingClient, shelf: Shelf, author: Person, other: CheckingClient, tmp_path: Path
) -> None:
    (course,) = shelf.publish(example(tmp_path)).courses
    first = export(client, course.id)
    sent = send(other, (first, "egal.zip"))
    report = other.get(sent.location)
    assert "4 Lektionen" in words(report)
    assert 'value="beispielkurs"' in report.text
    assert other.submit(sent.location, {"slug-0": "beispielkurs"}).status_code == 303
    assert export(other, course.id) == first
    again = other.get(send(other, (first, "egal.zip")).location)
    assert "Nichts zu tun: Alle Texte und Bilder sind schon so da." in words(again)


def test_a_course_becomes_a_draft_and_again_changes_nothing(
    client: CheckingClient, db: Session, author: Person
) -> None:
    address, report = read(client, TEXTS)
    assert "Er wird als Entwurf angelegt." in words(report)
    assert db.query(WorkCourse).count() == 0, "nothing yet"
    assert "kein Name für einen Ordner" in words(client.submit(address, {"slug-0": "nul"}))
    refused = client.submit(address, {"slug-0": "Nicht So"})
    assert refused.status_code == 422
    assert 'href="#slug-0"' in refused.text
    assert 'value="Nicht So"' in refused.text
    assert client.submit(address, {"slug-0": "mein-kurs"}).status_code == 303
    copy = copies.copy(db, COURSE)
    assert copy is not None
    assert (copy.slug, copy.title, copy.current) == ("mein-kurs", "Kleiner Kurs", 0)
    assert members(export(client)) == {f"mein-kurs/{path}": text.encode() for path, text in TEXTS.items()}
    assert "Nichts zu tun" in words(read(client, TEXTS)[1])


def test_a_course_that_is_there_changes_as_a_draft(
    client: CheckingClient, shelf: Shelf, db: Session, author: Person, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    files = {
        **TEXTS,
        SECOND: TEXTS[SECOND].replace("Noch ein Satz", "Ein Satz"),
        "01-anfang/03-drei.md": TEXTS[SECOND].replace("les_bbbbbbbb", "les_cccccccc").replace("Zwei", "Drei"),
        "01-anfang/04-eins.md": TEXTS[FIRST],
        "01-anfang/bilder/kasten.svg": TEXTS["01-anfang/bilder/kasten.svg"].replace('"40"', '"44"'),
    }
    del files[FIRST], files["glossar.md"]
    said = take(client, files)
    for part in (
        "1 neuer Text Drei 01-anfang/03-drei.md",
        "1 geänderter Text Zwei 01-anfang/02-zwei.md",
        f"1 verschobener Text Eins 01-anfang/04-eins.md, bisher {FIRST}",
        "0 neue Bilder, 1 geändertes.",
        "1 Text fehlt in den Dateien Begriffe glossar.md",
    ):
        assert part in said
    copy = copies.copy(db, COURSE)
    assert copy is not None
    states = {entry.key: entry.state for module in copy.modules for entry in module.lessons}
    assert states == {TWO: "geaendert", "les_cccccccc": "neu", ONE: "verschoben"}
    assert copy.current == 1, "nothing is published"
    assert media.held(db, COURSE)["01-anfang/bilder/kasten.svg"].width == 44
    assert "glo_aaaaaaaa" in {entry.key for entry in copy.others if not entry.state}
    take(client, files, **{"entfernen-0": "ja"})
    copy = copies.copy(db, COURSE)
    assert copy is not None
    assert {entry.key: entry.state for entry in copy.others} == {"glo_aaaaaaaa": "entfernt"}


def test_edited_drafts_are_never_overwritten_unasked(
    client: CheckingClient, db: Session, author: Person
) -> None:
    take(client, TEXTS)
    text = copies.text(db, TWO)
    assert text is not None
    mine = text.text.replace("Noch ein Satz", "Mein Satz")
    saving.save(db, actor_of(author), TWO, mine, base_revision=text.revision)
    newer = {**TEXTS, SECOND: TEXTS[SECOND].replace("Noch ein Satz", "Ein neuer Satz")}
    newer[FIRST] = TEXTS[FIRST].replace("Ein Satz", "Dein Satz")
    said = take(client, newer)
    assert "In der Werkstatt bearbeitet: ersetzen?" in said
    kept, taken = copies.text(db, TWO), copies.text(db, ONE)
    assert kept is not None
    assert taken is not None
    assert kept.text == mine
    assert "Dein Satz" in taken.text
    take(client, newer, **{"ersetzen-0": TWO})
    replaced = copies.text(db, TWO)
    assert replaced is not None
    assert "Ein neuer Satz" in replaced.text


def test_pictures_of_authors_are_never_overwritten_unasked(
    client: CheckingClient, shelf: Shelf, db: Session, author: Person, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    box = "01-anfang/bilder/kasten.svg"
    files = {**TEXTS, "bilder/zwei.svg": TEXTS[box], "bilder/neu.svg": TEXTS[box].replace('"40"', '"41"')}
    mine, newer = (uploading.prepare(TEXTS[box].replace('"40"', f'"{size}"').encode()) for size in (55, 66))
    media.put(db, actor_of(author), COURSE, box, mine)
    media.put(db, actor_of(author), COURSE, "bilder/zwei.svg", mine)
    files[box] = newer.data.decode()
    said = take(client, files)
    assert "In der Werkstatt geänderte Bilder: ersetzen?" in said
    assert "1 neues Bild, 0 geänderte." in said
    held = media.held(db, COURSE)
    assert {path: held[path].width for path in held} == {box: 55, "bilder/zwei.svg": 55, "bilder/neu.svg": 41}
    media.remove(db, actor_of(author), COURSE, box)
    assert "kasten.svg" in take(client, files)
    assert box not in media.held(db, COURSE), "what was taken out stays out"
    take(client, files, **{"bilder-0": comparing.mark(box)})
    held = media.held(db, COURSE)
    assert (held[box].width, held["bilder/zwei.svg"].width) == (66, 55)


FOREIGN = {
    "kurs-main/README.md": "# Bäume zählen\n\nWorum es geht: Bäume.\n",
    "kurs-main/eins.md": "# Anfangen\n\nErst ein Baum, dann [noch einer](zwei.md), alle nach Plan.\n",
    "kurs-main/zwei.md": "# Weitermachen\n\nDann viele Bäume auf einmal.\n\n![Ein Baum](baum.svg)\n",
    "kurs-main/baum.svg": TEXTS["01-anfang/bilder/kasten.svg"],
}


def lessons(db: Session, course_id: str) -> dict[str, str]:
    copy = copies.copy(db, course_id)
    assert copy is not None
    return {entry.title: entry.key for module in copy.modules for entry in module.lessons}


def test_foreign_material_keeps_its_ids_and_its_edits(
    client: CheckingClient, db: Session, author: Person
) -> None:
    said = take(client, FOREIGN)
    assert "Fremdes Format: Die Texte sind umgewandelt" in said
    (course_id,) = db.scalars(select(WorkCourse.id))
    before = lessons(db, course_id)
    assert set(before) == {"Anfangen", "Weitermachen"}
    assert list(media.held(db, course_id)) == ["bilder/baum.svg"]
    assert "Nichts zu tun" in words(read(client, FOREIGN)[1])
    text = copies.text(db, before["Anfangen"])
    assert text is not None
    mine = text.text.replace("ein Baum", "eine Eiche")
    saving.save(db, actor_of(author), text.key, mine, base_revision=text.revision)
    assert "Nichts zu tun" in words(read(client, FOREIGN)[1]), "the source says what it said"
    newer = {**FOREIGN, "kurs-main/mehr.md": "# Mehr\n\nEin Wort.\n"}
    newer["kurs-main/weiter.md"] = newer.pop("kurs-main/zwei.md").replace("Dann viele", "Danach viele")
    said = take(client, newer)
    assert "1 neuer Text Mehr" in said
    after = lessons(db, course_id)
    assert {title: after[title] for title in before} == before
    kept = copies.text(db, text.key)
    assert kept is not None
    assert "eine Eiche" in kept.text


def test_files_and_folders_may_be_sent_without_packing(
    client: CheckingClient, db: Session, author: Person
) -> None:
    files = [(text.encode(), f"mein-ordner/{path}") for path, text in TEXTS.items()]
    sent = send(client, *files)
    assert sent.status_code == 303, words(sent)
    assert 'value="mein-ordner"' in client.get(sent.location).text


def test_missing_ids_are_written_and_other_files_named(
    client: CheckingClient, db: Session, author: Person
) -> None:
    files: dict[str, str | bytes] = {**TEXTS}
    files[SECOND] = TEXTS[SECOND].replace("id: les_bbbbbbbb\n", "")
    files |= {
        "01-anfang/05-kaputt.md": b"\xff\xfe",
        "Notizen.md": "# Privat\n",
        "README.md": "Nur für Git.\n",
    }
    address, report = read(client, files)
    assert "Beim Lesen aufgefallen" in report.text
    assert "Notizen.md" in report.text
    assert "README.md" not in report.text
    assert client.submit(address, {}).status_code == 303
    assert set(lessons(db, COURSE)) == {"Eins", "Zwei"}


def test_ids_of_other_courses_are_refused(
    client: CheckingClient, shelf: Shelf, author: Person, tmp_path: Path
) -> None:
    shelf.publish(small(tmp_path))
    files = {path: text.replace("kur_aaaaaaaa", "kur_bbbbbbbb") for path, text in TEXTS.items()}
    address, report = read(client, files)
    assert "gehört schon zu einem anderen Kurs" in words(report)
    assert "In die Werkstatt übernehmen" not in report.text
    assert client.submit(address, {}).status_code == 422


def test_what_was_sent_is_hers_for_an_hour(
    client: CheckingClient, app: Flask, db: Session, author: Person, database: Database
) -> None:
    config: Config = app.extensions["learn.config"]
    address, _report = read(client, TEXTS)
    stranger = app.test_client()
    sign_in(stranger, make_person(db, roles=["trainer"]))
    assert stranger.get(address).status_code == 404
    token = address.rpartition("/")[2]
    importing.forget_course(jobs.Work(config, database), person_id=author.id, token=token)
    assert client.get(address).status_code == 404
    assert list(Storage(config.storage).keys()) == []
    address, _report = read(client, TEXTS)
    assert client.submit(f"{address}/verwerfen", {}).location == HERE
    assert list(Storage(config.storage).keys()) == []


def test_large_courses_are_read_by_the_worker(
    client: CheckingClient, app: Flask, db: Session, author: Person, database: Database
) -> None:
    config: Config = app.extensions["learn.config"]
    files: dict[str, str | bytes] = {**TEXTS}
    for number in range(3, 50):
        text = TEXTS[SECOND].replace("les_bbbbbbbb", f"les_{number:08d}").replace("[vorige]", "[]")
        files[f"01-anfang/{number:02d}-nr-{number}.md"] = text.replace("Zwei", f"Nummer {number}")
    address, waiting = read(client, files)
    assert "Wird gelesen" in waiting.text
    assert client.submit(address, {}).status_code == 200, "not yet"
    token = address.rpartition("/")[2]
    importing.read_course(jobs.Work(config, database), person_id=author.id, token=token)
    assert "49 Lektionen" in words(client.get(address))
    assert client.submit(address, {}).status_code == 303
    assert len(lessons(db, COURSE)) == 49


def test_few_but_large_pictures_are_left_to_the_worker(client: CheckingClient, author: Person) -> None:
    _address, report = read(client, {**TEXTS, "bilder/foto.jpg": bytes(5 * 1024 * 1024)})
    assert "Wird gelesen" in report.text
