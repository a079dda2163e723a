"""Values that only this instance can compute: bound to its secret key and to one purpose."""

import hashlib
import hmac


def digest(secret_key: str, purpose: str, value: object) -> bytes:
    """32 bytes that tell nothing about `value` without the key; another purpose gives others."""
    return hmac.new(secret_key.encode(), f"{purpose}|{value}".encode(), hashlib.sha256).digest()
