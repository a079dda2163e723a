"""A new password by a link to one's address; the request does the same whether there is an account or not."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from learn.accounts import methods, outgoing, queries, tickets
from learn.accounts.mail import joining as letters
from learn.accounts.mail import safety
from learn.config import Config
from learn.core import clock, jobs, mail
from learn.network import queries as towns

LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose password a link sets; `known`: what makes a new one easy to guess."""

    person_id: int
    email: str
    known: tuple[str, ...]


def account(session: Session, token: str) -> Account | None:
    """The open account behind a valid link."""
    ticket = tickets.ticket(session, tickets.PASSWORD, token)
    person = methods.person(session, ticket.person_id or 0) if ticket else None
    if person is None:
        return None
    town = towns.town_name(session, person.municipality_id)
    return Account(person.id, person.email, (person.name, person.email, town))


def ask(session: Session, email: str) -> None:
    """Ask for the link; the worker finds out whether there is an account."""
    jobs.enqueue(session, "password_letter", email=email.strip(), key=secrets.token_urlsafe(16))


@jobs.job("password_letter")
def send_letter(work: jobs.Work, *, email: str, key: str) -> None:
    """Mail the link to an open account, the reason to a closed one, nothing to nobody; `key` is random."""
    with work.database.writing() as session:
        person = queries.person(session, email)
        if person is None or not outgoing.first_time(session, f"reset {key}"):
            return
        refusal = outgoing.refusal(work.config, person)
        if refusal is not None:
            mail.send(session, refusal)
            return
        token = tickets.issue(session, tickets.PASSWORD, LASTS, person_id=person.id)
        ends = clock.now() + LASTS
        mail.send(session, letters.reset(work.config, person.email, token=token, ends=ends))


def set_password(session: Session, config: Config, token: str, password_hash: str, *, device: str) -> bool:
    """Use the link up; all sessions, other such links and open invitations of the person end.

    False where the link or the account is no longer valid.
    """
    ticket = tickets.redeem(session, tickets.PASSWORD, token)
    person = methods.set_password(session, ticket.person_id or 0, password_hash) if ticket else None
    if person is None:
        return False
    tickets.withdraw(session, tickets.INVITATION, person_id=person.id)
    safety.tell(session, config, person, "password", device=device)
    return True
