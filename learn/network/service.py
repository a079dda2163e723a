"""Writes towns: the import, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.network.models import Municipality
from learn.network.parse import TownRow


@dataclass(frozen=True, slots=True)
class Imported:
    """How many towns an import added, changed and left as they were."""

    added: int
    changed: int
    same: int


def import_towns(session: Session, rows: Sequence[TownRow]) -> Imported:
    """Add unknown towns and update known ones, by AGS; towns that the list lacks stay."""
    known = {town.ags: town for town in session.scalars(select(Municipality))}
    added = changed = 0
    for row in rows:
        town = known.get(row.ags)
        if town is None:
            session.add(Municipality(**{**EMPTY, **row.values}, ags=row.ags))
            added += 1
        elif any(getattr(town, name) != value for name, value in row.values.items()):
            for name, value in row.values.items():
                setattr(town, name, value)
            changed += 1
    session.flush()
    return Imported(added, changed, len(rows) - added - changed)


EMPTY = {"population": None, "population_day": None}
