"""„Das hilft mir“: counts by month which entries spare a question, and nothing about whom."""

import re

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import NotFound
from learn.core.cleaning import retains
from learn.forum.models import SimilarHelp

ITEM = re.compile(r"(?:frage|beitrag|lektion|begriff|kommune|kurs):[a-z0-9_-]{1,100}")


def count(session: Session, item: str) -> None:
    """One more for an entry in this month. Raises NotFound for what is none."""
    if not ITEM.fullmatch(item):
        raise NotFound
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    month = clock.today().strftime("%Y-%m")
    statement = insert(SimilarHelp).values(item=item, month=month, number=1)
    keys = [SimilarHelp.item, SimilarHelp.month]
    session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"number": SimilarHelp.number + 1})
    )


@retains(SimilarHelp)
def a_year_later() -> ColumnElement[bool]:
    """From the month on that lies a year back."""
    today = clock.today()
    return SimilarHelp.month < f"{today.year - 1}-{today.month:02}"
