"""Which Nachweise are withdrawn: one bit each, by W3C's Bitstring Status List v1.0."""

import base64
import gzip
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.learning.badges.credential import CREDENTIALS, Issuer, midnight
from learn.learning.certificates import LIST
from learn.learning.models import CertificateStatus

TYPE = "vc+jwt"  # Securing Verifiable Credentials using JOSE and COSE, section 3.1
KEPT_SECONDS = 60  # how long a copy may be used: a withdrawal is seen everywhere a minute later
VALID = timedelta(days=2)  # an older copy proves nothing
HIGHEST = (2**31 - 1) // LIST - 1  # the last list whose positions an integer column holds


def revoked(session: Session, number: int) -> list[int] | None:
    """The indices in this list that are withdrawn, in order; None where the list holds no Nachweis.

    The first list is there from the beginning: it does not tell whether anybody has a Nachweis.
    """
    if number > HIGHEST:
        return None
    first = number * LIST
    inside = CertificateStatus.position.between(first, first + LIST - 1)
    chosen = select(CertificateStatus.position).where(inside)
    if number and session.scalar(chosen.limit(1)) is None:
        return None
    gone = chosen.where(CertificateStatus.revoked).order_by(CertificateStatus.position)
    return [position - first for position in session.scalars(gone)]


def payload(issuer: Issuer, number: int, indices: Iterable[int]) -> dict[str, Any]:
    """The BitstringStatusListCredential with the registered claims beside it."""
    address = issuer.status_list(number)
    begins = midnight(clock.today())
    ends = midnight(clock.today() + VALID)
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": begins.isoformat(),
        "validUntil": ends.isoformat(),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": KEPT_SECONDS * 1000,
            "encodedList": encoded(indices),
        },
        "iss": issuer.id,
        "jti": address,
        "sub": f"{address}#list",
        "nbf": int(begins.timestamp()),
        "exp": int(ends.timestamp()),
    }


def encoded(indices: Iterable[int]) -> str:
    """The bits, the first one leftmost, compressed by gzip, as multibase base64url without padding (`u`)."""
    bits = bytearray(LIST // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> (index % 8)
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")
