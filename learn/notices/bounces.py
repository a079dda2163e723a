"""Whether mail reaches people: refusals are remembered, a mail that was taken clears them.

An address that a server does not know is `gesperrt` at once. Other refusals may be the server's own trouble:
five in a row over more than a day make it `gestoert`.
"""

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.accounts.queries import email_key
from learn.core import clock, jobs, mail
from learn.notices.models import AddressState

DISTURBED, CLOSED = "gestoert", "gesperrt"
IN_A_ROW = 5


class Bounces:
    """Hears of every mail that a server took or refused."""

    def takes_mail(self, work: jobs.Work, address: str) -> bool:
        """False while the server says that there is no such address."""
        with work.database.reading() as session:
            found = session.scalar(_state(address))
        return found is None or found.state != CLOSED

    def heard(self, work: jobs.Work, address: str, problem: Exception | None) -> None:
        """Note a refusal; forget all of them after a success. Writes only where something changes."""
        if problem is None:
            with work.database.reading() as session:
                known = session.scalar(_state(address)) is not None
            if known:
                with work.database.writing() as session:
                    clear(session, address)
            return
        with work.database.writing() as session:
            refused(session, address, closed=isinstance(problem, jobs.Hopeless))


mail.WATCHERS.append(Bounces())


def clear(session: Session, address: str) -> None:
    """Mail has arrived."""
    session.execute(delete(AddressState).where(AddressState.email_key == email_key(address)))


def refused(session: Session, address: str, *, closed: bool) -> None:
    """Note that a server refused somebody's address; `closed`: it does not know it."""
    key, today = email_key(address), clock.today()
    person_id = session.scalar(select(Person.id).where(Person.email_key == key).with_for_update())
    if person_id is None:
        return
    found = session.get(AddressState, person_id)
    same = found is not None and found.email_key == key
    failures = found.failures + 1 if found is not None and same else 1
    since = found.since if found is not None and found.since and same else today
    before = found.state if found is not None and same else ""
    long = failures >= IN_A_ROW and since < today
    values = {
        "email_key": key,
        "failures": failures,
        "since": since,
        "state": CLOSED if closed or before == CLOSED else DISTURBED if long else before,
    }
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(AddressState).values(person_id=person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[AddressState.person_id], set_=values))


def _state(address: str) -> Select[AddressState]:
    """What is known of an address that somebody has today."""
    joined = select(AddressState).join(Person, Person.id == AddressState.person_id)
    return joined.where(Person.email_key == email_key(address), AddressState.email_key == Person.email_key)
