"""Eight requests at once for one Nachweis, on real databases: one is issued, all are told the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from learn.config import Config
from learn.core.db import Database
from learn.courses.manifest import LessonEntry
from learn.learning import certificates, service
from learn.learning.models import CertificateStatus
from learn.learning.service import Request
from tests.learning.factories import make_actor, manifest_of, publish

LESSON = LessonEntry("les_a", "a", "A", 1, 1, 5, required=True)
AT_ONCE = 8


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


def test_eight_requests_at_once_issue_one(database: Database) -> None:
    with database.writing() as session:
        actor, release = make_actor(session), publish(session, manifest_of([LESSON]))
        service.enrol(session, actor, release)
        service.complete(session, actor, release, "les_a", Request("r1", 1, 0))
    barrier = Barrier(AT_ONCE)

    def ask(_number: int) -> str:
        barrier.wait(timeout=90)
        with database.writing() as session:
            return certificates.issue(session, actor, "kur_1", named=True, network="Netz").code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes = list(pool.map(ask, range(AT_ONCE)))
    with database.reading() as session:
        assert codes == [each.code for each in certificates.held(session, actor)] * AT_ONCE
        assert session.scalar(select(func.count()).select_from(CertificateStatus)) == 1
