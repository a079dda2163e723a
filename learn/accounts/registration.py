"""Registration: nothing exists before an address is confirmed; then the town's domains or the Koordination.

The request does the same whoever is behind an address: it keeps what was typed under the hash of a link
and leaves it to the worker to find out which letter to send.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts import belonging, outgoing, queries, requests, service, tickets
from learn.accounts.mail import joining as letters
from learn.accounts.models import JoinRequest, Person, Ticket
from learn.config import Config
from learn.core import jobs, mail
from learn.core.access import Refused
from learn.network import queries as towns

LASTS = timedelta(days=7)
GONE = "Dieser Link gilt nicht mehr. Registrieren Sie sich noch einmal."


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody typed. `municipality` is an AGS, `invitation` the number of a town's open invitation."""

    email: str
    name: str
    municipality: str
    message: str
    password_hash: str
    invitation: int | None = None


def begin(session: Session, application: Application) -> None:
    """Keep the application under a link for its address; the worker mails the link."""
    key = queries.email_key(application.email)
    token = tickets.issue(session, tickets.REGISTRATION, LASTS, email_key=key, data=asdict(application))
    jobs.enqueue(session, "registration_letter", token=token)


@jobs.job("registration_letter")
def send_letter(work: jobs.Work, *, token: str) -> None:
    """Mail the link, or what an existing account makes of it."""
    with work.database.writing() as session:
        ticket = tickets.ticket(session, tickets.REGISTRATION, token)
        if ticket is None or not outgoing.first_time(session, f"registration {token}"):
            return
        person = queries.person(session, ticket.data["email"])
        if person is None:
            mail.send(session, link(session, work.config, ticket, token))
            return
        mail.send(
            session, outgoing.refusal(work.config, person) or letters.already_here(work.config, person.email)
        )
        session.delete(ticket)


def link(session: Session, config: Config, ticket: Ticket, token: str) -> mail.Message:
    town = towns.town(session, ticket.data["municipality"])
    return letters.confirm_registration(
        config, ticket.data["email"], town=town.name if town else "", token=token, ends=ticket.until
    )


def complete(session: Session, config: Config, token: str, known: Ticket) -> int | None:
    """Use the link up: the new person's id, or None where the Koordination decides. Raises Refused.

    `known` is the ticket whose password was checked. Of two who confirm at once one uses it up; the other
    finds what came of it.
    """
    ticket = tickets.redeem(session, tickets.REGISTRATION, token)
    if ticket is None:
        return outcome(session, known.data)
    application = Application(**ticket.data)
    town = towns.town(session, application.municipality)
    if town is None:
        raise Refused(GONE)
    if not vouched(session, application) and not belonging.speaks_for(session, application.email, town.id):
        ask(session, config, application, town.id)
        return None
    person = service.create_user(
        session,
        by=None,
        email=application.email,
        name=application.name,
        password_hash=application.password_hash,
        municipality=town.ags,
    )
    return person.id


def vouched(session: Session, application: Application) -> bool:
    """Whether the town's open invitation is still there; the first completed joining uses it up."""
    number = application.invitation
    return number is not None and tickets.use_up(session, tickets.INVITATION, number)


def ask(session: Session, config: Config, application: Application, municipality_id: int) -> None:
    """Leave it to the Koordination. Raises Refused where an account has come up meanwhile."""
    if queries.person(session, application.email) is not None:
        raise Refused(service.KNOWN, field="email")
    requests.ask(
        session,
        config,
        requests.ACCOUNT,
        email=application.email,
        name=application.name,
        municipality_id=municipality_id,
        message=application.message,
        password_hash=application.password_hash,
    )


def outcome(session: Session, data: dict[str, Any]) -> int | None:
    """What the same application has become already. Raises Refused when nothing has."""
    key = queries.email_key(data["email"])
    same = (Person.email_key == key) & (Person.password_hash == data["password_hash"])
    person_id = session.scalar(select(Person.id).where(same, Person.active))
    if person_id is not None:
        return person_id
    waiting = select(JoinRequest.id).where(
        JoinRequest.email_key == key, JoinRequest.password_hash == data["password_hash"]
    )
    if session.scalar(waiting) is None:
        raise Refused(GONE)
    return None
