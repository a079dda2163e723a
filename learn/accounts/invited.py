"""Accepting an invitation: as somebody new, imported or known already, or as the first of a Kommune."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from learn.accounts import moving, queries, service, tickets, words
from learn.accounts.models import Identity, Passkey, Person, PersonRole, PersonTopic, Ticket
from learn.core import audit, sessions
from learn.core.access import Refused
from learn.network import queries as towns

GONE = "Diese Einladung gilt nicht mehr. Fragen Sie die Koordination nach einer neuen."
KOMMUNE, NEW, UNUSED, KNOWN, CLOSED = "kommune", "neu", "unbenutzt", "bekannt", "geschlossen"


@dataclass(frozen=True, slots=True)
class Welcome:
    """An invitation as its page shows it.

    `kind`: for a KOMMUNE; for a person who is NEW, whose account is UNUSED (imported, no way to sign in),
    KNOWN or CLOSED. `town` is the name of the Kommune that one joins, empty where none changes.
    """

    ticket: Ticket
    kind: str
    person: Person | None
    town: str
    town_id: int | None
    ags: str
    roles: tuple[str, ...]


def welcome(session: Session, token: str) -> Welcome | None:
    """The valid invitation behind a token."""
    ticket = tickets.ticket(session, tickets.INVITATION, token)
    if ticket is None:
        return None
    person = invited_person(session, ticket)
    town = towns.town(session, ticket.data["municipality"] or "")
    return Welcome(
        ticket,
        kind_of(session, ticket, person),
        person,
        town.name if town else "",
        town.id if town else None,
        town.ags if town else "",
        tuple(ticket.data["roles"]),
    )


def invited_person(session: Session, ticket: Ticket) -> Person | None:
    """Who is meant, as far as she has an account."""
    if ticket.person_id is not None:
        return session.get(Person, ticket.person_id)
    return queries.person(session, ticket.email_key) if ticket.email_key else None


def kind_of(session: Session, ticket: Ticket, person: Person | None) -> str:
    if not ticket.email_key:
        return KOMMUNE
    if person is None:
        return NEW
    if not person.active:
        return CLOSED
    return UNUSED if is_unused(session, person) else KNOWN


def is_unused(session: Session, person: Person) -> bool:
    """Whether nobody can have signed in so far."""
    means = exists().where(Identity.person_id == person.id) | exists().where(Passkey.person_id == person.id)
    return person.password_hash is None and not session.scalar(select(means))


def accept(session: Session, token: str, *, name: str, password_hash: str) -> int:
    """Use a person's invitation up and give the id of the new or now used account. Raises Refused."""
    ticket = used_up(session, token)
    data = ticket.data
    person = invited_person(session, ticket)
    kind = kind_of(session, ticket, person)
    if person is None and kind == NEW:
        person = service.create_user(
            session,
            by=data["by"],
            email=data["email"],
            name=name,
            password_hash=password_hash,
            municipality=data["municipality"],
            roles=data["roles"],
        )
        give_topics(session, person.id, data["topics"])
        return person.id
    if person is None or kind != UNUSED:
        raise Refused(GONE)
    person.name, person.password_hash = service.clean_name(name), password_hash
    words.index(session, person.id, person.name, person.email)
    tickets.withdraw(session, tickets.PASSWORD, person_id=person.id)
    take_in(session, person, data)
    return person.id


def join(session: Session, token: str, person_id: int) -> None:
    """Use an invitation up as somebody who is signed in: town, roles and topics become hers. Raises Refused.

    A person's invitation is hers alone; a Kommune's is for whoever holds the link.
    """
    person = moving.own(session, person_id)
    ticket = used_up(session, token)
    if ticket.email_key not in {"", person.email_key}:
        raise Refused(GONE)
    take_in(session, person, ticket.data)


def used_up(session: Session, token: str) -> Ticket:
    """The invitation, void from now on. Raises Refused."""
    ticket = tickets.redeem(session, tickets.INVITATION, token)
    if ticket is None:
        raise Refused(GONE)
    return ticket


def take_in(session: Session, person: Person, data: Mapping[str, Any]) -> None:
    """Give an existing account what the invitation says; all its sessions end."""
    town = towns.town(session, data["municipality"] or "")
    if town is not None and town.id != person.municipality_id:
        moving.move(session, person, town)
    give_roles(session, person.id, data["roles"])
    if data["topics"]:
        give_topics(session, person.id, data["topics"])
    sessions.close_rows(session, person.id)
    if town is not None or data["roles"]:
        audit.record(session, data["by"], "konto.aufgenommen", audit.person(person.id))


def give_roles(session: Session, person_id: int, roles: Collection[str]) -> None:
    """Add roles to those she has."""
    held = queries.roles(session, person_id)
    session.add_all(PersonRole(person_id=person_id, role=role) for role in roles if role not in held)
    session.flush()


def give_topics(session: Session, person_id: int, topics: Collection[str]) -> None:
    """Make these the topics she answers for."""
    session.execute(delete(PersonTopic).where(PersonTopic.person_id == person_id))
    session.add_all(PersonTopic(person_id=person_id, topic=topic) for topic in topics)
    session.flush()
