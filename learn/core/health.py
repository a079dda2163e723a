"""`/healthz` and `/readyz`, and the check before each request that the tables are those of this program."""

from dataclasses import dataclass

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from learn.core import schema
from learn.core.access import visitor
from learn.core.db import session
from learn.core.models import Mark
from learn.core.web import Pages

pages = Pages("health", __name__)
SENTENCES = {
    "empty": "Die Datenbank ist leer. Starten Sie „learn db upgrade“.",
    "behind": "Die Datenbank ist älter als das Programm. Starten Sie „learn db upgrade“.",
    "ahead": "Die Datenbank ist neuer als das Programm. Installieren Sie dessen neue Fassung.",
}
ANSWERED_ALWAYS = frozenset({"health.healthz", "health.readyz"})


class NotReady(Exception):
    """Database away or its tables not those of this program; the message is one German sentence."""


@dataclass(slots=True)
class State:
    """What one process has found out about its database, once it was in order."""

    ready: bool = False
    demo: bool = False


def check_schema() -> None:
    """Before each request until it once succeeded: 503 while tables are behind or ahead."""
    known: State = current_app.extensions["learn.state"]
    if not known.ready and request.endpoint not in ANSWERED_ALWAYS:
        require_schema()
        known.demo = session().scalar(select(Mark.value).where(Mark.name == "demo")) is not None
        known.ready = True


def require_schema() -> None:
    """Raises NotReady."""
    try:
        found = schema.state(session().connection())
    except OperationalError as problem:
        raise NotReady("Die Datenbank antwortet nicht.") from problem
    if found != "current":
        raise NotReady(SENTENCES[found])


@pages.get("/healthz", access=visitor)
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@pages.get("/readyz", access=visitor)
def readyz() -> ResponseReturnValue:
    try:
        require_schema()
    except NotReady as problem:
        return jsonify(status="not ready", reason=str(problem)), 503
    return jsonify(status="ok")
