"""Stored pictures go a day after nothing names them; named and fresh ones stay."""

import os
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from learn.config import Config
from learn.core import clock, jobs
from learn.core.db import Database
from learn.core.storage import Storage
from learn.courses import upkeep
from learn.courses.models import Asset, Course, Release, ReleaseFile

NAMED, OLD, FRESH = ("a" * 64, "b" * 64, "c" * 64)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    yield made
    made.dispose()


def test_only_what_nothing_has_named_for_a_day_goes(instance: Config, database: Database) -> None:
    store = Storage(instance.storage)
    with database.writing() as session:
        session.add(Course(id="kur_aaaaaaaa", kind="kurs", slug="a", title="A", published_on=clock.today()))
        session.flush()
        release = Release(
            course_id="kur_aaaaaaaa",
            number=1,
            origin="folder",
            created_at=clock.now(),
            renderer=1,
            manifest={},
            sheet={},
            details={},
        )
        session.add(release)
        session.flush()
        session.add(ReleaseFile(release_id=release.id, path="a.svg", sha=NAMED, picture=True))
        session.add_all(
            Asset(sha=sha, ext="svg", width=1, height=1, size=1, backend="file")
            for sha in (NAMED, OLD, FRESH)
        )
    yesterday = time.time() - 90_000
    for sha in (NAMED, OLD, FRESH):
        store.save(f"{sha}.svg", b"<svg/>")
        if sha != FRESH:
            os.utime(store.path(f"{sha}.svg"), (yesterday, yesterday))
    store.save("other.txt", b"of another kind")
    os.utime(store.path("other.txt"), (yesterday, yesterday))
    upkeep.remove_unused_pictures(jobs.Work(instance, database))
    assert list(store.keys()) == [f"{NAMED}.svg", f"{FRESH}.svg", "other.txt"]
    with database.reading() as session:
        assert set(session.scalars(select(Asset.sha))) == {NAMED, FRESH}
        keys = set(upkeep.picture_keys(session.connection()))
    assert keys == {f"{NAMED}.svg", f"{FRESH}.svg"}
