"""The circles a person may write in, and who reads there, in words of towns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.forum.audience import COHORT, MEMBERS, NETWORK, PUBLIC, Reader
from learn.network.models import Cohort, CohortTown, Municipality


@dataclass(frozen=True, slots=True)
class Klasse:
    """A Klasse that somebody may choose."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads at a level: how many towns, and which where it is a Klasse (`name`)."""

    level: str
    towns: int = 0
    name: str = ""
    names: tuple[str, ...] = ()


def klassen(session: Session, who: Reader) -> tuple[Klasse, ...]:
    """The Klassen she may write in, by name."""
    statement = select(Cohort.id, Cohort.name).order_by(Cohort.name)
    if who.circles is not None:
        own = [int(circle.partition(":")[2]) for circle in who.circles if circle.startswith(f"{COHORT}:")]
        if not own:
            return ()
        statement = statement.where(Cohort.id.in_(own))
    return tuple(Klasse(found.id, found.name) for found in session.execute(statement))


def levels(who: Reader, klassen: Sequence[Klasse]) -> tuple[str, ...]:
    """The levels she may choose, the preset first."""
    network = (NETWORK,) if who.reads(NETWORK) else ()
    return (*network, PUBLIC, *((COHORT,) if klassen else ()))


def readers(session: Session, level: str, cohort_id: int | None) -> Readers:
    """Who reads there."""
    if level == PUBLIC:
        return Readers(level)
    if level == NETWORK:
        members = select(func.count()).select_from(Municipality).where(Municipality.role.in_(MEMBERS))
        return Readers(level, session.scalar(members) or 0)
    inside = select(CohortTown.municipality_id).where(CohortTown.cohort_id == cohort_id)
    towns = select(Municipality.name).where(Municipality.id.in_(inside), Municipality.role.in_(MEMBERS))
    names = tuple(session.scalars(towns.order_by(Municipality.sort)))
    name = session.scalar(select(Cohort.name).where(Cohort.id == cohort_id)) or ""
    return Readers(level, len(names), name, names)
