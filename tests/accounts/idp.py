"""A provider of our own on loopback whose every answer a test can bend, and the mock that behaves."""

import base64
import hashlib
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import authlib.deprecate  # noqa: F401 - says first that its warnings always show
import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from learn.accounts import oidc
from learn.accounts.oidc import Claims, Client, Failed, Return, discovery, http
from learn.core import clock

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it still uses a part of Authlib that is going away
    import oidc_provider_mock

Answer = Callable[[Request], Response]
# What the mock uses of Authlib is going away; its threads warn while a test runs.
IGNORED = [
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
WANTED = ("email", "email_verified")
CLIENT_ID, SECRET = "lernen", "ein Geheimnis"


def forget() -> None:
    """As if the process had just begun: nothing discovered, nobody resting."""
    discovery.kept.clear()
    http.resting.clear()
    http.places.clear()


@cache
def key(name: str = "first") -> RSAKey:
    """A signing key; made once for all tests."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, auto_kid=False)


def as_json(value: object, status: int = 200, **headers: str) -> Response:
    return Response(json.dumps(value), status, {"Content-Type": "application/json", **headers})


class Quiet(WSGIRequestHandler):
    """No lines on standard error."""

    def log(self, *_arguments: Any) -> None:
        """Nothing."""


@dataclass
class Idp:
    """A provider at `issuer`. Change what it says before the browser goes there.

    `metadata`, `claims`: what differs from the good ones; None leaves a value out. `answers`: whole answers
    by path. `sign`: makes the token from its claims.
    """

    issuer: str
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [key().as_dict(private=False)])
    sign: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(
        {"alg": "RS256", "kid": "first"}, claims, key()
    )
    asked: list[str] = field(default_factory=list)
    nonce: str = ""
    challenge: str = ""

    def document(self) -> dict[str, Any]:
        good = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return without_nothing({**good, **self.metadata})

    def token(self) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        good = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "jana",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "jana@olpe.example",
            "email_verified": True,
            "name": "Jana Hellweg",
        }
        return without_nothing({**good, **self.claims})

    def client(self, **other: Any) -> Client:
        """Ourselves, as this provider knows us."""
        values = {
            "issuer": self.issuer,
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "redirect_uri": "http://localhost/anmelden/zurueck/1",
            "local": True,
        }
        return Client(**{**values, **other})

    def visit(self, address: str) -> str:
        """What a browser does there: sign in, come back with code and state. Gives the query."""
        sent = dict(parse_qsl(urlsplit(address).query))
        self.nonce, self.challenge = sent["nonce"], sent["code_challenge"]
        return urlencode({"code": "ein-code", "state": sent["state"]})

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.path)
        answer = self.answers.get(request.path) or {
            "/.well-known/openid-configuration": lambda _request: as_json(self.document()),
            "/keys": lambda _request: as_json({"keys": self.keys}),
            "/token": self.exchange,
            "/userinfo": lambda _request: as_json(self.userinfo),
        }.get(request.path, lambda _request: Response("nothing here", 404))
        return answer(request)(environ, start_response)

    def exchange(self, request: Request) -> Response:
        """The token for a code, if we prove ourselves and that we asked for it."""
        digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = encoded(digest)
        named = request.authorization
        proven = named and (named.username, named.password) == (CLIENT_ID, SECRET)
        if not proven and request.form.get("client_secret") != SECRET:
            return as_json({"error": "invalid_client"}, 401)
        if request.form.get("code") != "ein-code" or challenge != self.challenge:
            return as_json({"error": "invalid_grant"}, 400)
        return as_json({"access_token": "a", "token_type": "Bearer", "id_token": self.sign(self.token())})


def without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[str]:
    """Serve on a free port of loopback until the block ends; gives the base address."""
    server = make_server("localhost", 0, app, threaded=True, request_handler=Quiet, **options)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        scheme = "https" if options.get("ssl_context") else "http"
        yield f"{scheme}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running(**options: Any) -> Iterator[Idp]:
    """A provider that behaves until a test bends it."""
    idp = Idp("")
    with serving(idp, **options) as base:
        idp.issuer = base
        yield idp


@contextmanager
def mock(**options: Any) -> Iterator[str]:
    """The address of a real `oidc-provider-mock`."""
    with oidc_provider_mock.run_server_in_thread(**options) as server:
        yield f"http://localhost:{server.server_port}"


def known_to_mock(issuer: str, subject: str, **claims: Any) -> None:
    """Let the mock know somebody."""
    requests.put(f"{issuer}/users/{subject}", json=claims, timeout=60).raise_for_status()


def sign_in_at_mock(address: str, subject: str) -> str:
    """What its login form does. Gives the address it sends the browser back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=60)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def slowly(seconds: float) -> Answer:
    """An answer that takes its time."""

    def answer(_request: Request) -> Response:
        time.sleep(seconds)
        return as_json({})

    return answer


def returned(departure: Any, query: str) -> Return:
    """What a browser brought back."""
    came = parse_qs(query)
    return Return(came["code"][0], came.get("iss", [""])[0], departure.nonce, departure.verifier)


def encoded(raw: bytes) -> str:
    """As JSON Web Tokens write bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_in(idp: Idp, **client: Any) -> Claims:
    """Out and back."""
    us = idp.client(**client)
    departure = oidc.begin(us)
    return oidc.finish(us, returned(departure, idp.visit(departure.address)), WANTED)


def refused(idp: Idp, **client: Any) -> str:
    """The reason of the refusal."""
    with pytest.raises(Failed) as problem:
        signed_in(idp, **client)
    return problem.value.reason
