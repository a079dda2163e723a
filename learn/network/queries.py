"""Reads towns; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.network import domains
from learn.network.models import MailDomain, Municipality, TownTopic
from learn.network.sizes import size_class


@dataclass(frozen=True, slots=True)
class Population:
    """What may be shown of a town's size: the class always, the figure only when a source confirms it."""

    size_class: str
    figure: int | None
    day: date | None


def town(session: Session, ags: str) -> Municipality | None:
    """The town with this key."""
    return session.scalar(select(Municipality).where(Municipality.ags == ags))


def town_by_id(session: Session, municipality_id: int | None) -> Municipality | None:
    """The town of this number; None without one."""
    return session.get(Municipality, municipality_id) if municipality_id is not None else None


def town_named(session: Session, name: str) -> Municipality | None:
    """The first town of this name."""
    return session.scalar(
        select(Municipality).where(Municipality.name == name).order_by(Municipality.ags).limit(1)
    )


def town_of_domain(session: Session, domain: str) -> Municipality | None:
    """The town that lists exactly this mail domain, however it is spelt; subdomains do not count."""
    listed = select(MailDomain.municipality_id).where(MailDomain.domain == domains.canonical(domain))
    return session.scalar(select(Municipality).where(Municipality.id.in_(listed)))


def town_name(session: Session, municipality_id: int | None) -> str:
    """The name of a town, empty without one."""
    if municipality_id is None:
        return ""
    return session.scalar(select(Municipality.name).where(Municipality.id == municipality_id)) or ""


def towns(session: Session, *, role: str = "", limit: int | None = None) -> Sequence[Municipality]:
    """All towns, or those of a role, by name; at most `limit` of them."""
    statement = select(Municipality)
    if role:
        statement = statement.where(Municipality.role == role)
    return session.scalars(statement.order_by(Municipality.name, Municipality.ags).limit(limit)).all()


def population(municipality: Municipality) -> Population | None:
    """What may be shown; None when nothing is known."""
    if municipality.population is None:
        return None
    shown = municipality.population_verified
    return Population(
        size_class=size_class(municipality.population),
        figure=municipality.population if shown else None,
        day=municipality.population_day if shown else None,
    )


def topics(session: Session, municipality_id: int) -> tuple[str, ...]:
    """Slugs of the topics a town works on."""
    mine = TownTopic.municipality_id == municipality_id
    return tuple(session.scalars(select(TownTopic.topic).where(mine).order_by(TownTopic.topic)))


def mail_domains(session: Session, municipality_id: int) -> tuple[str, ...]:
    """The mail domains of a town."""
    mine = MailDomain.municipality_id == municipality_id
    return tuple(session.scalars(select(MailDomain.domain).where(mine).order_by(MailDomain.domain)))
