"""Open Badges 3.0 as signed JWT: what a Nachweis becomes where machines check it.

Opens on `signed`, for the transaction that issues a Nachweis. joserfc is loaded with the first signature:
a server whose people issue nothing does not carry it.
"""

import secrets
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.learning.badges import credential, keys, status
from learn.learning.badges.credential import Issuer
from learn.learning.certificates import Held
from learn.learning.models import Certificate

SALT_BYTES = 16


def signed(session: Session, held: Held, *, base_url: str, network: str, secret: str, algorithm: str) -> str:
    """The Nachweis as a signed OpenBadgeCredential, a compact JWS, ready for `Certificate.credential`.

    Call it in the write transaction that issues the Nachweis, and again after `named` has changed: the name
    stands in it only where she chose so, her address only as a salted hash. `secret`: the instance's own,
    under which keys are sealed. `algorithm`: of the first key, which is made here if there is none.
    Raises keys.Unopened.
    """
    owner = select(Person.email).join(Certificate, Certificate.person_id == Person.id)
    email = session.scalar(owner.where(Certificate.code == held.code))
    issuer = Issuer(base_url, network)
    identity = credential.identity(email, secrets.token_hex(SALT_BYTES)) if email else None
    key = keys.to_sign(session, secret, algorithm, make=signer().generate)
    said = credential.payload(issuer, held, identity)
    return str(signer().sign(key, said, issuer.key(key.kid), credential.TYPE))


def status_list(session: Session, number: int, *, base_url: str, network: str, secret: str) -> str | None:
    """The revocation list of this number as a signed JWT, as of now; None before a Nachweis stands in it.

    Reads only. Raises keys.Unopened.
    """
    revoked = status.revoked(session, number)
    key = keys.current(session, secret)
    if revoked is None or key is None:
        return None
    issuer = Issuer(base_url, network)
    return str(signer().sign(key, status.payload(issuer, number, revoked), issuer.key(key.kid), status.TYPE))


@cache
def signer() -> Any:
    """What signs and makes keys."""
    return import_module("learn.learning.badges.jose")
