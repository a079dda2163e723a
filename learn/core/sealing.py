"""Secrets at rest, sealed under a key drawn from the instance's own: a row alone gives nothing away."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, secret_key: str) -> str:
    """The sealed text, to store."""
    return _box(secret_key).encrypt(text.encode()).decode()


def unseal(sealed: str, secret_key: str) -> str | None:
    """The text again; None when it was sealed under another key."""
    try:
        return _box(secret_key).decrypt(sealed).decode()
    except InvalidToken:
        return None


def _box(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"learn stored secrets")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
