"""What jobs that write mails share: each mail once, and the letters to closed doors."""

from datetime import timedelta

from sqlalchemy.orm import Session

from learn.accounts.mail import joining as letters
from learn.accounts.models import Person
from learn.config import Config
from learn.core import clock, once
from learn.core.mail import Message

REMEMBERED = timedelta(days=1)  # longer than a job is tried


def first_time(session: Session, what: str) -> bool:
    """Whether a job writes its mail for the first time: a killed worker's job comes again."""
    return once.spend(session, what, clock.now() + REMEMBERED)


def refusal(config: Config, person: Person) -> Message | None:
    """Why somebody without an open account gets no link; None for an open account."""
    if person.active:
        return None
    return (letters.closed if person.erase_on else letters.disabled)(config, person.email)
