"""Reads people; changes nothing."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole, PersonTopic
from learn.core.access import Actor
from learn.core.models import SignIn
from learn.core.prepared import ask
from learn.network.models import Municipality

ROLES_OF = (
    select(func.aggregate_strings(PersonRole.role, ","))
    .where(PersonRole.person_id == Person.id)
    .scalar_subquery()
)
BEHIND_TOKEN = (  # asked with each request: built once
    select(
        SignIn.id.label("session_id"),
        SignIn.remember,
        Person.id.label("person_id"),
        Person.name,
        Person.municipality_id,
        Municipality.name.label("municipality"),
        ROLES_OF.label("roles"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(Municipality, Municipality.id == Person.municipality_id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.last_day >= bindparam("today"), Person.active)
)


def email_key(email: str) -> str:
    """What makes an address the same address."""
    return email.strip().casefold()


def person(session: Session, email: str) -> Person | None:
    """The person with this address."""
    return session.scalar(select(Person).where(Person.email_key == email_key(email)))


def roles(session: Session, person_id: int) -> frozenset[str]:
    """Roles beyond `learner`."""
    return frozenset(session.scalars(select(PersonRole.role).where(PersonRole.person_id == person_id)))


def topics(session: Session, person_id: int) -> tuple[str, ...]:
    """Slugs of the topics she answers for."""
    own = select(PersonTopic.topic).where(PersonTopic.person_id == person_id)
    return tuple(session.scalars(own.order_by(PersonTopic.topic)))


def actors(session: Session, person_ids: Collection[int]) -> dict[int, Actor]:
    """People with an open account as they would act now: one statement."""
    statement = (
        select(
            Person.id,
            Person.name,
            Person.municipality_id,
            Municipality.name.label("town"),
            ROLES_OF.label("roles"),
        )
        .outerjoin(Municipality, Municipality.id == Person.municipality_id)
        .where(Person.id.in_(person_ids), Person.active)
    )
    return {
        row.id: Actor(
            person_id=row.id,
            name=row.name,
            municipality_id=row.municipality_id,
            municipality=row.town or "",
            roles=frozenset(row.roles.split(",")) if row.roles else frozenset(),
        )
        for row in session.execute(statement)
    }


def actor_of_token(session: Session, token_hash: str, today: date) -> tuple[Actor, bool] | None:
    """Who stands behind a session that is valid today, and its `remember`; one statement."""
    row = ask(session, BEHIND_TOKEN, {"token_hash": token_hash, "today": today}).one_or_none()
    if row is None:
        return None
    actor = Actor(
        person_id=row.person_id,
        name=row.name,
        municipality_id=row.municipality_id,
        municipality=row.municipality or "",
        roles=frozenset(row.roles.split(",")) if row.roles else frozenset(),
        session_id=row.session_id,
    )
    return actor, row.remember
