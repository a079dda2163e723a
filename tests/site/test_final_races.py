"""Hand-ins of an Abschlusstest at once: eight browsers of one person, sixty tests, one passing row each."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from learn import create_app
from learn.accounts.models import Person
from learn.config import Config
from learn.core.access import Actor
from learn.core.db import Database
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.learning import finaltest, service
from learn.learning.models import Attempt, ProgressEntry
from learn.learning.service import Request
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site.test_final import END, RIGHT, with_test

TESTS, HANDS = 60, 8


@pytest.fixture
def served(instance: Config) -> Iterator[Flask]:
    """The program on a database of its own, where each request commits."""
    app = create_app(instance)
    app.test_client_class = CheckingClient
    yield app
    app.extensions["learn.database"].current().dispose()


def begun(database: Database) -> list[tuple[Person, str]]:
    """People with an open attempt each, and what names its form."""
    with database.writing() as session:
        with_test(session)
        release = shelf.course(session, "sensoren")
        assert isinstance(release, CourseRelease)
        town = make_municipality(session)
        found = []
        for number in range(TESTS):
            person = make_person(session, name=f"Person {number}", municipality=town)
            actor = Actor(person.id)
            service.enrol(session, actor, release)
            service.complete(session, actor, release, "les_messen00", Request("r1", 1, 0))
            finaltest.begin(session, actor, release)
            attempt = finaltest.open_attempt(session, actor, release.course_id)
            assert attempt is not None
            found.append((person, attempt.key))
    return found


def test_eight_hand_ins_at_once_pass_sixty_tests_once_each(served: Flask) -> None:
    database: Database = served.extensions["learn.database"].current()
    answers: Counter[tuple[int, str]] = Counter()
    with ThreadPoolExecutor(HANDS) as pool:
        for person, key in begun(database):
            hands = [served.test_client() for _number in range(HANDS)]
            barrier = Barrier(HANDS)

            def send(client: CheckingClient, key: str = key, barrier: Barrier = barrier) -> tuple[int, str]:
                fields = {"attempt": key, **RIGHT, "csrf_token": client.token()}
                barrier.wait(timeout=90)
                answer = client.post(END, data=fields)
                return answer.status_code, answer.headers.get("Location", "")

            for client in hands:
                sign_in(client, person)
            answers.update(pool.map(send, hands))
    assert answers == {(303, END): TESTS * HANDS}
    with database.reading() as session:
        passed = Counter(session.scalars(select(ProgressEntry.object_id)))
        assert passed == {"les_messen00": TESTS, "kur_sensoren/test": TESTS, "kur_sensoren": TESTS}
        assert session.scalars(select(Attempt)).all() == []
