"""A small school on a database of its own: one course of many lessons, people, and its server."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from learn.accounts import passwords
from learn.accounts.models import Person
from learn.cli import generated
from learn.config import Config
from learn.core import clock
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import publish
from tests.cli.program import Running, serving

PASSWORD = "Brombeere und Leuchtturm"
COURSE = "messkurs-00001"
LESSONS = tuple(f"lektion-{module}-{lesson}" for module in (1, 2) for lesson in (1, 2, 3))
PEOPLE = 8


@dataclass(frozen=True)
class School:
    """Its settings, the addresses of its people, and how to serve it."""

    config: Config
    emails: tuple[str, ...]
    serve: Callable[..., AbstractContextManager[Running]]

    def open(self) -> Database:
        return Database.of(self.config)


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One generated course."""
    root = tmp_path_factory.mktemp("content")
    generated.write_course(root, 1)
    return root


@pytest.fixture
def school(instance: Config, course_folder: Path, tmp_path: Path) -> Iterator[School]:
    """A course is published and some people can sign in."""
    database = Database.of(instance)
    assert publish.publish(database, Storage(instance.storage), course_folder).published
    emails = tuple(f"person{number}@example.org" for number in range(PEOPLE))
    password_hash = passwords.hashed(PASSWORD)
    with database.writing() as session:
        session.add_all(
            Person(
                email=email,
                email_key=email,
                name="Jana Muster",
                password_hash=password_hash,
                created_on=clock.today(),
            )
            for email in emails
        )
    database.dispose()
    serve = partial(
        serving,
        instance.instance,
        "serve",
        log=tmp_path / "server.log",
        LEARN_DATABASE_URL=instance.database_url,
    )
    yield School(instance, emails, serve)
    shutil.rmtree(instance.storage, ignore_errors=True)
