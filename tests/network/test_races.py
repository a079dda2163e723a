"""Several at once: the database decides who joins, who gets the domain, and in which order courses stand."""

import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import AuditEntry
from learn.courses.models import Course
from learn.network import choices, cohorts, service
from learn.network.models import Cohort, CohortCourse, CohortTown, MailDomain, Municipality
from tests.factories import make_municipality

AT_ONCE = 6


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """An instance of its own, with a Klasse and two towns."""
    made = Database.of(instance)
    with made.writing() as session:
        make_municipality(session, ags="05966024", name="Olpe")
        make_municipality(session, ags="05966028", name="Wenden")
        klasse = cohorts.create(session, "Klasse Eins", "", by="person:1")
        cohorts.open_link(session, klasse, by="person:1")
        session.add_all(
            Course(id=f"kur_{n:08}", kind="kurs", slug=f"k-{n}", title="K", published_on=date(2026, 1, 1))
            for n in range(AT_ONCE)
        )
    yield made
    made.dispose()


def at_once(database: Database, work: Callable[[Session, int], object]) -> list[object]:
    """What each of the threads got, or the sentence that refused it."""
    barrier = threading.Barrier(AT_ONCE)
    found: list[object] = []

    def one(number: int) -> None:
        barrier.wait()
        try:
            with database.writing() as session:
                result = work(session, number)
        except Refused as problem:
            result = problem.message
        found.append(result)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(found) == AT_ONCE
    return found


def klasse_of(session: Session) -> Cohort:
    return session.scalars(select(Cohort)).one()


def town(session: Session, number: int) -> Municipality:
    return session.scalars(select(Municipality).order_by(Municipality.ags)).all()[number]


def test_colleagues_bring_their_town_in_once(database: Database) -> None:
    def join(session: Session, _number: int) -> bool:
        token = klasse_of(session).link_token or ""
        held = cohorts.held_by_link(session, token)
        assert held is not None
        return cohorts.join(session, held, town(session, 0), by="person:1")

    assert sorted(map(bool, at_once(database, join))) == [False] * (AT_ONCE - 1) + [True]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CohortTown)) == 1
        joined = select(func.count()).where(AuditEntry.action == "klasse.beigetreten")
        assert session.scalar(joined) == 1


def test_a_domain_goes_to_one_of_two_towns(database: Database) -> None:
    def add(session: Session, number: int) -> str:
        found = town(session, number % 2)
        service.add_domain(session, found, "stadt.example", by="person:1")
        return found.name

    results = at_once(database, add)
    winner = next(result for result in results if result in {"Olpe", "Wenden"})
    again = "Die Domain stadt.example steht schon in der Liste."
    taken = service.taken("stadt.example", str(winner))
    others = [result for result in results if result != winner]
    assert len(others) == AT_ONCE - 1
    assert set(others) == {again, taken}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(MailDomain)) == 1


def test_courses_chosen_at_once_have_places_of_their_own(database: Database) -> None:
    def choose(session: Session, number: int) -> bool:
        return choices.choose(session, klasse_of(session), f"kur_{number:08}", by="person:1")

    assert at_once(database, choose) == [True] * AT_ONCE
    with database.reading() as session:
        places = session.scalars(select(CohortCourse.position).order_by(CohortCourse.position)).all()
    assert places == list(range(AT_ONCE))


def test_a_name_is_given_once(database: Database) -> None:
    def create(session: Session, _number: int) -> str:
        return cohorts.create(session, "Klasse Zwei", "", by="person:1").name

    results = at_once(database, create)
    assert results.count("Klasse Zwei") == 1
