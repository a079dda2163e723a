"""The end of an account: closed and hidden at once, erased after some days; until then a link undoes it.

Erasing is one transaction, so that a kill leaves the person or nothing of her; what it owes afterwards
(copies of mails, SQLite's log) is done by jobs that may run twice.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from learn.accounts import owndata as holdings
from learn.accounts import queries, tickets
from learn.accounts.mail import leaving
from learn.accounts.models import JoinRequest, Person, PersonRole, Ticket
from learn.accounts.service import WITHOUT_TOWN
from learn.config import Config
from learn.core import audit, cleaning, clock, copies, jobs, mail, naming, owndata, sessions
from learn.core.access import Refused
from learn.core.cleaning import retained_by, retains
from learn.core.db import Busy, Database
from learn.core.holdings import AUTOMATIC, jobs_about
from learn.core.models import Erasure
from learn.core.owndata import Owner

GRACE = timedelta(days=7)  # until a person's own wish is carried out
NOTICE = 30  # days, for an account without a town
REQUESTS_STAY = timedelta(days=90)
WITHOUT_TOWN_STAYS = timedelta(days=365)
LAST_COORDINATOR = (
    "Sie sind die einzige Koordination. Geben Sie diese Rolle zuerst jemand anderem."
    " Danach können Sie das Konto löschen."
)
COORDINATOR = "coordinator"
NOBODY = "ohne-konto"  # the subject of an erasure where there was an address, but no account

retained_by(Person, "close_without_town")


@retains(Ticket)
def ended_links() -> ColumnElement[bool]:
    return Ticket.until < clock.now()


@retains(JoinRequest)
def unanswered_requests() -> ColumnElement[bool]:
    return JoinRequest.asked_on < clock.today() - REQUESTS_STAY


def close(
    session: Session, config: Config, person: Person, *, days: int = GRACE.days, by: str, reason: str = ""
) -> date:
    """Close an account at once and give the day on which it is erased; a letter holds the link back.

    Doing it again changes nothing. `reason` is for the audit log. Raises Refused for the last coordinator,
    and where staff disabled it.
    """
    last = is_last_coordinator(session, person.id)
    session.refresh(person, with_for_update=True)
    if person.erase_on is not None:
        return person.erase_on
    if not person.active:
        raise Refused("Dieses Konto ist gesperrt. Wenden Sie sich an die Koordination.")
    if last:
        raise Refused(LAST_COORDINATOR)
    person.active = False
    person.erase_on = clock.today() + timedelta(days=days)
    sessions.close_rows(session, person.id)
    owner = holdings.owner_of(person)
    owndata.remove(session, Ticket, holdings.of_owner(owner))
    owndata.remove(session, JoinRequest, holdings.asked_by(owner))
    token = tickets.issue(session, tickets.UNDO_ERASURE, timedelta(days=days), person_id=person.id)
    wish = {AUTOMATIC: leaving.WITHOUT_TOWN, audit.person(person.id): leaving.OWN_WISH}.get(by, leaving.STAFF)
    letter = leaving.closed(config, person.email, token=token, ends=person.erase_on, wish=wish)
    mail.send(session, letter)
    audit.record(session, by, "konto.geschlossen", audit.person(person.id), reason)
    return person.erase_on


def closed_until(session: Session, token: str) -> date | None:
    """The day on which the account behind a link will be erased; None when the link is no good."""
    statement = select(Person.erase_on).join(Ticket, Ticket.person_id == Person.id)
    found = tickets.ticket(session, tickets.UNDO_ERASURE, token)
    return session.scalar(statement.where(Ticket.id == found.id)) if found else None


def undo(session: Session, token: str) -> Person | None:
    """Open a closed account again; None when the link is no good. Signing in is up to her."""
    found = tickets.ticket(session, tickets.UNDO_ERASURE, token)
    # The person first, as erasing does: of two who lock in another order each could wait for the other.
    person = session.get(Person, found.person_id, with_for_update=True) if found else None
    if person is None or person.erase_on is None:
        return None
    if tickets.redeem(session, tickets.UNDO_ERASURE, token) is None:
        return None
    person.active, person.erase_on = True, None
    if person.municipality_id is None and person.left_on is not None:
        person.left_on = clock.today()  # another year to join a town
    audit.record(session, audit.person(person.id), "konto.wiedergeoeffnet", audit.person(person.id))
    return person


def erase(session: Session, config: Config, person_id: int, *, by: str) -> bool:
    """Erase a person now; False if there is no such person (any more)."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        return False
    owner = holdings.owner_of(person)
    session.expunge(person)
    for address in unconfirmed(session, owner):
        mails_to(session, config, Owner(0, queries.email_key(address), address))
    owndata.erase(session, owner)
    session.merge(Erasure(person_id=person_id, at=clock.now()))
    audit.record(session, by, "konto.geloescht", audit.person(person_id))
    mails_to(session, config, owner)
    return True


