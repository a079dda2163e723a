"""Recovery codes: ten, each stands in once for the authenticator app.

A code has 49 bits, so what is kept is a slow hash under a salt that only this instance can compute
(ASVS 6.5.2).
"""

import secrets
from collections.abc import Iterable

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learn.accounts import keyed, passwords, totp
from learn.accounts.models import RecoveryCode

NUMBER, LENGTH = 10, 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def drawn() -> tuple[str, ...]:
    """New codes such as `k7mqx-9tfd2`."""
    codes = ("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(NUMBER))
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def is_code(typed: str) -> bool:
    """Whether it has the shape of a recovery code, right or wrong."""
    code = totp.plain(typed).lower()
    return len(code) == LENGTH and set(code) <= set(LETTERS)


def hashed(typed: str, person_id: int, secret_key: str) -> str:
    """What is kept of a code; as slow as a password, so never while a write waits."""
    like = passwords.hasher
    return hash_secret_raw(
        totp.plain(typed).lower().encode(),
        keyed.digest(secret_key, "recovery code", person_id)[:16],
        time_cost=like.time_cost,
        memory_cost=like.memory_cost,
        parallelism=like.parallelism,
        hash_len=32,
        type=Type.ID,
    ).hex()


def replace(session: Session, person_id: int, hashes: Iterable[str]) -> None:
    """Keep these codes and no others."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(RecoveryCode(person_id=person_id, code_hash=each) for each in hashes)
    session.flush()


def redeem(session: Session, person_id: int, code_hash: str) -> bool:
    """Use a code up; False if there is no such code. Of two who try at once the database lets one."""
    mine = (RecoveryCode.person_id == person_id) & (RecoveryCode.code_hash == code_hash)
    gone = delete(RecoveryCode).where(mine).returning(RecoveryCode.person_id)
    return session.execute(gone).scalar() is not None


def left(session: Session, person_id: int) -> int:
    """How many codes a person still has."""
    statement = select(func.count()).where(RecoveryCode.person_id == person_id)
    return session.execute(statement).scalar_one()
