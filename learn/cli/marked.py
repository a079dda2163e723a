"""Demo instances: their mark, the refusal to touch real people, the towns of the network."""

from sqlalchemy import exists, inspect, select

from learn.accounts.models import Person
from learn.core.access import Refused
from learn.core.db import Database
from learn.core.models import Mark
from learn.core.schema import PACKAGE
from learn.network import importing, parse

MARK = "demo"
TOWNS = PACKAGE / "network" / "suedwestfalen.csv"


def refuse_real_people(database: Database) -> None:
    """Raises Refused for an instance that holds people and no mark, before anything is changed."""
    with database.reading() as session:
        if not inspect(session.connection()).has_table(Person.__tablename__):
            return
        people = session.scalar(select(exists().where(Person.id.is_not(None))))
        marked = session.scalar(select(exists().where(Mark.name == MARK)))
    if people and not marked:
        raise Refused(
            "Diese Instanz enthält echte Konten. Nehmen Sie mit LEARN_INSTANCE einen anderen Ordner."
        )


def mark(database: Database) -> None:
    """Mark the instance for good: its people and posts are invented."""
    with database.writing() as session:
        session.merge(Mark(name=MARK, value="ja"))


def import_towns(database: Database) -> None:
    """Load the towns of the network; again changes nothing."""
    with database.writing() as session:
        importing.import_towns(session, parse.towns(TOWNS.read_bytes()))
