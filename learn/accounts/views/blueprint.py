"""The blueprint of the account pages, and whom a session stands for."""

from learn.accounts import queries
from learn.core.access import Actor
from learn.core.clock import today
from learn.core.db import session
from learn.core.web import Pages

pages = Pages("accounts", __name__, template_folder="../templates")


def person_of_token(token_hash: str) -> tuple[Actor, bool] | None:
    """Whom a session stands for; asked once per request."""
    return queries.actor_of_token(session(), token_hash, today())
