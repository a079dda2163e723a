"""What every change of a sign-in method needs: fresh proof of who she is, and words for her letter."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import current_app, request
from flask.typing import ResponseReturnValue

from learn.accounts import methods
from learn.config import Config
from learn.core import sessions
from learn.core.access import actor
from learn.core.db import session
from learn.core.web import to, way_back

PROOF = "proof"
MINUTES = 10
Arguments = ParamSpec("Arguments")


def proven(view: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
    """Ask who she is unless she has proven it in the last ten minutes (ASVS 7.5.1)."""

    @wraps(view)
    def asking(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if is_proven() else to(".prove", weiter=way_back())

    return asking


def is_proven() -> bool:
    """Whether she proved who she is here; without a password a session of ten minutes will do."""
    if sessions.note(PROOF, MINUTES) == actor().session_id:
        return True
    return sessions.is_new(MINUTES) and not methods.methods(session(), actor().owner).password


def note_proof() -> None:
    """She has just proven who she is, in this session."""
    sessions.keep_note(PROOF, actor().session_id)


def device() -> str:
    """The name of this browser, for lists and letters."""
    return sessions.device(request.user_agent.string)


def config() -> Config:
    """The settings of the running application."""
    found = current_app.extensions["learn.config"]
    assert isinstance(found, Config)
    return found
