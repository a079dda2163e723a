"""Atom feeds: what all of them share, from their addresses that never change to the answer."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from learn.config import Config

BEGUN = 2026  # in tag: addresses, which must never change
NOTHING_YET = datetime(BEGUN, 1, 1, tzinfo=UTC)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MIMETYPE = "application/atom+xml"


def base() -> str:
    """Under which address this installation is known."""
    config: Config = current_app.extensions["learn.config"]
    return config.base_url.rstrip("/")


def feed(template: str, updated: datetime, *, keyed: bool = False, **values: Any) -> ResponseReturnValue:
    """A feed of a template that extends `atom.xml` (RFC 4287). `keyed`: its address opens what is not public.

    A reader that has it already is told so; nothing is noted about the asking.
    """
    host = urlsplit(base()).hostname or "localhost"
    text = render_template(
        template,
        base=base(),
        here=f"{base()}{request.path}",
        tag=f"tag:{host},{BEGUN}:",
        updated=updated,
        stamp=stamp,
        **values,
    )
    response = answer(xml(text), MIMETYPE, keyed=keyed)
    response.headers["X-Robots-Tag"] = "noindex"
    response.last_modified = updated
    return response.make_conditional(request)


def answer(text: str, mimetype: str, *, keyed: bool = False) -> Response:
    """A text that readers keep and ask for again, with the tag that tells whether it changed."""
    response = make_response(text)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = "private, no-cache" if keyed else "public, max-age=300"
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    return response


def xml(text: str) -> str:
    """A document without the signs that XML 1.0 knows in no form."""
    return NOT_XML.sub("", text)


def stamp(instant: datetime) -> str:
    """An instant as Atom writes it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
