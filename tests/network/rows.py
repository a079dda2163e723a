"""Towns as the program imports them, for tests of lists."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.network import importing, parse
from learn.network.models import Municipality


def import_towns(session: Session, text: str, *, by: str = "") -> importing.Imported:
    """Import a list; the first line names the columns."""
    return importing.import_towns(session, parse.towns(text.encode()), by=by)


def town(session: Session, ags: str) -> Municipality:
    """The town with this key as it is now."""
    return session.scalars(select(Municipality).where(Municipality.ags == ags)).one()
