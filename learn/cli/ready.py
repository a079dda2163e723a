"""For commands that fill an instance: its database, set up where it is still empty."""

from collections.abc import Iterator
from contextlib import contextmanager

from learn.cli.instance import opened, require_current, state
from learn.config import Config
from learn.core import migrate
from learn.core.db import Database


@contextmanager
def ready(config: Config) -> Iterator[Database]:
    """The database with all tables, closed at the end; Refused where they are behind or ahead."""
    with opened(config, check=False) as database:
        if state(database) == "empty":
            migrate.upgrade(database)
        require_current(database)
        yield database
