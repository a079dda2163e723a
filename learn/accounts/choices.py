"""How often people want mail of each kind; mails about the safety of an account are no choice."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.accounts.models import MailChoice, Person
from learn.core.access import Refused

AT_ONCE, DAILY, WEEKLY, NEVER = "sofort", "taeglich", "woche", "nie"
COHORT, REQUESTS = "klasse", "anfragen"
OWN, ADDRESSED, FORUM, DUTIES, COURSES = "eigene", "angesprochen", "forum", "koordination", "werkstatt"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mail: its rhythms in the order of the form, and the one that holds without a choice.

    `roles`: whom it concerns; empty for everyone.
    """

    rhythms: tuple[str, ...]
    preset: str
    roles: frozenset[str] = frozenset()


KINDS: Mapping[str, Kind] = {
    OWN: Kind((AT_ONCE, WEEKLY, NEVER), AT_ONCE),
    ADDRESSED: Kind((AT_ONCE, WEEKLY, NEVER), WEEKLY),
    FORUM: Kind((AT_ONCE, WEEKLY, NEVER), WEEKLY),
    DUTIES: Kind((AT_ONCE, WEEKLY, NEVER), WEEKLY, frozenset({"coordinator"})),
    COURSES: Kind((AT_ONCE, WEEKLY, NEVER), AT_ONCE, frozenset({"trainer", "coordinator"})),
    COHORT: Kind((AT_ONCE, NEVER), AT_ONCE),
    REQUESTS: Kind((AT_ONCE, DAILY, NEVER), DAILY, frozenset({"coordinator"})),
}


def rhythm(session: Session, person_id: int, kind: str) -> str:
    """How often a person wants mail of a kind."""
    chosen = session.scalar(
        select(MailChoice.rhythm).where(MailChoice.person_id == person_id, MailChoice.kind == kind)
    )
    return chosen or KINDS[kind].preset


def rhythms(session: Session, person_ids: Collection[int]) -> Callable[[int, str], str]:
    """How often some people want mail, as a function of person and kind: one statement."""
    statement = select(MailChoice.person_id, MailChoice.kind, MailChoice.rhythm)
    rows = session.execute(statement.where(MailChoice.person_id.in_(person_ids)))
    chosen = {(row.person_id, row.kind): row.rhythm for row in rows}
    return lambda person_id, kind: chosen.get((person_id, kind), KINDS[kind].preset)


def choose(session: Session, person_id: int, kind: str, rhythm: str) -> None:
    """Keep a person's choice; it holds from the next mail on. Raises Refused."""
    if kind not in KINDS or rhythm not in KINDS[kind].rhythms:
        raise Refused("Wählen Sie eine der Möglichkeiten.", field=kind)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(MailChoice).values(person_id=person_id, kind=kind, rhythm=rhythm)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[MailChoice.person_id, MailChoice.kind], set_={"rhythm": rhythm}
        )
    )


def wanting(kind: str, rhythm: str) -> Select[Any]:
    """People with an open account who want mail of a kind so often."""
    own = (MailChoice.person_id == Person.id) & (MailChoice.kind == kind)
    wanted = func.coalesce(MailChoice.rhythm, KINDS[kind].preset) == rhythm
    return select(Person).outerjoin(MailChoice, own).where(Person.active, wanted)
