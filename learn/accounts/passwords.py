"""Password hashes: Argon2id with OWASP's parameters; an unknown address takes as long as a known one."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from learn.accounts import guessable

SHORTEST, LONGEST = 8, 200
HINT = "Mindestens 8 Zeichen. Sicherer sind 15 und mehr, zum Beispiel mehrere Wörter."
TIME, MEMORY, LANES = 2, 19 * 1024, 1  # passes, KiB, lanes: OWASP's choice for Argon2id
hasher = PasswordHasher(time_cost=TIME, memory_cost=MEMORY, parallelism=LANES)


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


def weakness(password: str, *context: str) -> str:
    """What is wrong with a new password as one German sentence, empty when nothing is.

    `context`: what others know of the person, such as name, address, town and network. ASVS 6.2.1, 6.2.4,
    6.2.5: length and guessability count, composition does not.
    """
    if len(password) < SHORTEST:
        return f"Nehmen Sie ein Passwort mit mindestens {SHORTEST} Zeichen."
    if len(password) > LONGEST:
        return f"Nehmen Sie ein Passwort mit höchstens {LONGEST} Zeichen."
    if any(unicodedata.category(sign) == "Cc" for sign in password):
        return "Nehmen Sie ein Passwort ohne Steuerzeichen."  # no form could send it
    anybody, acquainted = guessable.guessable(password, context)
    if anybody:
        return "Dieses Passwort ist leicht zu erraten. Nehmen Sie mehrere Wörter ohne Zusammenhang."
    if acquainted:
        return "Nehmen Sie ein Passwort ohne Ihren Namen, Ihre Adresse und Ihre Kommune."
    return ""
