"""Which town an address speaks for, and the towns people choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.network import domains, listing
from learn.network import queries as towns
from learn.network.models import Municipality

SELECTABLE = 200  # more towns than this are searched for instead of picked from a list


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form offers: all towns where they are few, else those found; `chosen` was picked already.

    `more`: not all that were found are offered.
    Options are pairs of AGS and name; a name that several towns bear says its district too.
    """

    options: tuple[tuple[str, str], ...]
    few: bool
    chosen: tuple[str, str] | None = None
    more: bool = False


def speaks_for(session: Session, email: str, municipality_id: int) -> bool:
    """Whether the town lists the mail domain of an address as its own."""
    town = towns.town_of_domain(session, domains.domain_of(email))
    return town is not None and town.id == municipality_id


def choice(session: Session, *, asked: str = "", chosen: str = "") -> Choice:
    """The towns to choose from; `asked` narrows them where there are many, `chosen` is an AGS."""
    number = session.scalar(
        select(func.count()).select_from(select(Municipality.id).limit(SELECTABLE + 1).subquery())
    )
    town = towns.town(session, chosen) if chosen else None
    picked = (town.ags, town.name) if town else None
    if (number or 0) <= SELECTABLE:
        return Choice(labelled(towns.towns(session)), few=True, chosen=picked)
    if picked is None and asked.strip():
        found = listing.towns(session, listing.Wanted(q=asked), None)
        options = tuple((town.ags, in_district(town)) for town in found.rows)
        return Choice(options, few=False, more=bool(found.after))
    return Choice((), few=False, chosen=picked)


def labelled(found: Sequence[Municipality]) -> tuple[tuple[str, str], ...]:
    """AGS and name of each town."""
    names = [town.name for town in found]
    return tuple((town.ags, in_district(town) if names.count(town.name) > 1 else town.name) for town in found)


def in_district(town: Municipality) -> str:
    """A name that tells towns of the same name apart."""
    return f"{town.name} ({town.district})" if town.district else town.name


def meant(session: Session, text: str) -> Municipality | None:
    """The town with this AGS, or the only one with exactly this name."""
    text = text.strip()
    town = towns.town(session, text) if text.isdigit() else None
    if town is not None or not text:
        return town
    named = session.scalars(select(Municipality).where(Municipality.name == text).limit(2)).all()
    return named[0] if len(named) == 1 else None
