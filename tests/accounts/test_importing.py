"""The import of people: all checked first, known ones never changed, one entry a transaction, whole again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts import directory, importing, joining, queries, roster
from learn.accounts.directory import Wanted
from learn.accounts.models import Person, PersonWord
from learn.config import Config
from learn.core import audit
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.jobs import Work
from learn.core.models import AuditEntry, Job
from learn.network.models import Municipality
from tests.factories import make_municipality, make_person
from tests.faults.killer import killer

BY = audit.COMMAND_LINE
HEAD = "email,name,ags,funktion,rollen\n"
KILLS = 12


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PAUSE", 0.0)


@pytest.fixture
def olpe(db: Session) -> Municipality:
    return make_municipality(db, ags="05966024", name="Olpe", role="pionier")


def write(folder: Path, *lines: str) -> roster.Roster:
    path = folder / "liste.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return roster.roster(path)


def people(db: Session) -> list[str]:
    return list(db.scalars(select(Person.email).order_by(Person.id)))


def test_new_people_come_without_password_and_can_be_found(
    app: Flask, database: Database, db: Session, olpe: Municipality, tmp_path: Path
) -> None:
    found = write(
        tmp_path,
        "Anna.Mueller@Olpe.example,Anna Müller,05966024,Klima,Kontakt",
        "koo@example.org,Karla,,,Koordination",
    )
    report = importing.check(database, found)
    assert (report.new, report.known, report.fault_count) == (2, 0, 0)
    assert people(db) == [], "a check writes nothing"
    assert importing.run(database, found, by=BY, invite=False) == 2
    anna = queries.person(db, "anna.mueller@olpe.example")
    assert anna is not None
    assert (anna.email, anna.office, anna.municipality_id) == ("Anna.Mueller@Olpe.example", "Klima", olpe.id)
    assert (anna.password_hash, anna.active) == (None, True)
    assert queries.roles(db, anna.id) == {"expert"}
    with app.app_context():
        listed = directory.people(db, Wanted(query="mü anna"), None).people
    assert [(row.name, row.state) for row in listed] == [("Anna Müller", "ohne-passwort")]
    assert db.scalar(select(Job.id)) is None, "nobody is invited unasked"


def test_who_is_known_is_skipped_and_never_changed(
    database: Database, db: Session, olpe: Municipality, tmp_path: Path
) -> None:
    known = make_person(db, email="anna@olpe.example", name="Anna Alt")
    found = write(tmp_path, "ANNA@olpe.example,Anna Neu,05966024,,", "bernd@olpe.example,Bernd,05966024,,")
    assert importing.check(database, found).known == 1
    assert importing.run(database, found, by=BY, invite=False) == 1
    assert importing.run(database, found, by=BY, invite=False) == 0, "again changes nothing"
    db.refresh(known)
    assert known.name == "Anna Alt"
    assert db.scalar(select(func.count()).select_from(Person)) == 2


def test_every_fault_is_found_before_anything_is_written(
    database: Database, db: Session, olpe: Municipality, tmp_path: Path
) -> None:
    make_municipality(db, ags="05974040", name="Soest", role="mitglied")
    found = write(
        tmp_path,
        "anna@olpe.example,Anna,05966024,,",
        "bernd@x.example,Bernd,99999999,,",
        "carla@x.example,Carla,05974040,,Kontakt",
        "dora,Dora,05966024,,",
        "Anna@Olpe.example,Anna,05966024,,",
        "anna@olpe.example,Anna,99999999,,",
    )
    report = importing.check(database, found)
    first = "Zeile 3: Eine Kommune mit dem Schlüssel 99999999 gibt es hier nicht."
    assert [str(fault) for fault in report.faults] == [
        first,
        "Zeile 4: Kontakte gibt es nur in Pionierkommunen.",
        "Zeile 5: „dora“ ist keine E-Mail-Adresse.",
        "Zeile 6: Die Adresse steht schon in Zeile 2.",
        f"{first.replace('3', '7', 1)} Die Adresse steht schon in Zeile 2.",
    ]
    assert report.fault_count == 5
    with pytest.raises(Refused, match="geändert"):
        importing.run(database, found, by=BY, invite=False)
    assert people(db) == []


def test_doubles_are_found_across_batches_and_faults_are_counted_beyond_the_shown(
    database: Database, db: Session, olpe: Municipality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 7)
    lines = [f"p{number % 50}@olpe.example,P,05966024,," for number in range(200)]
    steps: list[int] = []
    report = importing.check(database, write(tmp_path, *lines), steps.append)
    assert (report.new, report.fault_count, len(report.faults)) == (50, 150, importing.SHOWN)
    assert str(report.faults[0]) == "Zeile 52: Die Adresse steht schon in Zeile 2."
    assert sum(steps) == 200


def test_an_empty_list_is_a_fault(database: Database, db: Session, tmp_path: Path) -> None:
    assert [str(each) for each in importing.check(database, write(tmp_path)).faults] == [
        "Zeile 1: Die Datei enthält keine Person."
    ]


def test_each_transaction_writes_one_entry_that_names_its_accounts(
    database: Database, db: Session, olpe: Municipality, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    lines = [f"p{number}@olpe.example,P {number},05966024,," for number in range(25)]
    assert importing.run(database, write(tmp_path, *lines), by=audit.person(7), invite=False) == 25
    entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.actor, entry.action, entry.reason) for entry in entries] == [
        ("person:7", "personen.eingelesen", "10 neue Konten"),
        ("person:7", "personen.eingelesen", "10 neue Konten"),
        ("person:7", "personen.eingelesen", "5 neue Konten"),
    ]
    for person_id in db.scalars(select(Person.id)):
        assert sum(audit.covers(entry.subject, person_id) for entry in entries) == 1
    assert "olpe" not in " ".join(f"{entry.subject} {entry.reason}" for entry in entries)


def test_invitations_are_asked_for_in_the_same_transaction_and_reach_the_new_alone(
    app: Flask, database: Database, db: Session, olpe: Municipality, tmp_path: Path
) -> None:
    waiting = make_person(db, email="schon@olpe.example", municipality=olpe)
    waiting.password_hash = None
    db.flush()
    found = write(
        tmp_path, "schon@olpe.example,S,05966024,,", *(f"p{n}@olpe.example,P,05966024,," for n in range(3))
    )
    importing.run(database, found, by=BY, invite=True)
    (job,) = db.scalars(select(Job))
    assert job.name == "invite_many"
    config: Config = app.extensions["learn.config"]
    joining.invite_many(Work(config, database), **job.arguments)
    sent = db.scalars(select(Job).where(Job.name == "send_mail")).all()
    assert sorted(mail.arguments["to"] for mail in sent) == [f"p{n}@olpe.example" for n in range(3)]


# Killed

SETTING_UP = """
from pathlib import Path
from learn.accounts import importing, roster
from learn.core.db import Database
importing.AT_ONCE = 20
importing.PAUSE = 0.005
"""
IMPORTING = """
database = Database(sys.argv[1], Path(sys.argv[2]) if sys.argv[2] else None)
importing.run(database, roster.roster(Path(sys.argv[3])), by="kommandozeile", invite=True)
os._exit(0)
"""


@pytest.fixture
def own(instance: Config) -> Iterator[Database]:
    database = Database.of(instance)
    with database.writing() as session:
        make_municipality(session, ags="05966024", name="Olpe")
    yield database
    database.dispose()


def test_kill_9_leaves_whole_transactions_and_another_run_finishes(
    own: Database, instance: Config, tmp_path: Path
) -> None:
    lines = [f"p{number}@olpe.example,Person {number},05966024,," for number in range(2000)]
    found = write(tmp_path, *lines)
    arguments = (instance.database_url, str(own.lock or ""), str(found.path))
    counts = []
    with killer(SETTING_UP, IMPORTING, *arguments) as victim:
        for number in range(5 * KILLS):
            victim.kill_after(0.05 + 0.04 * number)  # later and later, for a busy machine
            counts.append(whole(own))
            if number >= KILLS and counts[-1]:
                break
    assert counts == sorted(counts)
    assert any(0 < count < 2000 for count in counts), "no run was cut"
    importing.run(own, found, by=BY, invite=True)
    assert whole(own) == 2000


def whole(database: Database) -> int:
    """How many people there are, each with her words, in one entry of the log, in one wave of invitations."""
    with database.reading() as session:
        ids = session.scalars(select(Person.id)).all()
        indexed = set(session.scalars(select(PersonWord.person_id)))
        subjects = session.scalars(select(AuditEntry.subject)).all()
        waves = session.scalars(select(Job.arguments).where(Job.name == "invite_many")).all()
    assert indexed == set(ids)
    for person_id in ids:
        assert sum(audit.covers(subject, person_id) for subject in subjects) == 1
        assert sum(wave["after"] < person_id <= wave["up_to"] for wave in waves) == 1
    return len(ids)
