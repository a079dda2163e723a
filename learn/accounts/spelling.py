"""What a name and an address may look like; forms and services ask the same functions."""

import re
import unicodedata

from learn.core.letters import TURNS

LONGEST = 200
ADDRESS = re.compile(r"""[^@\s<>,;"()]+@(?:[^@\s<>,;"()]+\.[^@\s<>,;"()]+|localhost)""")


def tidy(text: str) -> str:
    """A line as it is stored: composed characters, no outer blanks."""
    return unicodedata.normalize("NFC", text).strip()


def has_controls(text: str) -> bool:
    """Whether a text holds characters that break lines of mail headers or logs, or turn its direction.

    A turned name reads as another one, and may turn the words behind it.
    """
    if text.isprintable():  # as most are, which is known at once
        return False
    return any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} or sign in TURNS for sign in text)


def is_line(text: str) -> bool:
    """Whether a text fits into a column for names and the like."""
    return len(text) <= LONGEST and not has_controls(text)


def is_address(email: str) -> bool:
    """Whether mail can go there, as far as its spelling tells. A dot or `localhost` names the host."""
    return is_line(email) and email.isprintable() and ADDRESS.fullmatch(email) is not None
