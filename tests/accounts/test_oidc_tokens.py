"""ID tokens and what is told beside them: everything that must not pass, each made by a real server."""

import hmac
import json
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from werkzeug.wrappers import Response

from learn.accounts.oidc import tokens
from learn.core import clock
from tests.accounts import idp as helpers
from tests.accounts.idp import Idp, as_json, encoded, key, refused, running, signed_in

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


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["x"]},
        {"aud": "somebody else"},
        {"aud": None},
        {"aud": ["somebody else"]},
        {"aud": [helpers.CLIENT_ID, "somebody else"]},
        {"aud": {"lernen": 1}},
        {"azp": "somebody else"},
        {"aud": [helpers.CLIENT_ID, "another"], "azp": "another"},
        {"iss": "http://localhost/other"},
        {"iss": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": 1},
        {"exp": -(10**400)},
        {"iat": None},
        {"iat": 99_999_999_999},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": ["jana"]},
        {"sub": "j\u00e4na"},
        {"sub": "jana\x00"},
        {"sub": "x" * 201},
    ],
)
def test_claims_that_do_not_tie_the_token_to_this_request_are_refused(
    idp: Idp, claims: dict[str, Any]
) -> None:
    idp.claims = claims
    assert refused(idp) == "claims"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [helpers.CLIENT_ID]},
        {"azp": helpers.CLIENT_ID},
        {"aud": ["another", helpers.CLIENT_ID], "azp": helpers.CLIENT_ID},
    ],
)
def test_claims_that_name_us_are_taken(idp: Idp, claims: dict[str, Any]) -> None:
    idp.claims = claims
    assert signed_in(idp)["sub"] == "jana"


def test_clocks_may_differ_by_a_minute(idp: Idp) -> None:
    now = int(clock.now().timestamp())
    idp.claims = {"iat": now + 40, "nbf": now + 40, "exp": now - 40}
    assert signed_in(idp)["sub"] == "jana"
    idp.claims = {"exp": now - int(timedelta(minutes=2).total_seconds())}
    assert refused(idp) == "claims"


def b64(value: object) -> str:
    return encoded(json.dumps(value).encode())


def unsigned(claims: dict[str, Any]) -> str:
    return f"{b64({'alg': 'none', 'kid': 'first'})}.{b64(claims)}."


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    head = f"{b64({'alg': 'HS256', 'kid': 'first'})}.{b64(claims)}"
    digest = hmac.digest(key().as_pem(private=False), head.encode(), "sha256")
    return f"{head}.{encoded(digest)}"


def by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key("second"))


def changed_afterwards(claims: dict[str, Any]) -> str:
    head, _body, signature = jwt.encode({"alg": "RS256", "kid": "first"}, claims, key()).split(".")
    return f"{head}.{b64({**claims, 'sub': 'chef'})}.{signature}"


def with_its_own_key(claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "first", "jwk": key("second").as_dict(private=False)}
    return jwt.encode(header, claims, key("second"))


def critical(claims: dict[str, Any]) -> str:
    body = jws.serialize_compact({"alg": "RS256", "kid": "first"}, json.dumps(claims), key())
    return ".".join(
        [b64({"alg": "RS256", "kid": "first", "crit": ["b64"], "b64": False}), *body.split(".")[1:]]
    )


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        lambda claims: unsigned(claims).replace(b64({"alg": "none", "kid": "first"}), b64({"alg": "None"})),
        lambda claims: f"{b64({'alg': 'ES256', 'kid': 'first'})}.{b64(claims)}.{'A' * 86}",
        with_public_key_as_secret,
        by_another_key,
        changed_afterwards,
        with_its_own_key,
        critical,
    ],
)
def test_tampered_tokens_are_refused(idp: Idp, sign: Callable[[dict[str, Any]], str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        idp.sign = sign
        assert refused(idp) in {"token", "keys"}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        "a.b.c",
        "x" * 500_000,
        f"{b64([])}.{b64({})}.x",
        f"{b64('x')}.{b64({})}.x",
        f"{b64({'alg': 5})}.{b64({})}.x",
        f"{b64({'alg': ['RS256'], 'kid': 'first'})}.{b64({})}.x",
        f"{b64({'alg': 'RS256', 'kid': {}})}.{b64({})}.x",
        "\u00fc.\u00fc.\u00fc",
        {"not": "a text"},
        ["a"],
    ],
)
def test_what_is_no_token_is_refused(idp: Idp, token: Any) -> None:
    idp.sign = lambda _claims: token
    assert refused(idp) in {"token", "keys"}


@pytest.mark.parametrize("body", ["[1]", "nothing", "[" * 90_000])
def test_a_good_signature_makes_no_claims(idp: Idp, body: str) -> None:
    idp.sign = lambda _claims: jws.serialize_compact({"alg": "RS256", "kid": "first"}, body, key())
    assert refused(idp) == "token"


