"""Who is listed: only people who agreed, with nothing but name, function and topics."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from learn.accounts import contacts
from learn.accounts.models import Person, PersonTopic, TrainerCohort
from learn.core import clock
from learn.core.access import VISITOR, Actor
from learn.network import cohorts
from learn.network.models import Municipality
from tests.factories import make_municipality, make_person


@pytest.fixture
def town(db: Session) -> Municipality:
    return make_municipality(db, name="Olpe", role="pionier")


def listed(session: Session, town: Municipality, name: str, *roles: str, **values: Any) -> Person:
    """Somebody who agreed to be listed."""
    person = make_person(session, name=name, municipality=town, roles=roles)
    person.listed = True
    for field, value in values.items():
        setattr(person, field, value)
    session.flush()
    return person


def names(found: tuple[contacts.Contact, ...]) -> list[str]:
    return [each.name for each in found]


def test_contacts_of_a_town_are_experts_who_agreed(db: Session, town: Municipality) -> None:
    expert = listed(db, town, "Berta", "expert", office="Digitales")
    db.add_all(PersonTopic(person_id=expert.id, topic=topic) for topic in ("klima", "ki"))
    listed(db, town, "Anna", "expert")
    listed(db, town, "Ohne Rolle")
    listed(db, town, "Gesperrt", "expert", active=False)
    listed(db, town, "Geht", "expert", erase_on=clock.today())
    make_person(db, name="Nicht zugestimmt", municipality=town, roles=["expert"])
    listed(db, make_municipality(db), "Anderswo", "expert")
    db.flush()
    found = contacts.experts(db, town.id)
    assert names(found) == ["Anna", "Berta"]
    assert (found[1].office, found[1].topics, found[0].topics) == ("Digitales", ("ki", "klima"), ())


def test_visitors_read_a_name_only_where_she_allowed_it(db: Session, town: Municipality) -> None:
    listed(db, town, "Anna", "expert", name_public=True)
    listed(db, town, "Berta", "expert")
    anna, berta = contacts.experts(db, town.id)
    assert (anna.named(VISITOR), berta.named(VISITOR)) == ("Anna", "")
    assert berta.named(Actor(person_id=1)) == "Berta"


def test_people_of_several_towns_are_listed_whatever_their_role(db: Session, town: Municipality) -> None:
    other = make_municipality(db)
    listed(db, town, "Anna")
    listed(db, other, "Berta", "expert")
    listed(db, make_municipality(db), "Carla")
    found = contacts.listed_in(db, [town.id, other.id])
    assert [(each.name, each.municipality_id) for each in found] == [("Anna", town.id), ("Berta", other.id)]
    assert contacts.listed_in(db, []) == ()


def test_a_trainer_without_limits_accompanies_all(db: Session, town: Municipality) -> None:
    first, second = (cohorts.create(db, f"Klasse {number}", "", by="person:1") for number in (1, 2))
    everywhere = listed(db, town, "Überall", "trainer")
    limited = listed(db, town, "Begrenzt", "trainer")
    make_person(db, name="Ungenannt", municipality=town, roles=["trainer"])
    db.add(TrainerCohort(person_id=limited.id, cohort_id=first.id))
    db.flush()
    assert names(contacts.trainers(db, first.id)) == ["Begrenzt", "Überall"]
    assert names(contacts.trainers(db, second.id)) == ["Überall"]

    def trainer(person: Person) -> Actor:
        return Actor(person_id=person.id, roles=frozenset({"trainer"}))

    assert contacts.accompanied(db, trainer(everywhere)) is None
    assert contacts.accompanied(db, trainer(limited)) == frozenset({first.id})
    assert contacts.accompanied(db, Actor(person_id=limited.id)) == frozenset()
    assert contacts.accompanied(db, VISITOR) == frozenset()
