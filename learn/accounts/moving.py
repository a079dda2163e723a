"""Belonging to a town: changing, leaving, returning. What somebody answered for in her town stays there."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts import belonging, requests
from learn.accounts.models import Identity, Person, PersonRole, PersonTopic, Provider, TrainerCohort
from learn.config import Config
from learn.core import clock, sessions
from learn.core.access import NotFound, Refused
from learn.network.models import Municipality

OF_A_TOWN = ("expert",)  # duties that end with a change of town
OF_THE_NETWORK = ("expert", "trainer")  # duties that nobody without a town has


def own(session: Session, person_id: int) -> Person:
    """The person, her row locked until the transaction ends. Raises NotFound."""
    person = session.scalar(select(Person).where(Person.id == person_id, Person.active).with_for_update())
    if person is None:
        raise NotFound
    return person


def change(session: Session, config: Config, person_id: int, town: Municipality) -> bool:
    """Change at once where the town lists the domain of her address, else ask; whether it was at once.

    Raises Refused for the town she is in.
    """
    person = own(session, person_id)
    if person.municipality_id == town.id:
        raise Refused(f"Sie gehören schon zu {town.name}.", field="municipality")
    if belonging.speaks_for(session, person.email, town.id):
        move(session, person, town)
        return True
    requests.ask_as(session, config, requests.MOVE, person, municipality_id=town.id)
    return False


def move(session: Session, person: Person, town: Municipality) -> None:
    """Make a person belong to another town; all her sessions end."""
    person.municipality_id, person.left_on = town.id, None
    take_away(session, person.id, OF_A_TOWN)
    unlink_providers(session, person.id, town.id)
    requests.take_back(session, requests.MOVE, person_id=person.id)
    requests.take_back(session, requests.ADDRESS, person_id=person.id)
    sessions.close_rows(session, person.id)


def leave(session: Session, person_id: int) -> None:
    """Leave the town; all her sessions end. Twice is once."""
    person = own(session, person_id)
    if person.municipality_id is None:
        return
    person.municipality_id, person.left_on = None, clock.today()
    take_away(session, person.id, OF_THE_NETWORK)
    session.execute(delete(TrainerCohort).where(TrainerCohort.person_id == person.id))
    unlink_providers(session, person.id, None)
    requests.take_back(session, requests.ADDRESS, person_id=person.id)
    sessions.close_rows(session, person.id)


def take_away(session: Session, person_id: int, roles: Collection[str]) -> None:
    """End these duties; the topics of a contact go with them."""
    held = PersonRole.person_id == person_id
    session.execute(delete(PersonRole).where(held, PersonRole.role.in_(roles)))
    session.execute(delete(PersonTopic).where(PersonTopic.person_id == person_id))


def unlink_providers(session: Session, person_id: int, municipality_id: int | None) -> None:
    """Forget who she is at the sign-in of other towns, which no longer opens her account."""
    others = select(Provider.id)
    if municipality_id is not None:
        others = others.where(Provider.municipality_id != municipality_id)
    session.execute(delete(Identity).where(Identity.person_id == person_id, Identity.provider_id.in_(others)))