def erase_address(session: Session, config: Config, email: str, *, by: str) -> bool:
    """The same for an address without an account: requests, links, mails; False if there are none."""
    owner = Owner(0, queries.email_key(email), email)
    if not owndata.held(session, owner):
        return False
    owndata.erase(session, owner)
    audit.record(session, by, "konto.geloescht", NOBODY)
    mails_to(session, config, owner)
    return True


def erase_again(session: Session, config: Config, *, by: str) -> int:
    """Erase whoever was erased before and has come back with an older backup; gives their number."""
    returned = session.scalars(select(Person.id).where(Person.id.in_(select(Erasure.person_id))))
    return sum(erase(session, config, person_id, by=by) for person_id in returned.all())


def unconfirmed(session: Session, owner: Owner) -> set[str]:
    """Addresses that she wanted to change to and that nobody else has: mails went there, too."""
    wanted = set(session.scalars(select(JoinRequest.email).where(JoinRequest.person_id == owner.person_id)))
    for data in session.scalars(select(Ticket.data).where(Ticket.person_id == owner.person_id)):
        wanted.update(address for text in naming.texts(data) for address in naming.addresses(text))
    return {address for address in wanted if queries.person(session, address) is None}


def mails_to(session: Session, config: Config, owner: Owner) -> None:
    """Remove the mails that wait for an address, and ask for what has to follow.

    Mails in the folder go, and SQLite's log is emptied, which still holds the rows.
    """
    jobs_about(session, owner)
    copies.forget_later(session, config, owner.email)
    if config.sqlite:
        jobs.enqueue(session, "empty_log", dedupe="empty_log")


def is_last_coordinator(session: Session, person_id: int, *, lock: bool = True) -> bool:
    """Whether she is a coordinator and there is no other; with `lock` one of two who leave at once waits."""
    statement = select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    coordinators = statement.where(PersonRole.role == COORDINATOR, Person.active).order_by(Person.id)
    if session.scalar(coordinators.where(Person.id == person_id)) is None:
        return False
    if lock:  # then ask again: a role that was taken while we waited changed no row that we waited for
        session.scalars(coordinators.with_for_update(of=Person)).all()
    return session.scalars(coordinators).all() == [person_id]


@jobs.job("erase_closed", every=cleaning.DAY)
def erase_closed(work: jobs.Work) -> None:
    """Erase the accounts whose day has come, each in a transaction of its own."""
    each(work.database, due(), lambda session, person: erase(session, work.config, person.id, by=AUTOMATIC))
    with work.database.writing() as session:
        erase_again(session, work.config, by=AUTOMATIC)


@jobs.job("close_without_town", every=cleaning.DAY)
def close_without_town(work: jobs.Work) -> None:
    """Close accounts that have belonged to no town for a year; staff need none."""
    each(
        work.database,
        lonely(),
        lambda session, person: close(session, work.config, person, days=NOTICE, by=AUTOMATIC),
    )


def due() -> ColumnElement[bool]:
    """Closed accounts whose day has come."""
    return ~Person.active & (Person.erase_on <= clock.today())


def lonely() -> ColumnElement[bool]:
    """Open accounts that have belonged to no town for a year."""
    staff = exists().where(PersonRole.person_id == Person.id, PersonRole.role.in_(WITHOUT_TOWN))
    left = Person.left_on <= clock.today() - WITHOUT_TOWN_STAYS
    return Person.active & Person.municipality_id.is_(None) & left & ~staff


def each(database: Database, which: ColumnElement[bool], act: Callable[[Session, Person], object]) -> None:
    """Do something for some people; whoever no longer belongs to them when her turn comes is left alone."""
    with database.reading() as session:
        found = session.scalars(select(Person.id).where(which).order_by(Person.id)).all()
    for person_id in found:
        with database.writing() as session:
            person = session.scalar(select(Person).where(Person.id == person_id, which).with_for_update())
            if person is not None:
                act(session, person)


@jobs.job("empty_log")
def empty_log_later(work: jobs.Work) -> None:
    """The same as a job, tried again while somebody reads."""
    empty_log(work.database)


def empty_log(database: Database) -> None:
    """Move SQLite's write-ahead log into the database file and cut it to nothing. Raises Busy."""
    with database.locked():
        if not database.checkpoint("TRUNCATE"):
            raise Busy
