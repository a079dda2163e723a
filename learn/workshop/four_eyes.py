"""„Vier Augen“: whether, in this network, somebody else has to approve a course before it is published."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learn.core import audit
from learn.core.access import Actor
from learn.workshop.models import NetworkChoice

NAME, YES, NO = "vier-augen", "ja", "nein"


def wanted(session: Session) -> bool:
    """Whether the network asks for a second pair of eyes; without a choice it does not."""
    return session.scalar(select(NetworkChoice.value).where(NetworkChoice.name == NAME)) == YES


def choose(session: Session, actor: Actor, *, on: bool) -> bool:
    """Keep the Koordination's choice; False when it is as it was."""
    if wanted(session) == on:
        return False
    value = YES if on else NO
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(NetworkChoice).values(name=NAME, value=value)
    session.execute(
        statement.on_conflict_do_update(index_elements=[NetworkChoice.name], set_={"value": value})
    )
    action = "freigabe.vier_augen_an" if on else "freigabe.vier_augen_aus"
    audit.record(session, audit.person(actor.owner), action, audit.INSTANCE)
    return True
