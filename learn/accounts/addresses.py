"""A new address for an account: confirmed there, and agreed to where the town does not list its domain."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.accounts import belonging, moving, outgoing, queries, requests, service, tickets, words
from learn.accounts.mail import addresses as letters
from learn.accounts.models import Person, Ticket
from learn.config import Config
from learn.core import jobs, mail, sessions
from learn.core.access import Refused

LASTS = timedelta(days=1)
GONE = "Dieser Link gilt nicht mehr. Geben Sie die neue Adresse noch einmal an."


def ask(session: Session, config: Config, person_id: int, email: str) -> None:
    """Have a link sent to the new address, and a notice to the present one. Raises Refused.

    The worker writes to the new address: only it finds out whether that has an account.
    """
    person, email = moving.own(session, person_id), service.clean_address(email)
    if email == person.email:
        raise Refused("Das ist schon Ihre Adresse.", field="email")
    tickets.withdraw(session, tickets.ADDRESS, person_id=person.id)
    key = queries.email_key(email)
    token = tickets.issue(
        session, tickets.ADDRESS, LASTS, person_id=person.id, email_key=key, data={"email": email}
    )
    jobs.enqueue(session, "address_letter", token=token)
    mail.send(session, letters.address_notice(config, person.email))


@jobs.job("address_letter")
def send_letter(work: jobs.Work, *, token: str) -> None:
    """Mail the link to the new address, or that it belongs to an account."""
    with work.database.writing() as session:
        ticket = tickets.ticket(session, tickets.ADDRESS, token)
        if ticket is None or not outgoing.first_time(session, f"address {token}"):
            return
        email = ticket.data["email"]
        known = queries.person(session, email)
        if known is None or known.id == ticket.person_id:  # her own, spelt differently
            mail.send(session, letters.confirm_address(work.config, email, token=token, ends=ticket.until))
            return
        mail.send(session, letters.address_in_use(work.config, known.email))
        session.delete(ticket)


def own_ticket(session: Session, token: str, person_id: int) -> Ticket | None:
    """The valid link of this person: an address is confirmed by who asked for it, nobody else."""
    ticket = tickets.ticket(session, tickets.ADDRESS, token)
    return ticket if ticket is not None and ticket.person_id == person_id else None


def confirm(session: Session, config: Config, token: str, person_id: int) -> bool:
    """Use the link up; whether the address counts at once, else the Koordination decides. Raises Refused."""
    person = moving.own(session, person_id)
    ticket = own_ticket(session, token, person_id)
    if ticket is None or not tickets.use_up(session, tickets.ADDRESS, ticket.id):
        raise Refused(GONE)
    email, town = ticket.data["email"], person.municipality_id
    if town is None or belonging.speaks_for(session, email, town):
        change(session, person, email)
        return True
    requests.ask_as(session, config, requests.ADDRESS, person, municipality_id=town, email=email)
    return False


def change(session: Session, person: Person, email: str) -> None:
    """Store the address; sessions and links sent to the old one end. Raises Refused where it is taken."""
    try:
        with session.begin_nested():
            person.email, person.email_key = email, queries.email_key(email)
    except IntegrityError as taken:
        raise Refused(service.KNOWN, field="email") from taken
    words.index(session, person.id, person.name, person.email)
    for kind in (tickets.PASSWORD, tickets.ADDRESS):
        tickets.withdraw(session, kind, person_id=person.id)
    requests.take_back(session, requests.ADDRESS, person_id=person.id)
    requests.readdress(session, person)
    sessions.close_rows(session, person.id)
