"""What commands share: an open database whose tables fit."""

from collections.abc import Iterator
from contextlib import contextmanager

from learn.config import Config
from learn.core import schema
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.health import SENTENCES


@contextmanager
def opened(config: Config, *, check: bool = True) -> Iterator[Database]:
    """The database of the settings, closed at the end; Refused unless its tables are this program's."""
    database = Database.of(config)
    try:
        if check:
            require_current(database)
        yield database
    finally:
        database.dispose()


def require_current(database: Database) -> None:
    """Raises Refused with what to do."""
    found = state(database)
    if found != "current":
        raise Refused(SENTENCES[found])


def state(database: Database) -> schema.State:
    """Whether tables and program fit."""
    with database.reading() as session:
        return schema.state(session.connection())
