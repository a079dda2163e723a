"""Keys that sign badges: one is in use, retired ones stay published and verify what they signed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from learn.core import audit, clock
from learn.core.access import Refused
from learn.core.sealing import seal, unseal
from learn.learning.models import SigningKey as SigningKey

ONE_AT_A_TIME = 0x6261646765  # "badge", the lock of PostgreSQL under which keys are made
ROTATED = "nachweis.schluessel"


class Unopened(Refused):
    """The key in use was sealed under another secret than this instance's."""

    def __init__(self) -> None:
        super().__init__(
            "Der Open Badge lässt sich nicht unterschreiben. Der Betrieb muss den Schlüssel erneuern."
        )


@dataclass(frozen=True, slots=True)
class Fresh:
    """A key as made: `private` is its JWK as JSON, `public` the JWK without the private part."""

    kid: str
    algorithm: str
    private: str
    public: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SecretKey:
    """The key in use, opened."""

    kid: str
    algorithm: str
    private: str


def all_keys(session: Session) -> Sequence[SigningKey]:
    """All keys, the one in use first, then the latest."""
    order = (SigningKey.retired_on.is_not(None), SigningKey.made_on.desc(), SigningKey.kid)
    return session.scalars(select(SigningKey).order_by(*order)).all()


def published(session: Session) -> list[dict[str, Any]]:
    """The public keys, as a JWK Set lists them (RFC 7517): `kid`, `alg` and `use` beside each."""
    return [{**key.public, "kid": key.kid, "alg": key.algorithm, "use": "sig"} for key in all_keys(session)]


def in_use(session: Session) -> SigningKey | None:
    """The key that signs at present."""
    order = (SigningKey.made_on.desc(), SigningKey.kid)
    return session.scalar(select(SigningKey).where(SigningKey.retired_on.is_(None)).order_by(*order).limit(1))


def current(session: Session, secret: str) -> SecretKey | None:
    """The key in use, opened; None before the first. Raises Unopened."""
    row = in_use(session)
    if row is None:
        return None
    private = unseal(row.private, secret)
    if private is None:
        raise Unopened
    return SecretKey(row.kid, row.algorithm, private)


def to_sign(session: Session, secret: str, algorithm: str, *, make: Callable[[str], Fresh]) -> SecretKey:
    """The key in use; the first of an instance is made here, by `make`. Raises Unopened."""
    found = current(session, secret)
    if found is None:
        alone(session)
        found = current(session, secret)  # somebody may have made it meanwhile
    if found is None:
        fresh = make(algorithm)
        store(session, fresh, secret)
        found = SecretKey(fresh.kid, fresh.algorithm, fresh.private)
    return found


def rotate(session: Session, fresh: Fresh, secret: str, *, by: str) -> None:
    """Put a new key to use; those before it sign nothing from now on, and stay published."""
    alone(session)
    retired = update(SigningKey).where(SigningKey.retired_on.is_(None))
    session.execute(retired.values(retired_on=clock.today()))
    store(session, fresh, secret)
    audit.record(session, by, ROTATED, audit.INSTANCE, fresh.algorithm)


def store(session: Session, fresh: Fresh, secret: str) -> None:
    """Keep a key, its private part sealed."""
    session.add(
        SigningKey(
            kid=fresh.kid,
            algorithm=fresh.algorithm,
            private=seal(fresh.private, secret),
            public=fresh.public,
            made_on=clock.today(),
        )
    )
    session.flush()


def alone(session: Session) -> None:
    """Wait until nobody else makes a key; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
