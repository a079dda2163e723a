"""OpenID Connect as a relying party: code flow with PKCE; nothing here knows people, pages or tables.

Authlib, requests and joserfc are loaded at first use: 8 MB of modules, 17 MB in a forked server because
shared pages are copied meanwhile. A network whose towns have no provider of their own never pays for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

Claims = Mapping[str, Any]


class Failed(Exception):
    """A step did not work out. `reason` is a word of `REASONS`, for the log: it names nobody."""

    def __init__(self, reason: str) -> None:
        assert reason in REASONS, reason
        super().__init__(reason)
        self.reason = reason


REASONS = {
    "address": "an address that is no plain https address",
    "silent": "no whole answer within five seconds, or none a moment ago",
    "busy": "as many requests as this host may have at once",
    "unreachable": "no connection",
    "certificate": "a certificate that does not hold",
    "redirect": "a redirect, which is never followed",
    "status": "another status than 200",
    "large": "more than a megabyte",
    "answer": "no JSON object, or one without what must be in it",
    "issuer": "another issuer than the settings name",
    "methods": "no way to prove ourselves that we know",
    "keys": "no usable signing key, or none that the token names",
    "secret": "the provider does not accept our name or secret",
    "denied": "the person has broken off",
    "code": "the provider refuses the code",
    "token": "an ID token whose signature, form or algorithm does not hold",
    "claims": "an ID token for another party, time or request",
}


@dataclass(frozen=True, slots=True)
class Client:
    """One provider and what it knows us by.

    `scope`: beyond the usual one, asked for where the provider offers it. `local`: an installation on
    loopback without TLS, which may use providers on loopback without TLS too.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str
    scope: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what it must bring back or we keep for it until then."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Return:
    """What came back with a browser; `issuer` is empty where the provider does not name itself."""

    code: str
    issuer: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a provider says of itself: number of usable keys; whether it names S256, the claims we need
    and itself when it sends people back. None: it does not say.
    """

    keys: int
    s256: bool | None
    verified_address: bool | None
    names_itself: bool


def begin(client: Client) -> Departure:
    """The way out to the provider. Raises Failed."""
    departure: Departure = _flow().begin(client)
    return departure


def finish(client: Client, came: Return, wanted: Iterable[str]) -> Claims:
    """The claims about who came back, checked; `wanted` names what may also come from userinfo.

    Raises Failed.
    """
    claims: Claims = _flow().finish(client, came, wanted)
    return claims


def describe(client: Client) -> Description:
    """What the provider says now, asked anew. Raises Failed."""
    description: Description = _flow().describe(client)
    return description


@cache
def _flow() -> Any:
    return import_module("learn.accounts.oidc.flow")
