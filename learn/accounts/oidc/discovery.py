"""What a provider says of itself: its addresses and its keys, kept for some minutes in each process."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from learn.accounts.oidc import Client, Failed
from learn.accounts.oidc.addresses import checked
from learn.accounts.oidc.http import json_at

MINUTES_KEPT = 10
MOST_KEPT = 1000
MOST_KEYS = 50
RSA_BITS = range(2048, 8192 + 1)  # shorter ones are weak, longer ones cost the checker
Kept = TypeVar("Kept")
kept: dict[tuple[str, str, bool], tuple[float, Any]] = {}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of a discovery document that we use; every address in it was checked."""

    authorization: str
    token: str
    keys: str
    userinfo: str  # empty where there is none
    auth_method: str
    names_itself: bool  # RFC 9207
    scopes: frozenset[str]
    claims: frozenset[str]
    challenges: frozenset[str]


def metadata(client: Client, *, fresh: bool = False) -> Metadata:
    """The provider's own description. Raises Failed."""
    return remembered("metadata", client, lambda: read_metadata(client), fresh=fresh)


def keys(client: Client, *, fresh: bool = False) -> tuple[Key, ...]:
    """The keys it signs with: public-key kinds only. Raises Failed."""
    return remembered("keys", client, lambda: read_keys(client), fresh=fresh)


def remembered(kind: str, client: Client, read: Callable[[], Kept], *, fresh: bool) -> Kept:
    """What was read some minutes ago at most; failures are not kept."""
    key = (kind, client.issuer, client.local)
    found = kept.get(key)
    if found is not None and found[0] > time.monotonic() and not fresh:
        value: Kept = found[1]
        return value
    value = read()
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = (time.monotonic() + MINUTES_KEPT * 60, value)
    return value


def read_metadata(client: Client) -> Metadata:
    """OpenID Connect Discovery 1.0, section 4; the issuer must be the one we know, letter by letter."""
    document = json_at(
        checked(client.issuer, local=client.local).rstrip("/") + "/.well-known/openid-configuration",
        local=client.local,
    )
    if document.get("issuer") != client.issuer:
        raise Failed("issuer")

    def address(name: str) -> str:
        return checked(document.get(name), local=client.local)

    return Metadata(
        authorization=address("authorization_endpoint"),
        token=address("token_endpoint"),
        keys=address("jwks_uri"),
        userinfo=address("userinfo_endpoint") if document.get("userinfo_endpoint") else "",
        auth_method=auth_method(document),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        scopes=words(document, "scopes_supported"),
        claims=words(document, "claims_supported"),
        challenges=words(document, "code_challenge_methods_supported"),
    )


def auth_method(document: Mapping[str, Any]) -> str:
    """How we prove ourselves at the token endpoint; Basic is what a silent document means."""
    offered = words(document, "token_endpoint_auth_methods_supported") or {"client_secret_basic"}
    for method in ("client_secret_basic", "client_secret_post"):
        if method in offered:
            return method
    raise Failed("methods")


def words(document: Mapping[str, Any], name: str) -> frozenset[str]:
    """A list of words in a document; empty when it is anything else."""
    found = document.get(name)
    return (
        frozenset(word for word in found if isinstance(word, str)) if isinstance(found, list) else frozenset()
    )


def read_keys(client: Client) -> tuple[Key, ...]:
    """The usable keys at the address of the document; those we cannot read are left out."""
    found = json_at(metadata(client).keys, local=client.local).get("keys")
    listed: Sequence[Any] = found[:MOST_KEYS] if isinstance(found, list) else ()
    usable = tuple(key for key in map(signing_key, listed) if key is not None)
    if not usable:
        raise Failed("keys")
    return usable


def signing_key(data: object) -> Key | None:
    """A public key for signatures; None for anything else, shared secrets above all."""
    if not isinstance(data, dict) or data.get("kty") == "oct" or data.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(data)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        return key if key.public_key.key_size in RSA_BITS else None
    return key if isinstance(key, ECKey | OKPKey) else None
