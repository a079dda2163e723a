"""What all ways of signing in share: how often one may try, and where it leads."""

from flask import request

from learn.core.limits import Limit
from learn.core.web import HOME, safe_path

# Only refused tries add up: a whole office behind one address may sign in on a Monday morning.
BY_SOURCE = Limit("sign-in-source", tries=50, seconds=900)
BY_ADDRESS = Limit("sign-in-address", tries=10, seconds=900)
BY_PERSON = Limit("proof-person", tries=6, seconds=900)
IN_A_DAY = Limit("proof-person-day", tries=30, seconds=86400)


def target(otherwise: str = HOME) -> str:
    """Where it leads: a page of ours named by `weiter`, else `/lernen`."""
    return safe_path(request.values.get("weiter")) or otherwise
