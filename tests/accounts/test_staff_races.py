"""Two coordinators who take each other's role at the same moment: one stays, nobody sees an error."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from learn.accounts import staff
from learn.accounts.models import Person, PersonRole
from learn.accounts.staff import Duties
from learn.config import Config
from learn.core import audit
from learn.core.access import Refused
from learn.core.db import Database
from tests.factories import make_person

ROUNDS = 12


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """An instance of its own with all tables."""
    made = Database.of(instance)
    yield made
    made.dispose()


def remove(
    config: Config, way: str, target: int, by: int, barrier: threading.Barrier, said: list[object]
) -> None:
    own, actor = Database.of(config), audit.person(by)
    barrier.wait()
    try:
        with own.writing() as session:
            if way == "roles":
                staff.set_duties(session, target, Duties(), by=actor, reason="aufgabe")
            elif way == "disable":
                staff.disable(session, target, by=actor, reason="verdacht")
            else:
                staff.close(session, config, target, by=actor, reason="wunsch")
        said.append("done")
    except Refused as refused:
        said.append(refused.message)
    except BaseException as problem:  # noqa: BLE001 - handed to the test
        said.append(problem)
    own.dispose()


@pytest.mark.parametrize(
    "ways", [("roles", "roles"), ("disable", "roles"), ("close", "roles"), ("close", "disable")]
)
def test_one_coordinator_stays(database: Database, instance: Config, ways: tuple[str, str]) -> None:
    for _round in range(ROUNDS):
        with database.writing() as session:
            session.execute(delete(PersonRole))
            pair = [make_person(session, roles=["coordinator"]).id for _ in range(2)]
        barrier, said = threading.Barrier(2), list[object]()
        threads = [
            threading.Thread(target=remove, args=(instance, way, target, by, barrier, said))
            for way, target, by in zip(ways, pair, reversed(pair), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert sorted(map(str, said)) == [staff.LAST_COORDINATOR, "done"]
        with database.reading() as session:
            left = select(PersonRole.person_id).join(Person, Person.id == PersonRole.person_id)
            assert len(session.scalars(left.where(Person.active)).all()) == 1
