"""What stands on every page for who is signed in: open Mitteilungen, and whether mail reaches her.

One statement for each request, and only where the page asks for it. It also says whether her Kommune adds
anything to courses, so that their pages ask for that only where there is something.
"""

from functools import cached_property

from flask import g

from learn.core.access import Actor, actor
from learn.core.db import session
from learn.forum import lines
from learn.workshop import towns


class Badge:
    """`count` is at most 99, `more` whether there are more. `address`: empty, `gestoert` or `gesperrt`.

    `adapts`: her Kommune has entered values or written supplements for some course.
    """

    def __init__(self, who: Actor) -> None:
        self.who = who

    @property
    def count(self) -> int:
        return min(self._standing[0], lines.MOST - 1)

    @property
    def more(self) -> bool:
        return self._standing[0] >= lines.MOST

    @property
    def address(self) -> str:
        return self._standing[1]

    @property
    def adapts(self) -> bool:
        return self._standing[2]

    @cached_property
    def _standing(self) -> tuple[int, str, bool]:
        if not self.who.signed_in:
            return 0, "", False
        return lines.standing_beside(session(), self.who, towns.ADAPTS)


def of_reader() -> Badge:
    """The one of this request."""
    found = g.get("badge")
    if found is None or found.who != actor():
        found = g.badge = Badge(actor())
    assert isinstance(found, Badge)
    return found


def badge() -> dict[str, Badge]:
    """The value `badge` of every template."""
    return {"badge": of_reader()}
