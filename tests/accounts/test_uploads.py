"""A list between its check and its import: kept an hour for one person, imported once, then gone."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import importing, roster, uploads
from learn.accounts.models import Person
from learn.config import Config
from learn.core import audit
from learn.core.db import Database
from learn.core.jobs import Work
from learn.core.models import Job
from learn.core.storage import Storage
from tests.factories import make_municipality

GOOD = b"email,name,ags\na@olpe.example,Anna,05966024\nb@olpe.example,Bernd,05966024\n"
OWNER, OTHER = 7, 8


@pytest.fixture
def config(app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setattr(importing, "PAUSE", 0.0)
    make_municipality(db, ags="05966024")
    found = app.extensions["learn.config"]
    assert isinstance(found, Config)
    return found


def kept(config: Config) -> list[str]:
    return list(Storage(config.storage).keys())


def jobs(db: Session, name: str) -> list[Job]:
    return list(db.scalars(select(Job).where(Job.name == name)))


def test_checked_imported_and_gone(config: Config, database: Database, db: Session) -> None:
    token, report = uploads.check(database, config, OWNER, GOOD)
    assert report.new == 2
    assert len(kept(config)) == 2
    assert uploads.upload(config, OTHER, token) is None, "nobody else's"
    uploads.begin(database, config, OWNER, token, by=audit.person(OWNER), invite=False)
    uploads.begin(database, config, OWNER, token, by=audit.person(OWNER), invite=False)
    (job,) = jobs(db, "import_people")
    found = uploads.upload(config, OWNER, token)
    assert found is not None
    assert found.state == uploads.RUNNING
    work = Work(config, database)
    for _again in range(2):
        uploads.import_people(work, **job.arguments)
    found = uploads.upload(config, OWNER, token)
    assert found is not None
    assert (found.state, found.done, found.total) == (uploads.DONE, 2, 2)
    assert [key.rpartition(".")[2] for key in kept(config)] == ["json"], "the list is gone"
    assert len(db.scalars(select(Person.id)).all()) == 2
    db.delete(job)
    db.flush()
    uploads.forget_upload(work, person_id=OWNER, token=token)
    assert kept(config) == []


def test_a_list_with_faults_is_not_kept(config: Config, database: Database) -> None:
    token, report = uploads.check(database, config, OWNER, GOOD + b"c,C,05966024\n")
    assert (token, report.fault_count) == ("", 1)
    with pytest.raises(roster.BadRosterError):
        uploads.check(database, config, OWNER, b"hallo")
    assert kept(config) == []


def test_after_its_hour_a_list_goes_unless_its_import_waits(
    config: Config, database: Database, db: Session
) -> None:
    work = Work(config, database)
    token, _report = uploads.check(database, config, OWNER, GOOD)
    uploads.begin(database, config, OWNER, token, by=audit.person(OWNER), invite=False)
    uploads.forget_upload(work, person_id=OWNER, token=token)
    assert len(kept(config)) == 2
    assert len(jobs(db, "forget_upload")) == 1, "asked again"
    other, _report = uploads.check(database, config, OTHER, GOOD)
    uploads.forget_upload(work, person_id=OTHER, token=other)
    assert uploads.upload(config, OTHER, other) is None
    uploads.import_people(work, person_id=OTHER, token=other, by="person:8", invite=False)
    assert db.scalars(select(Person.id)).all() == [], "what is gone is not imported"


def test_an_import_that_no_longer_fits_says_why(config: Config, database: Database, db: Session) -> None:
    token, _report = uploads.check(database, config, OWNER, GOOD)
    uploads.begin(database, config, OWNER, token, by=audit.person(OWNER), invite=False)
    key = uploads.list_key(OWNER, token)
    Storage(config.storage).save(key, GOOD.replace(b"Bernd,05966024", b"Bernd,99999999"))
    uploads.import_people(Work(config, database), person_id=OWNER, token=token, by="person:7", invite=False)
    found = uploads.upload(config, OWNER, token)
    assert found is not None
    assert found.state == uploads.BROKEN
    assert "geändert" in found.problem
    assert db.scalars(select(Person.id)).all() == []
