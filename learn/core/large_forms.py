"""Large forms are taken apart one at a time; too many of one sender are refused before they cost anything."""

from threading import Lock

from flask import request
from flask import session as cookie

from learn.core import limits
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.core.sessions import TOKEN

PIECE = 64 * 1024  # bytes; smaller forms are not counted
PIECES = Pace(Limit("large-forms", tries=40, seconds=10))  # typing at a text of 200 KB sends half of them
TAKING_APART = Lock()


def check() -> None:
    """Before each request, after its size was checked: 429 for too many. Raises TooMany.

    Who sends is known by the signed cookie alone; nothing is asked of the database.
    """
    pieces = (request.content_length or 0) // PIECE
    if pieces and request.mimetype == "application/x-www-form-urlencoded":
        PIECES.take(str(cookie.get(TOKEN) or limits.source()), pieces)
        with TAKING_APART:
            request.form  # noqa: B018 - reads it, once
