"""Passkeys: what the browser is asked for, and the rows of those that answered.

No counter of uses is kept or compared: it would tell how often somebody signs in.
"""

import ipaddress
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.accounts import keyed
from learn.accounts.models import Passkey, Person
from learn.config import Config
from learn.core import clock
from learn.core.access import Refused
from learn.core.hosts import LOOPBACK

if TYPE_CHECKING:
    from learn.accounts.ceremonies import Registered

MOST = 20
LONGEST = 20_000  # signs of an answer; real ones have a tenth
TIMEOUT = 300_000  # milliseconds in which the browser wants its answer
ALGORITHMS = (-8, -7, -257)  # Ed25519, ES256, RS256
LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Party:
    """To whom passkeys belong: the host of the base URL, and the origin a browser must name."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Request:
    """An answer of the browser to one challenge."""

    party: Party
    challenge: str
    text: str


def party(config: Config, host: str) -> Party | None:
    """Whom passkeys belong to when this host was asked; None where browsers allow none.

    They want a name, not a number, and TLS; of local names `localhost` alone will do.
    """
    parts = urlsplit(config.base_url)
    if config.host in LOOPBACK:
        port = f":{parts.port}" if parts.port else ""
        return Party(LOCAL, f"{parts.scheme}://{LOCAL}{port}") if host == LOCAL else None
    if not config.https or is_number(config.host):
        return None
    port = f":{parts.port}" if parts.port not in {None, 443} else ""
    return Party(config.host, f"https://{config.host}{port}")


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def challenge() -> str:
    """256 random bits, as base64url."""
    return secrets.token_urlsafe(32)


def user_handle(person_id: int, secret_key: str) -> bytes:
    """What a passkey keeps as its user: not our number, and nothing to anyone else."""
    return keyed.digest(secret_key, "passkey user", person_id)


def to_create(
    asked_by: Party, drawn: str, person: Person, *, network: str, secret_key: str, known: Iterable[Passkey]
) -> dict[str, Any]:
    """Options of `navigator.credentials.create`: discoverable, its user verified, no attestation."""
    handle = encoded(user_handle(person.id, secret_key))
    return {
        "challenge": drawn,
        "rp": {"id": asked_by.id, "name": network},
        "user": {"id": handle, "name": person.email, "displayName": person.name},
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "excludeCredentials": [{"type": "public-key", "id": each.credential_id} for each in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
        "timeout": TIMEOUT,
    }


def to_get(asked_by: Party, drawn: str) -> dict[str, Any]:
    """Options of `navigator.credentials.get`: whichever passkey the person picks."""
    return {"challenge": drawn, "rpId": asked_by.id, "userVerification": "required", "timeout": TIMEOUT}


def created(asked: Request) -> "Registered | None":
    """The new passkey in an answer; None where it does not fit the challenge."""
    if len(asked.text) > LONGEST:
        return None
    found: Registered | None = _ceremonies().registered(
        asked.text,
        challenge=decoded(asked.challenge),
        rp_id=asked.party.id,
        origin=asked.party.origin,
    )
    return found


def add(session: Session, person_id: int, name: str, found: "Registered") -> Passkey:
    """Keep a new passkey. Raises Refused."""
    if number(session, person_id) >= MOST:
        raise Refused(f"Sie haben schon {MOST} Passkeys. Entfernen Sie zuerst einen.")
    made = Passkey(
        person_id=person_id,
        credential_hash=sha256(found.credential_id).hexdigest(),
        credential_id=encoded(found.credential_id),
        public_key=found.public_key,
        name=name,
        added_on=clock.today(),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as known:
        raise Refused("Dieser Passkey ist schon eingerichtet.") from known
    return made


def owner(session: Session, asked: Request, secret_key: str) -> int | None:
    """Whose passkey has signed the challenge; None if nobody's did. Reads only."""
    checks = _ceremonies()
    found = checks.assertion(asked.text) if len(asked.text) <= LONGEST else None
    if found is None:
        return None
    hashed = sha256(found.credential_id).hexdigest()
    passkey = session.scalar(select(Passkey).where(Passkey.credential_hash == hashed))
    if passkey is None or found.user_handle != user_handle(passkey.person_id, secret_key):
        return None
    proven = checks.proves(
        found,
        public_key=decoded(passkey.public_key),
        challenge=decoded(asked.challenge),
        rp_id=asked.party.id,
        origin=asked.party.origin,
    )
    return passkey.person_id if proven else None


def own(session: Session, person_id: int) -> Sequence[Passkey]:
    """A person's passkeys, oldest first."""
    return session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)).all()


def one(session: Session, person_id: int, passkey_id: int) -> Passkey | None:
    """One of a person's own passkeys."""
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id))


def number(session: Session, person_id: int) -> int:
    """How many passkeys a person has."""
    return session.execute(select(func.count()).where(Passkey.person_id == person_id)).scalar_one()


def remove(session: Session, person_id: int, passkey_id: int) -> bool:
    """Remove one of a person's own passkeys; False if there is no such."""
    mine = (Passkey.id == passkey_id) & (Passkey.person_id == person_id)
    return session.execute(delete(Passkey).where(mine).returning(Passkey.id)).scalar() is not None


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _ceremonies() -> Any:
    return import_module("learn.accounts.ceremonies")  # carried by processes that meet a passkey only
