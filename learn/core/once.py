"""Values that count once: codes, challenges and states, spent in the database for all processes together."""

import hashlib
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core.models import Spent


def spend(session: Session, value: str, until: datetime) -> bool:
    """Use a value up; False if it was used before. One statement decides races.

    `until`: from when on the value would be refused anyway, so that its row can go.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = hashlib.sha256(value.encode()).hexdigest()
    statement = insert(Spent).values(key=key, until=until).on_conflict_do_nothing().returning(Spent.key)
    return session.execute(statement).scalar() is not None
