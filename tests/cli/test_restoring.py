"""Restoring an older backup: whoever was erased since stays erased, and her number is given to nobody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from learn.accounts import erasure
from learn.accounts.models import Person
from learn.cli.instance import opened
from learn.config import Config
from learn.core import backup, clock, jobs, lineage
from learn.core.db import Database
from learn.core.models import AuditEntry, Erasure
from tests.cli.conftest import Learn
from tests.conftest import make_config
from tests.factories import make_person
from tests.postgres import Cluster

EMAILS = ("eins@stadt.example", "zwei@stadt.example", "drei@stadt.example")


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """Three people, numbered from 1."""
    made = Database.of(instance)
    add(made, *EMAILS)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def other(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Config]:
    """Another instance on either database."""
    if request.param == "sqlite":
        yield make_config(tmp_path / "other")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"learn_{worker}_other"
    yield make_config(tmp_path / "other", cluster.empty(name))
    cluster.drop(name)


def add(database: Database, *emails: str) -> list[int]:
    with database.writing() as session:
        return [make_person(session, email=email).id for email in emails]


def people(config: Config) -> dict[int, str]:
    with opened(config) as database, database.reading() as session:
        return {row.id: row.email for row in session.scalars(select(Person))}


def erased(config: Config) -> list[int]:
    with opened(config) as database, database.reading() as session:
        return list(session.scalars(select(Erasure.person_id).order_by(Erasure.person_id)))


@pytest.fixture
def done(learn: Learn) -> Callable[..., str]:
    """Run a command that must succeed; gives what it prints."""

    def run(config: Config, *words: str) -> str:
        said = learn(*words, config=config)
        assert said.code == 0, said.err
        return said.out

    return run


def test_whoever_was_erased_since_is_erased_again(
    instance: Config, database: Database, done: Callable[..., str], tmp_path: Path
) -> None:
    file = str(tmp_path / "before.tar")
    done(instance, "backup", file)
    later = add(database, "vier@stadt.example", "fuenf@stadt.example")
    for email in (EMAILS[1], "fuenf@stadt.example"):
        done(instance, "person", "erase", email, "--yes")
    database.dispose()
    said = done(instance, "restore", file, "--replace")
    assert said.endswith("Seit der Sicherung gelöschte Konten, wieder gelöscht: 1.\n")
    assert people(instance) == {1: EMAILS[0], 3: EMAILS[2]}
    assert erased(instance) == [2, later[1]]
    assert not (instance.instance / lineage.FILE).exists()
    entries = select(AuditEntry.subject).where(AuditEntry.action == "konto.geloescht")
    with opened(instance) as restored:
        with restored.reading() as session:
            assert session.scalars(entries).all() == ["person:2"]
        assert add(restored, "neu@stadt.example")[0] > max(later), "a number came again"


def test_a_second_older_backup_brings_nobody_back_either(
    instance: Config, database: Database, done: Callable[..., str], tmp_path: Path
) -> None:
    files = [str(tmp_path / f"{number}.tar") for number in range(2)]
    for file in files:
        done(instance, "backup", file)
    done(instance, "person", "erase", EMAILS[1], "--yes")
    database.dispose()
    for file in (*files, files[0]):
        done(instance, "restore", file, "--replace")
        assert people(instance) == {1: EMAILS[0], 3: EMAILS[2]}


def test_in_another_instance_the_same_number_is_somebody_else(
    instance: Config, database: Database, other: Config, done: Callable[..., str], tmp_path: Path
) -> None:
    """The backup of one replaces the other, where a person of the same number was erased."""
    file = str(tmp_path / "before.tar")
    done(instance, "backup", file)
    done(other, "db", "upgrade")
    with opened(other) as strangers:
        add(strangers, "a@fremd.example", "b@fremd.example")
    done(other, "backup", str(tmp_path / "other.tar"))
    done(other, "person", "erase", "a@fremd.example", "--yes")
    assert "wieder gelöscht" not in done(other, "restore", file, "--replace")
    assert people(other) == dict(enumerate(EMAILS, 1))
    assert erased(other) == []


def test_numbers_go_on_in_an_empty_instance_too(
    instance: Config, database: Database, other: Config, done: Callable[..., str], tmp_path: Path
) -> None:
    """The newest person was erased before the backup, and her row in `erasure` has ended."""
    done(instance, "person", "erase", EMAILS[2], "--yes")
    with database.writing() as session:
        session.delete(session.get_one(Erasure, 3))
    file = str(tmp_path / "before.tar")
    done(instance, "backup", file)
    done(other, "restore", file)
    assert people(other) == {1: EMAILS[0], 2: EMAILS[1]}
    with opened(other) as restored:
        assert add(restored, "neu@stadt.example") == [4]


class Killed(BaseException):
    """The process ends here."""


def test_a_restore_that_was_killed_knows_it_when_started_again(
    instance: Config, database: Database, done: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "before.tar"
    done(instance, "backup", str(file))
    done(instance, "person", "erase", EMAILS[1], "--yes")

    def killed(_session: object) -> int:
        raise Killed

    with pytest.raises(Killed):
        backup.restore(instance, database, file, erase=killed, replace=True)
    database.dispose()
    assert EMAILS[1] in people(instance).values(), "not yet"
    assert (instance.instance / lineage.FILE).stat().st_mode & 0o777 == 0o600
    done(instance, "restore", str(file), "--replace")
    assert people(instance) == {1: EMAILS[0], 3: EMAILS[2]}


def test_the_nightly_job_erases_whom_an_interrupted_restore_left(
    instance: Config, database: Database, done: Callable[..., str]
) -> None:
    with database.writing() as session:
        session.add(Erasure(person_id=2, at=clock.now()))
    erasure.erase_closed(jobs.Work(instance, database))
    assert people(instance) == {1: EMAILS[0], 3: EMAILS[2]}
