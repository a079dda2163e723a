"""Export then erase of a person with everything: no trace is left of her, and nobody else is touched."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from sqlalchemy import select

from learn.accounts import erasure
from learn.config import Config
from learn.core import audit, backup, clock, export, jobs, mail, owndata, rows
from learn.core.db import Database
from learn.core.mail import Message
from learn.core.models import AuditEntry, Erasure, Job
from learn.courses.library import CACHE
from tests.core.two_people import HER, OTHER, STAY, Somebody, fill
from tests.factories import make_person

NEAR = "x" + HER.email  # somebody else, whose address ends like hers
MAILS = (
    Message(HER.email, "Betreff", f"Guten Tag, {HER.name}", f"<p>{HER.name}</p>"),
    Message("hilfe@stadt.example", "Gemeldete Barriere", f"Antwort an: {HER.email}.\n\nText"),
    Message(OTHER.email, "Betreff", f"Guten Tag, {OTHER.name}"),
    Message(NEAR, "Betreff", "Text"),
)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """Two people have rows in every table, and there are mails to and about them."""
    CACHE.clear()
    made = Database.of(instance)
    with made.writing() as session:
        fill(session.connection(), HER, OTHER)
        for message in MAILS:
            mail.send(session, message)
    for number, message in enumerate(MAILS):
        built = mail.build(instance, message, f"2026112100000{number}.{number:016x}", clock.now())
        mail.transport(instance).deliver(built)
    (instance.instance / "seiten" / "impressum.md").write_text("# Impressum\n", encoding="utf-8")
    (instance.instance / "files" / "a.txt").write_text("Text", encoding="utf-8")
    yield made
    made.dispose()


def content(database: Database) -> set[str]:
    """Every row of every table as a line."""
    with database.reading() as session:
        connection = session.connection()
        return {
            f"{table.name} {line.decode()}"
            for table in rows.schema(connection).tables
            for line in rows.dump(connection, table)
        }


def traces(texts: Iterator[str] | set[str], who: Somebody) -> list[str]:
    """Texts that name somebody; one that ends in a longer address of somebody else does not."""
    found = []
    for text in texts:
        folded = text.casefold().replace(NEAR.casefold().split("@")[0], "")
        found += [text for word in who.words if word in folded]
    return found


def files(folder: Path) -> Iterator[str]:
    """Names and contents of all files, as text and as JSON writes it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            text = data.decode("utf-8", "replace")
            yield f"{path.name} {text} {unescaped(text)} {unpacked(data) if path.suffix == '.eml' else ''}"


def unpacked(data: bytes) -> str:
    """A mail as its reader sees it."""
    found = message_from_bytes(data)
    parts = [part.get_payload(decode=True) for part in found.walk()]
    texts = [part.decode() for part in parts if isinstance(part, bytes)]
    return f"{make_header(decode_header(found['To']))} {' '.join(texts)}"


def unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def erase(database: Database, config: Config, who: Somebody) -> None:
    with database.writing() as session:
        assert erasure.erase(session, config, who.number, by=audit.COMMAND_LINE)
    work(database, config)


def work(database: Database, config: Config) -> None:
    """Run what erasing has left to do; other mails stay for now."""
    with database.reading() as session:
        owed = session.scalars(
            select(Job).where(Job.name.in_(["count_again", "forget_mails", "empty_log"]))
        ).all()
    for job in owed:
        jobs.HANDLERS[job.name](jobs.Work(config, database), **job.arguments)
        with database.writing() as session:
            session.delete(session.merge(job))


def exported(database: Database, config: Config, who: Somebody) -> bytes:
    file = io.BytesIO()
    with database.reading() as session:
        export.write(session, config, who.owner, file)
    return file.getvalue()


def test_the_rows_to_erase_are_everywhere(database: Database, instance: Config) -> None:
    """The control: without erasing, her traces are found in rows, files and backups."""
    named = {line.split()[0] for line in traces(content(database), HER)}
    assert named >= {"person", "person_word", "ticket", "join_request", "job", "saved_plan", "identity"}
    assert traces(files(instance.instance), HER)


@pytest.mark.parametrize(("who", "other"), [(HER, OTHER), (OTHER, HER)], ids=["her", "the other"])
def test_no_trace_is_left_and_the_other_is_untouched(
    database: Database, instance: Config, who: Somebody, other: Somebody, capfd: pytest.CaptureFixture[str]
) -> None:
    before = content(database)
    taken = exported(database, instance, who)
    assert exported(database, instance, who) == taken
    theirs = exported(database, instance, other)
    erase(database, instance, who)
    after = content(database)
    assert traces(after, who) == []
    gone, new = before - after, after - before
    assert traces(gone, other) == []
    kinds = {line.split()[0] for line in new}
    assert kinds == {"audit_entry", "certificate_status", "erasure", "forum_picture", "question_topic", *STAY}
    erased = {table.__tablename__ for table in owndata.REGISTRY.erasers}
    assert {line.split()[0] for line in gone} == erased | {"certificate_status", "question_topic"}
    assert exported(database, instance, other) == theirs
    assert traces(files(instance.instance), who) == []
    assert len(list((instance.instance / "mail").glob("*.eml"))) == (2 if who is HER else 3)
    file = instance.instance.parent / "new.tar"
    backup.dump(instance, database, file, lambda _connection: [])
    assert traces({file.read_bytes().decode("utf-8", "replace")}, who) == []
    said = capfd.readouterr()
    assert traces({said.out + said.err}, who) == []


def test_the_export_holds_it_all(database: Database, instance: Config) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(database, instance, HER))) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8-sig") for name in names}
    topics = owndata.topics()
    assert {f"json/{topic.name}.json" for topic in topics} <= set(names)
    for topic in topics:
        found = json.loads(texts[f"json/{topic.name}.json"])
        assert found, topic.name
        assert all(list(row) == list(topic.keys) for row in found)
        assert topic.title in texts["LIESMICH.md"]
        assert topic.declared.retention in texts["LIESMICH.md"]
    assert all(not word for word in traces(set(texts.values()), OTHER))
    assert HER.name in texts["json/konto.json"]
    assert "Was Sensoren messen" in texts["lesen/lernstand.md"]
    assert HER.name in texts["lesen/fahrplaene.md"].replace("\\", "")


def test_erasing_is_remembered_by_number_only(database: Database, instance: Config) -> None:
    erase(database, instance, HER)
    with database.reading() as session:
        assert session.get(Erasure, HER.number) is not None
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "konto.geloescht")).all()
    assert [(entry.actor, entry.subject, entry.reason) for entry in entries] == [
        ("kommandozeile", "person:1", "")
    ]


def test_the_number_never_returns(database: Database, instance: Config) -> None:
    erase(database, instance, OTHER)
    with database.writing() as session:
        assert make_person(session).id > OTHER.number


def test_erasing_again_finds_nobody(database: Database, instance: Config) -> None:
    erase(database, instance, HER)
    before = content(database)
    with database.writing() as session:
        assert not erasure.erase(session, instance, HER.number, by=audit.COMMAND_LINE)
    assert content(database) == before
