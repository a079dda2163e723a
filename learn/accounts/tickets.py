"""Links that are sent by mail: random, kept as a hash, valid once and until their end (ASVS 6.4.1)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.accounts.models import Ticket
from learn.core import clock
from learn.core.sessions import hashed

INVITATION = "einladung"
REGISTRATION = "registrierung"
PASSWORD = "passwort"  # noqa: S105 - a kind of link
ADDRESS = "adresse"
UNDO_ERASURE = "loeschung"


def issue(
    session: Session,
    kind: str,
    lasts: timedelta,
    *,
    person_id: int | None = None,
    email_key: str = "",
    data: Mapping[str, Any] | None = None,
) -> str:
    """Write a ticket and give its token of 128 bits, which exists in the link only."""
    token = secrets.token_urlsafe(16)
    session.add(
        Ticket(
            kind=kind,
            token_hash=hashed(token),
            person_id=person_id,
            email_key=email_key,
            data=dict(data or {}),
            created_on=clock.today(),
            until=clock.now() + lasts,
        )
    )
    session.flush()
    return token


def ticket(session: Session, kind: str, token: str) -> Ticket | None:
    """The valid ticket behind a token; it stays valid."""
    statement = select(Ticket).where(
        Ticket.token_hash == hashed(token), Ticket.kind == kind, Ticket.until > clock.now()
    )
    return session.scalar(statement)


def redeem(session: Session, kind: str, token: str) -> Ticket | None:
    """The same, used up: of two who redeem it at once the database lets one."""
    found = ticket(session, kind, token)
    if found is None:
        return None
    session.expunge(found)
    return found if use_up(session, kind, found.id) else None


def use_up(session: Session, kind: str, ticket_id: int) -> bool:
    """Use up a valid ticket by its number; False when it is gone or somebody else was first."""
    statement = delete(Ticket).where(Ticket.id == ticket_id, Ticket.kind == kind, Ticket.until > clock.now())
    return session.execute(statement.returning(Ticket.id)).scalar() is not None


def withdraw(session: Session, kind: str, *, person_id: int) -> None:
    """Make a person's open links of one kind void."""
    session.execute(delete(Ticket).where(Ticket.kind == kind, Ticket.person_id == person_id))