def test_with_the_list_of_algorithms_open_an_unsigned_token_would_pass(
    idp: Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the list keeps out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        monkeypatch.setattr(tokens, "REGISTRY", jws.JWSRegistry(algorithms=["none"]))
        idp.sign, idp.claims = unsigned, {"sub": "chef"}
        assert signed_in(idp)["sub"] == "chef"


def test_the_same_token_untouched_is_taken(idp: Idp) -> None:
    """The control: what the tampered ones were made from."""
    idp.sign = lambda claims: jws.serialize_compact(
        {"alg": "RS256", "kid": "first"}, json.dumps(claims), key()
    )
    assert signed_in(idp)["sub"] == "jana"


def test_a_shared_secret_among_the_keys_is_no_key(idp: Idp) -> None:
    secret = OctKey.import_key("geheim-geheim-geheim-geheim-geheim", {"kid": "oct"})
    idp.keys = [secret.as_dict(private=True), key().as_dict(private=False)]
    idp.sign = lambda claims: jwt.encode({"alg": "HS256", "kid": "oct"}, claims, secret)
    assert refused(idp) == "keys"
    helpers.forget()
    idp.keys = idp.keys[:1]
    assert refused(idp) == "keys"


@pytest.mark.parametrize(
    ("alg", "made"),
    [
        ("PS256", lambda: RSAKey.generate_key(2048)),
        ("RS512", lambda: RSAKey.generate_key(2048)),
        ("ES256", lambda: ECKey.generate_key("P-256")),
        ("ES512", lambda: ECKey.generate_key("P-521")),
        ("Ed25519", lambda: OKPKey.generate_key("Ed25519")),
        pytest.param(
            "EdDSA",
            lambda: OKPKey.generate_key("Ed25519"),
            marks=pytest.mark.filterwarnings("ignore:EdDSA is deprecated"),
        ),
    ],
)
def test_keys_of_all_public_kinds_are_taken(idp: Idp, alg: str, made: Callable[[], Any]) -> None:
    theirs = made()
    idp.keys = [theirs.as_dict(private=False)]
    idp.sign = lambda claims: jwt.encode({"alg": alg}, claims, theirs, algorithms=[alg])
    assert signed_in(idp)["sub"] == "jana"


@pytest.mark.filterwarnings("ignore:Key size should be")
@pytest.mark.parametrize("bits", [1024, 9000])
def test_keys_too_short_or_too_long_are_none(idp: Idp, bits: int) -> None:
    modulus = RSAKey.generate_key(1024).as_dict(private=False) if bits == 1024 else huge_key(bits)
    idp.keys = [{**modulus, "kid": "first"}]
    assert refused(idp) == "keys"


def huge_key(bits: int) -> dict[str, str]:
    number = (1 << bits) | 1
    raw = number.to_bytes((bits + 8) // 8, "big")
    return {"kty": "RSA", "e": "AQAB", "n": encoded(raw)}


def test_a_key_that_cannot_be_read_spoils_no_other(idp: Idp) -> None:
    good = key().as_dict(private=False)
    idp.keys = [
        {"kty": "RSA"},
        {"kty": "LATTICE", "x": 1},
        {},
        5,
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "%%", "e": "AQAB"},
        {**good, "use": "enc", "kid": "first"},
        good,
    ]
    assert signed_in(idp)["sub"] == "jana"


def test_new_keys_are_asked_for_once(idp: Idp) -> None:
    assert signed_in(idp)["sub"] == "jana"
    idp.keys = [key("second").as_dict(private=False)]
    idp.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "second"}, claims, key("second"))
    assert signed_in(idp)["sub"] == "jana"
    assert idp.asked.count("/keys") == 2
    idp.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "third"}, claims, key("second"))
    assert refused(idp) == "keys"
    assert idp.asked.count("/keys") == 3


def test_with_several_keys_the_token_must_say_which(idp: Idp) -> None:
    idp.keys = [key().as_dict(private=False), key("second").as_dict(private=False)]
    idp.sign = lambda claims: jwt.encode({"alg": "RS256"}, claims, key())
    assert refused(idp) == "keys"


# Userinfo


def test_what_the_token_lacks_is_asked_for(idp: Idp) -> None:
    idp.metadata = {"userinfo_endpoint": f"{idp.issuer}/userinfo"}
    idp.claims = {"email": None, "email_verified": None}
    idp.userinfo = {"sub": "jana", "email": "jana@olpe.example", "email_verified": True, "iss": "x"}
    claims = signed_in(idp)
    assert (claims["email"], claims["email_verified"], claims["iss"]) == (
        "jana@olpe.example",
        True,
        idp.issuer,
    )


def test_but_not_when_all_is_there(idp: Idp) -> None:
    idp.metadata = {"userinfo_endpoint": f"{idp.issuer}/userinfo"}
    signed_in(idp)
    assert "/userinfo" not in idp.asked


def test_an_address_never_borrows_its_confirmation(idp: Idp) -> None:
    idp.metadata = {"userinfo_endpoint": f"{idp.issuer}/userinfo"}
    idp.claims = {"email": None, "email_verified": True}
    idp.userinfo = {"sub": "jana", "email": "chef@olpe.example"}
    assert "email_verified" not in signed_in(idp)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (as_json({"sub": "chef", "email": "chef@olpe.example"}), "claims"),
        (as_json({"email": "chef@olpe.example"}), "claims"),
        (as_json({}, 403), "status"),
        (Response("eyJ.a.b", content_type="application/jwt"), "answer"),
    ],
)
def test_userinfo_speaks_of_the_same_subject(idp: Idp, answer: Any, reason: str) -> None:
    idp.metadata = {"userinfo_endpoint": f"{idp.issuer}/userinfo"}
    idp.claims = {"email": None}
    idp.answers["/userinfo"] = lambda _request: answer
    assert refused(idp) == reason
