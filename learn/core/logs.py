"""One line per request on standard error, and what went wrong; no account, address, cookie or query."""

import logging
import secrets
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from flask import current_app, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REFERENCE = "learn.reference"
ROUTE = "learn.route"
STATIC_PREFIX = "/static/"


def logger(style: str, stream: TextIO | None = None) -> structlog.typing.FilteringBoundLogger:
    """A logger on standard error: `text`, `json`, or `auto` (text on a terminal)."""
    target = stream or sys.stderr
    text = style == "text" or (style == "auto" and target.isatty())
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if text:
        plain = structlog.dev.plain_traceback
        last = structlog.dev.ConsoleRenderer(
            colors=False, timestamp_key="time", sort_keys=False, exception_formatter=plain
        )
    processors: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    if not text:
        processors.append(structlog.processors.format_exc_info)
    made: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(target),
        processors=[*processors, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return made


class RequestLog:
    """Gives each request its reference number and writes its line."""

    def __init__(self, app: "WSGIApplication", log: structlog.typing.FilteringBoundLogger) -> None:
        self.app = app
        self.log = log

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[REFERENCE] = reference = secrets.token_hex(4).upper()
        environ["learn.log"] = self.log
        begun = time.perf_counter()
        seen = [500]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            seen[0] = int(status[:3])
            return start_response(status, headers, exc_info)

        try:
            return self.app(environ, start)
        finally:
            self.log.info(
                "request",
                request=reference,
                method=known_method(environ.get("REQUEST_METHOD", "")),
                route=route(environ),
                status=seen[0],
                ms=round((time.perf_counter() - begun) * 1000, 1),
            )


def route(environ: "WSGIEnvironment") -> str:
    """The rule that answered, never the address: addresses can name people and texts."""
    found: str | None = environ.get(ROUTE)
    if found is not None:
        return found
    return "/static/<name>" if environ.get("PATH_INFO", "").startswith(STATIC_PREFIX) else "-"


def known_method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"} else "-"


def note_route() -> None:
    """Before each request: keep the rule for the line."""
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule


def reference() -> str:
    """The reference number of this request, as error pages show it."""
    found: str = request.environ.get(REFERENCE, "")
    return found


def event(name: str, **values: Any) -> None:
    """Log something that happened in this request, such as a refused sign-in."""
    log = request.environ.get("learn.log")
    if log is not None:
        log.info(name, request=reference(), **values)


def failure(problem: BaseException) -> None:
    """Log a fault of the program with its traceback."""
    log = request.environ.get("learn.log") or logger(current_app.extensions["learn.config"].log)
    log.error("error", request=reference(), exc_info=problem)
