"""How somebody follows a town."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.forum.models import TownFollow


def town(session: Session, actor: Actor, municipality_id: int) -> str:
    """alles, wichtiges, nichts; empty for who has chosen nothing: one statement, none for visitors."""
    if not actor.signed_in:
        return ""
    mine = (TownFollow.person_id == actor.person_id, TownFollow.municipality_id == municipality_id)
    return session.scalar(select(TownFollow.level).where(*mine)) or ""
