"""Password hashes: Argon2id with OWASP's parameters; an unknown address takes as long as a known one."""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 200
TIME, MEMORY, LANES = 2, 19 * 1024, 1  # passes, KiB, lanes: OWASP's choice for Argon2id
hasher = PasswordHasher(time_cost=TIME, memory_cost=MEMORY, parallelism=LANES)
COMMON_WORDS = """
12345678 123456789 1234567890 password passwort passwort1 password1 hallo123 qwertz123 qwertzui
qwerty123 iloveyou schatz123 11111111 00000000 abcd1234 abc12345 asdfghjk yxcvbnm1 geheim123
willkommen willkommen1 sommer2025 sommer2026 winter2025 winter2026 stadtverwaltung rathaus123
"""
COMMON = frozenset(COMMON_WORDS.split())


def hashed(password: str) -> str:
    """The hash to store; about 40 ms of one core."""
    return hasher.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a stored hash the same time passes for nothing."""
    try:
        return hasher.verify(stored or nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the parameters have changed since."""
    return hasher.check_needs_rehash(stored)


@cache
def nobody() -> str:
    """A hash that belongs to nobody."""
    return hasher.hash("niemand")


def weakness(password: str) -> str:
    """What is wrong with a new password as one German sentence, empty when nothing is."""
    if len(password) < SHORTEST:
        return f"Nehmen Sie ein Passwort mit mindestens {SHORTEST} Zeichen."
    if len(password) > LONGEST:
        return f"Nehmen Sie ein Passwort mit höchstens {LONGEST} Zeichen."
    if any(unicodedata.category(sign) == "Cc" for sign in password):
        return "Nehmen Sie ein Passwort ohne Steuerzeichen."  # no form could send it
    plain = re.sub(r"[^a-z0-9]", "", password.lower())
    if password.lower() in COMMON or plain in COMMON or len(set(password)) == 1:
        return "Dieses Passwort ist zu verbreitet. Nehmen Sie ein anderes."
    return ""
