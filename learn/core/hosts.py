"""Which hosts are ours: the one of the base URL, loopback names alike in local use; and proxies in front."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from learn.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_HOST = frozenset({"/healthz", "/readyz"})


def hostname(host: str) -> str:
    """The name in a Host header without its port, lower case; empty when malformed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_ours(name: str, config: Config) -> bool:
    """Whether a host name is the one of the base URL."""
    ours = config.host
    return name == ours or (ours in LOOPBACK and name in LOOPBACK)


def answered(environ: "WSGIEnvironment", config: Config) -> bool:
    """Whether this request names a host that is answered. Health checks may name any."""
    host: str = environ.get("HTTP_HOST", environ.get("SERVER_NAME")) or ""
    plain = not set(host) & set("/\\@?# ")
    return environ.get("PATH_INFO") in ANY_HOST or (plain and is_ours(hostname(host), config))


def check_host() -> None:
    """Before each request: 400 for a foreign host name."""
    if not answered(request.environ, current_app.extensions["learn.config"]):
        raise BadRequest


def own_origin() -> bool | None:
    """Whether the request's `Origin` is ours; None when it names none."""
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return None
    config: Config = current_app.extensions["learn.config"]
    try:
        parts = urlsplit(origin)
        name = parts.hostname or ""
    except ValueError:
        return False
    return is_ours(name, config) and parts.scheme == config.base_url.split(":", 1)[0]


def trusting(app: "WSGIApplication", proxies: int) -> "WSGIApplication":
    """Believe forwarded headers of as many proxies as stand in front, of none by default."""
    return ProxyFix(app, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else app
