"""The outermost WSGI layer: security headers on every answer, files and error pages included."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
HSTS = ("Strict-Transport-Security", "max-age=63072000")
OURS = frozenset(name.lower() for name, _ in (*ALWAYS, HSTS, ("Content-Security-Policy", ""), ("Server", "")))
NONCE = "learn.nonce"


class Headers:
    """Draws the nonce of the answer into the environ and adds the headers of `security.md` section 2."""

    def __init__(self, app: "WSGIApplication", *, https: bool) -> None:
        self.app = app
        self.fixed = (*ALWAYS, HSTS) if https else ALWAYS

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        nonce = secrets.token_urlsafe(16)
        environ[NONCE] = nonce
        policy = POLICY.format(nonce)
        if environ.get("PATH_INFO", "").startswith("/medien/"):
            policy += "; sandbox"  # an SVG opened by itself stays a picture

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            kept = [pair for pair in headers if pair[0].lower() not in OURS]
            kept.extend(self.fixed)
            kept.append(("Content-Security-Policy", policy))
            return start_response(status, fresh(kept), exc_info)

        return self.app(environ, start)


def fresh(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """No store for pages, and for all that does not say how long it keeps."""
    values = {name.lower(): value for name, value in headers}
    page = values.get("content-type", "").startswith("text/html")
    if page or "cache-control" not in values:
        headers = [pair for pair in headers if pair[0].lower() != "cache-control"]
        headers.append(("Cache-Control", "no-store"))
    return headers


def nonce() -> str:
    """The nonce of this answer, for `<script nonce>`."""
    found: str = request.environ.get(NONCE, "")
    return found
