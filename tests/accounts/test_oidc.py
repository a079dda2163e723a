"""The protocol, against a provider that a test can bend over real HTTP, and against a real mock."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from werkzeug.wrappers import Response

from learn.accounts import oidc
from learn.accounts.oidc import Client, Failed
from tests.accounts import idp as helpers
from tests.accounts.idp import (
    WANTED,
    Idp,
    as_json,
    known_to_mock,
    mock,
    refused,
    returned,
    running,
    sign_in_at_mock,
    signed_in,
)

pytestmark = helpers.IGNORED


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    helpers.forget()
    yield
    helpers.forget()


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as started:
        yield started


# The mock


def test_out_and_back_with_a_real_provider() -> None:
    with mock(require_client_registration=False, require_nonce=True) as issuer:
        known_to_mock(issuer, "jana", email="jana@olpe.example", email_verified=True, groups=["lernen"])
        us = Client(issuer, "beliebig", "geheim", "http://localhost/anmelden/zurueck/1", local=True)
        departure = oidc.begin(us)
        back = sign_in_at_mock(departure.address, "jana")
        assert back.startswith("http://localhost/anmelden/zurueck/1?")
        assert parse_qs(urlsplit(back).query)["state"] == [departure.state]
        claims = oidc.finish(us, returned(departure, urlsplit(back).query), (*WANTED, "groups"))
        assert claims["sub"] == "jana"
        assert claims["email"] == "jana@olpe.example"
        assert claims["email_verified"] is True
        assert claims["groups"] == ["lernen"]
        with pytest.raises(Failed, match="code"):  # a code counts once
            oidc.finish(us, returned(departure, urlsplit(back).query), WANTED)


# The way out


def test_the_address_carries_only_what_may_be_seen(idp: Idp) -> None:
    departure = oidc.begin(idp.client())
    sent = dict(parse_qsl(urlsplit(departure.address).query))
    assert sent.pop("code_challenge") not in {"", departure.verifier}
    assert sent == {
        "response_type": "code",
        "client_id": helpers.CLIENT_ID,
        "redirect_uri": "http://localhost/anmelden/zurueck/1",
        "scope": "openid email profile",
        "state": departure.state,
        "nonce": departure.nonce,
        "code_challenge_method": "S256",
    }
    again = oidc.begin(idp.client())
    assert {again.state, again.nonce, again.verifier}.isdisjoint(
        {departure.state, departure.nonce, departure.verifier}
    )
    assert min(map(len, (departure.state, departure.nonce, departure.verifier))) >= 32


def test_a_scope_for_groups_is_asked_for_where_it_is_offered(idp: Idp) -> None:
    assert "groups" not in oidc.begin(idp.client(scope="groups")).address
    helpers.forget()
    idp.metadata = {"scopes_supported": ["openid", "groups"]}
    assert "scope=openid+email+profile+groups" in oidc.begin(idp.client(scope="groups")).address


def test_the_document_is_kept_for_some_minutes(idp: Idp) -> None:
    for _ in range(3):
        signed_in(idp)
    assert idp.asked.count("/.well-known/openid-configuration") == 1
    assert idp.asked.count("/keys") == 1


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"issuer": "http://localhost/other"}, "issuer"),
        ({"issuer": None}, "issuer"),
        ({"issuer": ["x"]}, "issuer"),
        ({"authorization_endpoint": None}, "address"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "address"),
        ({"authorization_endpoint": "//elsewhere.example/x"}, "address"),
        ({"authorization_endpoint": "https://a.example/\r\nSet-Cookie:x"}, "address"),
        ({"token_endpoint": "file:///etc/passwd"}, "address"),
        ({"token_endpoint": "http://169.254.169.254/latest"}, "address"),
        ({"token_endpoint": "http://10.0.0.5/token"}, "address"),
        ({"token_endpoint": "https://user:pw@example.org/token"}, "address"),
        ({"token_endpoint": "https://example.org:x/token"}, "address"),
        ({"token_endpoint": "https://[::1/token"}, "address"),
        ({"token_endpoint": {"a": 1}}, "address"),
        ({"jwks_uri": "gopher://example.org/"}, "address"),
        ({"jwks_uri": "http://localhost.example.org/keys"}, "address"),
        ({"jwks_uri": "https://example.org\\@localhost/"}, "address"),
        ({"userinfo_endpoint": "http://example.org/me"}, "address"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "methods"),
    ],
)
def test_every_address_of_the_document_obeys_the_rules(
    idp: Idp, metadata: dict[str, Any], reason: str
) -> None:
    idp.metadata = metadata
    assert refused(idp) == reason
    assert idp.asked == ["/.well-known/openid-configuration"]


def test_without_tls_only_where_we_have_none_ourselves(idp: Idp) -> None:
    assert refused(idp, local=False) == "address"
    assert idp.asked == []


@pytest.mark.parametrize("answer", [b"", b"[]", b"nothing", b"[" * 200_000, b"\xff", b'{"issuer": 1'])
def test_what_is_no_document_is_refused(idp: Idp, answer: bytes) -> None:
    idp.answers["/.well-known/openid-configuration"] = lambda _request: Response(answer)
    assert refused(idp) == "answer"


# The way back


def test_claims_come_back(idp: Idp) -> None:
    claims = signed_in(idp)
    assert (claims["sub"], claims["email"], claims["email_verified"]) == ("jana", "jana@olpe.example", True)


@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic", "client_secret_post"]])
def test_the_secret_goes_the_way_the_provider_names(idp: Idp, methods: list[str]) -> None:
    idp.metadata = {"token_endpoint_auth_methods_supported": methods}
    assert signed_in(idp)["sub"] == "jana"


def test_a_wrong_secret_is_said_apart(idp: Idp) -> None:
    assert refused(idp, secret="falsch") == "secret"


def test_a_foreign_code_is_refused(idp: Idp) -> None:
    us = idp.client()
    departure, other = oidc.begin(us), oidc.begin(us)
    query = idp.visit(departure.address)
    with pytest.raises(Failed, match="code"):  # another browser's verifier
        oidc.finish(us, returned(other, query), WANTED)
    for code in ("", "x" * 9000):
        with pytest.raises(Failed, match="code"):
            oidc.finish(us, oidc.Return(code, "", departure.nonce, departure.verifier), WANTED)


@pytest.mark.parametrize(
    ("named", "supported", "good"),
    [
        ("", False, True),
        ("", True, False),
        ("http://localhost:1", False, False),
        ("itself", False, True),
        ("itself", True, True),
    ],
)
def test_whoever_names_itself_must_be_the_one_we_went_to(
    idp: Idp, named: str, supported: bool, good: bool
) -> None:
    """RFC 9207, against a provider that forwards browsers to another one."""
    idp.metadata = {"authorization_response_iss_parameter_supported": supported}
    us = idp.client()
    departure = oidc.begin(us)
    idp.visit(departure.address)
    came = oidc.Return(
        "ein-code", idp.issuer if named == "itself" else named, departure.nonce, departure.verifier
    )
    if good:
        assert oidc.finish(us, came, WANTED)["sub"] == "jana"
    else:
        with pytest.raises(Failed, match="issuer"):
            oidc.finish(us, came, WANTED)
        assert "/token" not in idp.asked


# What the token endpoint may answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (as_json({"access_token": "a"}), "token"),
        (as_json([1]), "answer"),
        (as_json({"error": "server_error", "error_description": "x"}, 500), "answer"),
        (as_json({"error": ["odd"]}, 400), "code"),
        (as_json({"error": "unauthorized_client"}, 400), "secret"),
        (Response("<html>", 200), "answer"),
        (Response("<html>", 429), "answer"),
        (Response("[" * 300_000, 200), "answer"),
        (Response("", 302, {"Location": "http://localhost:1/x"}), "redirect"),
    ],
)
def test_odd_answers_of_the_token_endpoint_are_refusals(idp: Idp, answer: Any, reason: str) -> None:
    idp.answers["/token"] = lambda _request: answer
    assert refused(idp) == reason


# Describing


def test_a_description_says_what_is_there(idp: Idp) -> None:
    described = oidc.describe(idp.client())
    assert described == oidc.Description(keys=1, s256=None, verified_address=None, names_itself=False)
    idp.metadata = {
        "code_challenge_methods_supported": ["plain"],
        "claims_supported": ["sub", "email_verified"],
        "authorization_response_iss_parameter_supported": True,
    }
    described = oidc.describe(idp.client())
    assert described == oidc.Description(keys=1, s256=False, verified_address=True, names_itself=True)


def test_the_secret_is_in_no_repr(idp: Idp) -> None:
    assert helpers.SECRET not in repr(idp.client())


def test_the_libraries_wait_for_the_first_provider() -> None:
    """They would cost every server process 8 MB."""
    code = (
        "import sys; from learn import create_app; from learn.cli import serve;"
        "print({'requests', 'authlib', 'joserfc'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"
