"""An application with a few pages of its own, for what no single page of the product shows."""

from typing import TextIO

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from learn import create_app
from learn.config import Config
from learn.core import logs
from learn.core.access import Forbidden, NotFound, Refused, coordinator, learner, visitor
from learn.core.db import Busy, writing
from learn.core.limits import TooMany
from learn.core.models import Mark
from learn.core.web import Pages, page, to
from tests.client import CheckingClient

PROBLEMS: dict[str, Exception] = {
    "403": Forbidden(),
    "404": NotFound(),
    "409": Refused("Inzwischen geändert.", status=409),
    "422": Refused("Nehmen Sie einen anderen Wert."),
    "429": TooMany(90),
    "500": ZeroDivisionError("geheim"),
    "busy": Busy(),
    "away": OperationalError("SELECT geheim", {}, Exception("weg")),
}


def pages() -> Blueprint:
    """`/notizen` keeps a text for its owner, `/problem/<kind>` fails, `/leitung` is for coordinators."""
    found = Pages("notes", __name__)

    @found.get("/notizen", access=learner)
    def notes() -> ResponseReturnValue:
        return page("errors/404.html")

    @found.post("/notizen", access=learner)
    def write() -> ResponseReturnValue:
        with writing() as session:
            session.add(Mark(name="notiz", value="geschrieben"))
        return to(".notes")

    @found.get("/leitung", access=coordinator)
    def lead() -> ResponseReturnValue:
        return page("errors/404.html")

    @found.get("/problem/<kind>", access=visitor)
    def problem(kind: str) -> ResponseReturnValue:
        raise PROBLEMS[kind]

    @found.get("/schreibt", access=visitor)
    def writes() -> ResponseReturnValue:
        with writing():
            return ""

    return found


def make_app(config: Config) -> Flask:
    app = create_app(config)
    app.register_blueprint(pages())
    app.test_client_class = CheckingClient
    return app


def browser(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


def logged(app: Flask, stream: TextIO, style: str = "json") -> None:
    """Send the log of an application to a stream."""
    layer = app.wsgi_app.app  # type: ignore[attr-defined]
    layer.log = logs.logger(style, stream)


def close(app: Flask) -> None:
    app.extensions["learn.database"].current().dispose()
