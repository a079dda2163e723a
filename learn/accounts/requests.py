"""Requests to the Koordination: one of a kind for an address; a later one takes the place of an earlier."""

import secrets

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts import notices, outgoing, queries
from learn.accounts.mail import addresses as address_letters
from learn.accounts.mail import joining as letters
from learn.accounts.models import JoinRequest, Person
from learn.config import Config
from learn.core import clock, jobs, mail
from learn.core.access import Refused
from learn.network import queries as towns

ACCOUNT, MOVE, ADDRESS = "konto", "wechsel", "adresse"
LONGEST_MESSAGE = 2000


def ask(
    session: Session,
    config: Config,
    kind: str,
    *,
    email: str,
    name: str,
    municipality_id: int,
    office: str = "",
    message: str = "",
    person_id: int | None = None,
    password_hash: str | None = None,
) -> None:
    """Write a request, or what is new in it, and tell the Koordination.

    One statement, so that two at once leave one row.
    """
    row = {
        "kind": kind,
        "person_id": person_id,
        "email": email,
        "email_key": queries.email_key(email),
        "name": name,
        "office": office,
        "municipality_id": municipality_id,
        "message": message[:LONGEST_MESSAGE],
        "password_hash": password_hash,
        "asked_on": clock.today(),
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    keys = [JoinRequest.kind, JoinRequest.email_key]
    session.execute(insert(JoinRequest).values(row).on_conflict_do_update(index_elements=keys, set_=row))
    notices.new_request(session, config)


def ask_as(
    session: Session, config: Config, kind: str, person: Person, *, municipality_id: int, email: str = ""
) -> None:
    """The same by somebody who has an account; a new wish of hers takes the place of the old one."""
    take_back(session, kind, person_id=person.id)
    ask(
        session,
        config,
        kind,
        email=email or person.email,
        name=person.name,
        office=person.office,
        municipality_id=municipality_id,
        person_id=person.id,
    )


def of_person(session: Session, person_id: int) -> dict[str, JoinRequest]:
    """A person's own open requests by kind."""
    found = session.scalars(select(JoinRequest).where(JoinRequest.person_id == person_id))
    return {request.kind: request for request in found}


def take_back(session: Session, kind: str, *, person_id: int) -> None:
    """Remove a person's own request."""
    session.execute(delete(JoinRequest).where(JoinRequest.person_id == person_id, JoinRequest.kind == kind))


def readdress(session: Session, person: Person) -> None:
    """Keep a person's requests under her present address."""
    own = update(JoinRequest).where(JoinRequest.person_id == person.id)
    session.execute(own.values(email=person.email, email_key=person.email_key))


def decide(session: Session, request_id: int) -> JoinRequest:
    """Take a request out of the list: of two who decide at once the database lets one. Raises Refused."""
    request = session.get(JoinRequest, request_id)
    if request is not None:
        session.expunge(request)
        if request.person_id is not None:  # first her row, then the request: as when she acts herself
            session.get(Person, request.person_id, with_for_update=True)
        statement = delete(JoinRequest).where(JoinRequest.id == request_id).returning(JoinRequest.id)
        if session.execute(statement).scalar() is not None:
            return request
    raise Refused("Über diese Anfrage hat schon jemand entschieden.", status=409)


def tell(session: Session, kind: str, person_id: int) -> None:
    """Have somebody told that the Koordination has agreed."""
    key = secrets.token_urlsafe(16)
    jobs.enqueue(session, "tell_accepted", kind=kind, person_id=person_id, key=key)


def tell_no(session: Session, email: str, reason: str) -> None:
    """Have somebody told that the Koordination has not agreed; `reason` is a sentence."""
    key = secrets.token_urlsafe(16)
    jobs.enqueue(session, "tell_declined", email=email, reason=reason, key=key)


@jobs.job("tell_accepted")
def send_yes(work: jobs.Work, *, kind: str, person_id: int, key: str) -> None:
    """Mail what was agreed to; `key` is random."""
    with work.database.writing() as session:
        person = session.get(Person, person_id)
        if person is None or not outgoing.first_time(session, f"accepted {key}"):
            return
        if kind == ADDRESS:
            mail.send(session, address_letters.readdressed(work.config, person.email))
            return
        town = towns.town_name(session, person.municipality_id)
        letter = letters.accepted if kind == ACCOUNT else letters.moved
        mail.send(session, letter(work.config, person.email, town=town))


@jobs.job("tell_declined")
def send_no(work: jobs.Work, *, email: str, reason: str, key: str) -> None:
    """Mail the reason; `key` is random."""
    with work.database.writing() as session:
        if outgoing.first_time(session, f"declined {key}"):
            mail.send(session, letters.declined(work.config, email, reason=reason))
