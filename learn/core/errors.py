"""What people see when something is refused or fails: one page per status, without blame."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from learn.core import forms, logs, web
from learn.core.access import Forbidden, NotFound, NotSignedIn, Refused
from learn.core.assets import STATIC
from learn.core.db import Busy
from learn.core.health import NotReady
from learn.core.limits import TooMany

WITH_PAGE = frozenset({400, 403, 404, 405, 409, 413, 422, 429})
RETRY_SECONDS = 30
PLACEHOLDER = "%REFERENZ%"
AWAY = (Busy, NotReady, OperationalError, InterfaceError, PoolTimeoutError)
FOLDER = Path(__file__).resolve().parent.parent / "templates" / "errors"


def install(app: Flask) -> None:
    """Register the handlers; the pages of 500 and 503 are read now, they depend on nothing later."""
    app.logger.disabled = True  # its lines name addresses; `logs` writes ours
    plain = {status: plain_page(status) for status in (500, 503)}

    def broken(problem: Exception) -> ResponseReturnValue:
        original = problem.original_exception if isinstance(problem, InternalServerError) else None
        logs.failure(original or problem)
        doubt_schema(app, original or problem)
        return static_answer(plain[500], 500)

    def away(problem: Exception) -> ResponseReturnValue:
        logs.event("unavailable", cause=type(problem).__name__)  # one line, however often it is asked
        doubt_schema(app, problem)
        response = static_answer(plain[503], 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    app.register_error_handler(Exception, broken)
    app.register_error_handler(InternalServerError, broken)
    for kind, handler in [*HANDLERS.items(), *((kind, away) for kind in AWAY)]:
        app.register_error_handler(kind, handler)


def doubt_schema(app: Flask, problem: BaseException) -> None:
    """After a fault of the database the next request checks its tables again: somebody may migrate."""
    if isinstance(problem, DBAPIError):
        app.extensions["learn.state"].ready = False


def plain_page(status: int) -> str:
    """The page of a status as a file: with hashed addresses as built, else as written."""
    built = STATIC / "errors" / f"{status}.html"
    return (built if built.is_file() else FOLDER / built.name).read_text(encoding="utf-8")


def static_answer(text: str, status: int) -> Response:
    response = make_response(text.replace(PLACEHOLDER, logs.reference()), status)
    response.mimetype = "text/html"
    return whole(response)


def whole(response: Response) -> Response:
    """An error page takes the place of the page, also where htmx asked for a part of it."""
    if "HX-Request" in request.headers:
        response.headers.update({"HX-Retarget": "main", "HX-Reselect": "main", "HX-Reswap": "outerHTML"})
    return response


def error_page(status: int, **values: object) -> Response:
    """The page of a status with the reference number of the request."""
    body = render_template(f"errors/{status}.html", reference=logs.reference(), **values)
    return whole(make_response(body, status))


def http_error(problem: HTTPException) -> ResponseReturnValue:
    """What Flask refused by itself."""
    status = problem.code or 500
    if status < 400:
        return problem.get_response()
    response = error_page(status if status in WITH_PAGE else 400)
    for name, value in problem.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def not_signed_in(_problem: NotSignedIn) -> ResponseReturnValue:
    """To the sign-in page and back; a text on its way is kept."""
    response = make_response(redirect(url_for("accounts.sign_in", weiter=web.way_back()), 303))
    return forms.rescue(response) if forms.carries_text() else response


def too_many(problem: TooMany) -> ResponseReturnValue:
    response = error_page(429, retry_after=problem.wait)
    response.headers["Retry-After"] = str(problem.wait)
    return response


def stale(_problem: forms.Stale) -> ResponseReturnValue:
    """The form again, with its text and a fresh token."""
    return whole(make_response(render_template("errors/again.html", kept=forms.sent()), 422))


HANDLERS: dict[type[Exception], Callable[..., ResponseReturnValue]] = {
    HTTPException: http_error,
    NotSignedIn: not_signed_in,
    Forbidden: lambda _problem: error_page(403),
    NotFound: lambda _problem: error_page(404),
    Refused: lambda problem: error_page(
        problem.status if problem.status in WITH_PAGE else 422, message=problem.message
    ),
    TooMany: too_many,
    forms.Stale: stale,
}
