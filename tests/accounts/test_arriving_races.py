"""The same person arriving many times at once: one account, one link, no fault; on both databases."""

import threading
from typing import Any

from sqlalchemy import func, select

from learn.accounts import arriving
from learn.accounts.arriving import NotAdmitted
from learn.accounts.models import Identity, Person, Provider
from learn.config import Config
from learn.core.db import Database
from tests.accounts.test_arriving import claims, make_provider
from tests.factories import make_person


def at_once(database: Database, number: int, *told: dict[str, Any]) -> list[Any]:
    """Arrive in as many threads as there are claims; the person's id or why not."""
    begin = threading.Barrier(len(told))
    found: list[Any] = []

    def arrive(what: dict[str, Any]) -> None:
        begin.wait()
        try:
            with database.writing() as session:
                found.append(arriving.arrive(session, session.get_one(Provider, number), what).id)
        except NotAdmitted as problem:
            found.append(problem.why)

    threads = [threading.Thread(target=arrive, args=(what,)) for what in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def prepared(database: Database, **values: Any) -> int:
    with database.writing() as session:
        return make_provider(session, **values).id


def test_eight_first_times_at_once_make_one_account(instance: Config) -> None:
    database = Database.of(instance)
    number = prepared(database)
    for round_ in range(5):
        told = claims(sub=f"jana{round_}", email=f"jana{round_}@olpe.example")
        assert len(set(at_once(database, number, *[told] * 8))) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 5
        assert session.scalar(select(func.count()).select_from(Identity)) == 5
    database.dispose()


def test_two_subjects_with_one_address_are_not_one(instance: Config) -> None:
    database = Database.of(instance)
    number = prepared(database)
    found = at_once(database, number, claims(sub="a"), claims(sub="b"))
    assert sorted(map(str, found)) == ["1", "known"]
    database.dispose()


def test_roles_that_change_twice_at_once(instance: Config) -> None:
    database = Database.of(instance)
    number = prepared(database, group_roles={"Schulung": "trainer", "Fach": "expert"})
    told = [
        claims(groups=["Schulung"]),
        claims(groups=["Fach"]),
        claims(),
        claims(groups=["Schulung", "Fach"]),
    ]
    assert at_once(database, number, claims()) == [1]
    for _ in range(5):
        assert at_once(database, number, *told) == [1] * 4
    database.dispose()


def test_one_subject_linked_to_two_people_at_once(instance: Config) -> None:
    database = Database.of(instance)
    number = prepared(database)
    with database.writing() as session:
        town_id = session.get_one(Provider, number).municipality_id
        people = [make_person(session) for _ in range(4)]
        for person in people:
            person.municipality_id = town_id
        ids = [person.id for person in people]
    begin, found = threading.Barrier(4), []

    def link(person_id: int) -> None:
        begin.wait()
        try:
            with database.writing() as session:
                arriving.link(session, session.get_one(Provider, number), claims(), person_id)
                found.append("mine")
        except NotAdmitted as problem:
            found.append(problem.why)

    threads = [threading.Thread(target=link, args=(person_id,)) for person_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["mine", "taken", "taken", "taken"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Identity)) == 1
    database.dispose()
