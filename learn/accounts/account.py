"""One account as staff see it: who she is, what she is responsible for, how she signs in; no day of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.accounts import staff
from learn.accounts.directory import state_of
from learn.accounts.models import Identity, Passkey, Person, TotpSecret
from learn.accounts.staff import Duties
from learn.network.models import Cohort, Municipality


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `state` is one of `directory.STATES`, `cohorts` are names, `ways` how she may sign in."""

    id: int
    name: str
    email: str
    office: str
    town: Municipality | None
    state: str
    created_on: date
    erase_on: date | None
    duties: Duties
    cohorts: tuple[str, ...]
    ways: frozenset[str]  # passwort, app, passkey, dienst


def account(session: Session, person_id: int) -> Account | None:
    """The account of this number."""
    person = session.get(Person, person_id)
    if person is None:
        return None
    has_password = person.password_hash is not None
    held = staff.duties(session, person_id)
    return Account(
        id=person.id,
        name=person.name,
        email=person.email,
        office=person.office,
        town=session.get(Municipality, person.municipality_id) if person.municipality_id else None,
        state=state_of(active=person.active, erase_on=person.erase_on, has_password=has_password),
        created_on=person.created_on,
        erase_on=person.erase_on,
        duties=held,
        cohorts=_names(session, held.cohorts),
        ways=_ways(session, person_id) | ({"passwort"} if has_password else set()),
    )


def cohorts(session: Session) -> list[tuple[int, str]]:
    """All Klassen to choose from: numbers and names."""
    return [
        (row.id, row.name) for row in session.execute(select(Cohort.id, Cohort.name).order_by(Cohort.name))
    ]


def _names(session: Session, cohort_ids: frozenset[int]) -> tuple[str, ...]:
    if not cohort_ids:
        return ()
    return tuple(session.scalars(select(Cohort.name).where(Cohort.id.in_(cohort_ids)).order_by(Cohort.name)))


def _ways(session: Session, person_id: int) -> frozenset[str]:
    found = session.execute(
        select(
            exists().where(TotpSecret.person_id == person_id, TotpSecret.confirmed).label("app"),
            exists().where(Passkey.person_id == person_id).label("passkey"),
            exists().where(Identity.person_id == person_id).label("dienst"),
        )
    ).mappings()
    return frozenset(name for name, there in found.one().items() if there)
