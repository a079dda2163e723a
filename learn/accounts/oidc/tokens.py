"""ID tokens: signature by the provider's keys, then every claim that ties one to us and to this request."""

import hmac
import warnings
from collections.abc import Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ClaimError, JoseError, SecurityWarning
from joserfc.jwk import Key
from joserfc.jwt import JWTClaimsRegistry

from learn.accounts.oidc import Client, Failed, discovery, http
from learn.core import clock

# Signatures by public keys only: with "none" or "HS256" anybody could write a token.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519", "EdDSA"),
)
REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
LEEWAY = 60  # seconds between their clock and ours
LONGEST_SUBJECT = 200
BROKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError)

# Providers still say "EdDSA" where RFC 9864 wants "Ed25519"; the signature is the same.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


def claims_of(token: object, client: Client, nonce: str) -> dict[str, Any]:
    """The claims of a token, all checked. Raises Failed."""
    if not isinstance(token, str):
        raise Failed("token")
    key = named_key(token, client)
    try:
        claims = jwt.decode(token, key, registry=REGISTRY).claims
    except BROKEN:
        raise Failed("token") from None
    check(claims, client, nonce)
    return claims


def named_key(token: str, client: Client) -> Key:
    """The key that the token's head names; unknown ones are asked for once. Raises Failed."""
    try:
        parts = jws.extract_compact(token.encode(), registry=REGISTRY)
        kid = parts.headers().get("kid")
    except BROKEN:
        raise Failed("token") from None
    if http.too_deep(parts.payload):
        raise Failed("token")
    for fresh in (False, True):
        fitting = [key for key in discovery.keys(client, fresh=fresh) if kid is None or key.kid == kid]
        if len(fitting) == 1 or (fitting and kid is not None):
            return fitting[0]
    raise Failed("keys")


def check(claims: Mapping[str, Any], client: Client, nonce: str) -> None:
    """OpenID Connect Core 1.0, section 3.1.3.7. Raises Failed."""
    rules = JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": client.issuer},
        aud={"essential": True, "value": client.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        rules.validate(dict(claims))
    except (ClaimError, TypeError, OverflowError):
        raise Failed("claims") from None
    if not (for_us(claims, client.client_id) and same(claims.get("nonce"), nonce) and plain(claims["sub"])):
        raise Failed("claims")


def for_us(claims: Mapping[str, Any], client_id: str) -> bool:
    """Whether we are the party a token was made for; with others beside us it must say so."""
    alone = claims["aud"] in (client_id, [client_id])
    return bool(claims.get("azp", client_id if alone else None) == client_id)


def same(found: object, expected: str) -> bool:
    """Whether a claim is this text and nothing else, such as a list that holds it."""
    return isinstance(found, str) and hmac.compare_digest(found.encode(), expected.encode())


def plain(subject: str) -> bool:
    """Whether a subject is what the standard allows (ASCII), and fits."""
    return 0 < len(subject) <= LONGEST_SUBJECT and subject.isascii() and subject.isprintable()
