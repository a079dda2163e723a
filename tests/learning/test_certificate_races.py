"""Eight requests at once, on real databases: one Nachweis of one person, one key for all people."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import Actor, NotFound
from learn.core.db import Base, Database
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import certificates, issuing, service
from learn.learning.issuing import Seal
from learn.learning.models import Certificate, CertificateStatus, SigningKey
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

LESSON = LessonEntry("les_a", "a", "A", 1, 1, 5, required=True)
SEAL = Seal("http://localhost", "Netz", "0" * 64, "ES256")
AT_ONCE = 8


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


def finished(session: Session, release: CourseRelease, name: str) -> Actor:
    """Somebody who has completed the course."""
    actor = make_actor(session, name)
    service.enrol(session, actor, release)
    service.complete(session, actor, release, "les_a", Request("r1", 1, 0))
    return actor


def at_once(database: Database, actors: list[Actor], act: Callable[[Session, Actor], str]) -> list[str]:
    """Each acts in a thread and a transaction of its own, all let go together."""
    barrier = Barrier(len(actors))

    def run(actor: Actor) -> str:
        barrier.wait(timeout=90)
        with database.writing() as session:
            return act(session, actor)

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(run, actors))


def issue(session: Session, actor: Actor) -> str:
    return issuing.issue(session, actor, "kur_1", named=True, seal=SEAL).code


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_eight_requests_at_once_issue_one(database: Database) -> None:
    with database.writing() as session:
        actor = finished(session, publish(session, manifest_of([LESSON])), "Jana Hellweg")
    codes = at_once(database, [actor] * AT_ONCE, issue)
    with database.reading() as session:
        assert codes == [each.code for each in certificates.held(session, actor)] * AT_ONCE
        assert [count(session, table) for table in (Certificate, CertificateStatus, SigningKey)] == [1, 1, 1]


def test_eight_people_at_once_get_one_each_under_the_same_first_key(database: Database) -> None:
    with database.writing() as session:
        release = publish(session, manifest_of([LESSON]))
        people = [finished(session, release, f"Person {number}") for number in range(AT_ONCE)]
    assert len(set(at_once(database, people, issue))) == AT_ONCE
    with database.reading() as session:
        assert [count(session, table) for table in (CertificateStatus, SigningKey)] == [AT_ONCE, 1]
        assert all(session.scalars(select(Certificate.credential)))


def test_withdrawing_at_once_happens_once(database: Database) -> None:
    with database.writing() as session:
        actor = finished(session, publish(session, manifest_of([LESSON])), "Jana Hellweg")
        code = issue(session, actor)

    def withdraw(session: Session, actor: Actor) -> str:
        try:
            certificates.withdraw(session, actor, code)
        except NotFound:
            return "404"
        return "zurückgezogen"

    found = at_once(database, [actor] * AT_ONCE, withdraw)
    with database.reading() as session:
        assert session.scalars(select(CertificateStatus.revoked)).all() == [True]
        assert count(session, Certificate) == 0
    assert set(found) <= {"zurückgezogen", "404"}
    assert "zurückgezogen" in found
