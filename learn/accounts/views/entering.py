"""Opening a session in this browser, once somebody has proven who she is by whatever means."""

from flask import request

from learn.accounts import service
from learn.core import sessions
from learn.core.access import actor
from learn.core.db import writing


def enter(person_id: int, *, remember: bool = False, fresh_hash: str | None = None) -> bool:
    """Sign this browser in as a person; an earlier session of it ends. False if she was disabled meanwhile.

    `fresh_hash`: her password under newer parameters, to be stored.
    """
    device = sessions.device(request.user_agent.string)
    former = actor().session_id
    with writing() as db:
        if former is not None:
            sessions.close_row(db, former)
        token = service.sign_in(db, person_id, remember=remember, device=device, fresh_hash=fresh_hash)
    if token is None:
        return False
    sessions.begin(token, person_id, remember=remember)
    return True


def renew() -> None:
    """Sign this browser in anew as who acts in it: a change of her own has ended her sessions."""
    enter(actor().owner, remember=sessions.remembered())
