"""Where we may go: addresses of providers come from settings and from what providers say of themselves."""

import re
from urllib.parse import urlsplit

from learn.accounts.oidc import Failed
from learn.core.hosts import LOOPBACK

LONGEST = 2000
UNSAFE = re.compile(r"[^\x21-\x7e]|[\\\"<>^`{|}]")


def checked(address: object, *, local: bool) -> str:
    """The address if we may go there: https, or http to loopback in local use. Raises Failed."""
    if not isinstance(address, str) or len(address) > LONGEST or UNSAFE.search(address):
        raise Failed("address")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise Failed("address") from None
    secure = parts.scheme == "https" or (local and parts.scheme == "http" and host in LOOPBACK)
    if not secure or not host or "@" in parts.netloc or "#" in address:
        raise Failed("address")
    return address


def host_of(address: str) -> str:
    """Scheme, name and port: what may be asked too much."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"
