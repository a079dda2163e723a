"""A passkey in software: makes credentials and signs challenges as a browser with an authenticator does."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, ATTESTED = 1, 4, 64  # flags of the authenticator data


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Softkey:
    """One credential for one site; `counter` tells of its uses, `flags` of its user."""

    rp_id: str = "localhost"
    origin: str = "http://localhost"
    credential_id: bytes = b"a passkey in software"
    user_handle: bytes = b""
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """The answer of `navigator.credentials.create`."""
        self.user_handle = unb64(options["user"]["id"])
        client = self.client_data("webauthn.create", options["challenge"])
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.cose()
        data = self.authenticator_data(self.flags | ATTESTED) + attested
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self.answer(clientDataJSON=b64(client), attestationObject=b64(statement))

    def get(self, options: dict[str, Any]) -> str:
        """The answer of `navigator.credentials.get`."""
        client = self.client_data("webauthn.get", options["challenge"])
        data = self.authenticator_data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self.answer(
            clientDataJSON=b64(client),
            authenticatorData=b64(data),
            signature=b64(signature),
            userHandle=b64(self.user_handle),
        )

    def client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def authenticator_data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def cose(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )

    def answer(self, **response: str) -> str:
        shown = b64(self.credential_id)
        return json.dumps({"id": shown, "rawId": shown, "type": "public-key", "response": response})
