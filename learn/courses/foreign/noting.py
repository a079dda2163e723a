"""What a conversion says about itself: what it guessed (K602) and what it left as text (K601)."""

import re

from learn.markup.model import Fault

_COLONS = re.compile(":{4,}")
_LENGTH = 60
MOST = 2000  # a text with more than these has not been written to be read


class Notes:
    """Faults of one text in order; each is noted once per line and words."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], Fault] = {}

    def became(self, line: int, excerpt: str, new: str) -> None:
        """`new` completes „… wurde zu …“, for example `einem Hinweis`."""
        self._note("K602", line, short(excerpt), new)

    def stays(self, line: int, excerpt: str) -> None:
        self._note("K601", line, short(excerpt), "")

    def _note(self, code: str, line: int, words: str, new: str) -> None:
        values = {"ausschnitt": words, "neu": new} if new else {"ausschnitt": words}
        if len(self._found) < MOST:
            self._found.setdefault((code, line, words, new), Fault(code, line, values))

    def faults(self) -> tuple[Fault, ...]:
        return tuple(sorted(self._found.values(), key=lambda fault: fault.line))


def short(excerpt: str) -> str:
    """The beginning of an excerpt on one line."""
    words = " ".join(_COLONS.sub(":::", excerpt[: 8 * _LENGTH]).split())
    return words if len(words) <= _LENGTH else f"{words[: _LENGTH - 1]}…"
