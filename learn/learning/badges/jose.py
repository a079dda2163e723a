"""Keys and signatures by joserfc; knows no tables and no badges."""

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, thumbprint

from learn.learning.badges.keys import Fresh, SecretKey

RSA_BITS = 3072  # BSI TR-02102-1: at least 3000
MAKERS: Mapping[str, tuple[type[Key], Callable[[], Key]]] = {
    "ES256": (ECKey, lambda: ECKey.generate_key("P-256")),
    "Ed25519": (OKPKey, lambda: OKPKey.generate_key("Ed25519")),
    "EdDSA": (OKPKey, lambda: OKPKey.generate_key("Ed25519")),
    "RS256": (RSAKey, lambda: RSAKey.generate_key(RSA_BITS)),
}
REGISTRY = jws.JWSRegistry(algorithms=list(MAKERS))

# "EdDSA" is offered for verifiers that do not know RFC 9864 yet; the signature is the same.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


def generate(algorithm: str) -> Fresh:
    """A new key pair; `kid` is its thumbprint (RFC 7638)."""
    key = MAKERS[algorithm][1]()
    public = public_part(key)
    return Fresh(thumbprint(public), algorithm, json.dumps(key.as_dict(private=True)), public)


def public_part(key: Key) -> dict[str, Any]:
    """What everybody may know of a key, without names of our own."""
    return {name: value for name, value in key.as_dict(private=False).items() if name != "kid"}


def sign(key: SecretKey, payload: Mapping[str, Any], address: str, typ: str) -> str:
    """The payload as a compact JWS whose header holds `alg`, `typ`, the key's address and its public part.

    Open Badges 3.0, section 8.2.3: "Additional JOSE Headers are NOT allowed".
    """
    own = MAKERS[key.algorithm][0].import_key(json.loads(key.private))
    header = {"alg": key.algorithm, "typ": typ, "kid": address, "jwk": public_part(own)}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text.encode(), own, registry=REGISTRY)
