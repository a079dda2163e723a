"""Rows for tests: typed plain functions with sensible defaults; each flushes what it makes."""

from collections.abc import Collection
from itertools import count

from sqlalchemy.orm import Session

from learn.accounts import passwords
from learn.accounts.models import Person, PersonRole
from learn.core import clock
from learn.network.models import Municipality

NUMBERS = count(1)
PASSWORD = "Brombeere-und-Leuchtturm"


def make_municipality(
    session: Session, *, ags: str = "", name: str = "Musterstadt", role: str = "mitglied"
) -> Municipality:
    """A member town; without an AGS it gets a free one."""
    town = Municipality(
        ags=ags or f"99{next(NUMBERS):06}",
        name=name,
        kind="Stadt",
        district="Musterkreis",
        district_key="99000",
        role=role,
    )
    session.add(town)
    session.flush()
    return town


def make_person(
    session: Session,
    *,
    name: str = "Jana Hellweg",
    email: str = "",
    municipality: Municipality | None = None,
    roles: Collection[str] = (),
    password: str = PASSWORD,
    active: bool = True,
) -> Person:
    """A person of a town (a new one where none is given) who can sign in with `password`."""
    town = municipality or make_municipality(session)
    email = email or f"person{next(NUMBERS)}@example.org"
    person = Person(
        email=email,
        email_key=email.casefold(),
        name=name,
        municipality_id=town.id,
        password_hash=passwords.hashed(password),
        active=active,
        created_on=clock.today(),
    )
    session.add(person)
    session.flush()
    session.add_all(PersonRole(person_id=person.id, role=role) for role in roles)
    session.flush()
    return person
