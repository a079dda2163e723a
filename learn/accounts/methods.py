"""What a person can sign in with, at one glance, and the password that she sets herself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.accounts import passkeys, recovery, tickets
from learn.accounts.models import Passkey, Person, TotpSecret
from learn.core import sessions
from learn.core.access import Actor

STAFF = frozenset({"coordinator", "operator", "trainer"})


@dataclass(frozen=True, slots=True)
class Methods:
    """`app_since`: the day of the authenticator app; `codes`: recovery codes that are left."""

    password: bool
    app_since: date | None
    codes: int
    passkeys: Sequence[Passkey]


def methods(session: Session, person_id: int) -> Methods:
    """What a person has set up."""
    stored = session.scalar(select(Person.password_hash).where(Person.id == person_id))
    since = select(TotpSecret.added_on).where(TotpSecret.person_id == person_id, TotpSecret.confirmed)
    return Methods(
        password=stored is not None,
        app_since=session.scalar(since),
        codes=recovery.left(session, person_id),
        passkeys=passkeys.own(session, person_id),
    )


def person(session: Session, person_id: int) -> Person | None:
    """The account behind a number while it is open."""
    return session.scalar(select(Person).where(Person.id == person_id, Person.active))


def unsafe(session: Session, actor: Actor) -> bool:
    """Whether somebody with duties in the network can be robbed of her account by her password alone."""
    if not STAFF & actor.roles:
        return False
    app = exists().where(TotpSecret.person_id == Person.id, TotpSecret.confirmed)
    bare = select(Person.id).where(Person.id == actor.person_id, Person.password_hash.is_not(None), ~app)
    return session.scalar(bare) is not None


def set_password(session: Session, person_id: int, password_hash: str) -> Person | None:
    """Store a new hash; all sessions and open links for a new password end at once."""
    found = person(session, person_id)
    if found is not None:
        found.password_hash = password_hash
        sessions.close_rows(session, person_id)
        tickets.withdraw(session, tickets.PASSWORD, person_id=person_id)
    return found


def keep_hash(session: Session, person_id: int, password_hash: str) -> None:
    """The same password under newer parameters."""
    found = person(session, person_id)
    if found is not None:
        found.password_hash = password_hash
