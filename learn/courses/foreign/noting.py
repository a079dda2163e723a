"""What a conversion says about itself: what it guessed (K602) and what it left as text (K601)."""

import re

from learn.markup.model import Fault

_COLONS = re.compile(":{4,}")
_LENGTH = 60


class Notes:
    """Faults of one text in order; each is noted once per line and words."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], Fault] = {}

    def became(self, line: int, excerpt: str, new: str) -> None:
        """`new` completes „… wurde zu …“, for example `einem Hinweis`."""
        words = short(excerpt)
        self._found.setdefault(
            ("K602", line, words, new), Fault("K602", line, {"ausschnitt": words, "neu": new})
        )

    def stays(self, line: int, excerpt: str) -> None:
        words = short(excerpt)
        self._found.setdefault(("K601", line, words, ""), Fault("K601", line, {"ausschnitt": words}))

    def faults(self) -> tuple[Fault, ...]:
        return tuple(sorted(self._found.values(), key=lambda fault: fault.line))


def short(excerpt: str) -> str:
    """The beginning of an excerpt on one line."""
    words = " ".join(_COLONS.sub(":::", excerpt[: 8 * _LENGTH]).split())
    return words if len(words) <= _LENGTH else f"{words[: _LENGTH - 1]}…"
