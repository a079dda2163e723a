"""What stands on every page for who is signed in: open Mitteilungen, and whether mail reaches her.

One statement, and only where the page asks for it.
"""

from functools import cached_property

from learn.core.access import Actor, actor
from learn.core.db import session
from learn.forum import lines


class Badge:
    """`count` is at most 99, `more` whether there are more. `address`: empty, `gestoert` or `gesperrt`."""

    def __init__(self, who: Actor) -> None:
        self._who = who

    @property
    def count(self) -> int:
        return min(self._standing[0], lines.MOST - 1)

    @property
    def more(self) -> bool:
        return self._standing[0] >= lines.MOST

    @property
    def address(self) -> str:
        return self._standing[1]

    @cached_property
    def _standing(self) -> tuple[int, str]:
        return lines.standing(session(), self._who) if self._who.signed_in else (0, "")


def badge() -> dict[str, Badge]:
    """The value `badge` of every template."""
    return {"badge": Badge(actor())}
