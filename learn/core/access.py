"""Who asks (Actor), the rules routes name, and `require` which authorises where something is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask_login import current_user


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, as one statement found her; `person_id` is None for visitors."""

    person_id: int | None = None
    name: str = ""
    municipality_id: int | None = None
    municipality: str = ""
    roles: frozenset[str] = frozenset()
    session_id: int | None = None

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def owner(self) -> int:
        """The signed-in person's id; every route that uses it names `access=learner`."""
        if self.person_id is None:
            raise NotSignedIn
        return self.person_id


VISITOR = Actor()
Rule = Callable[[Actor], bool]
Found = TypeVar("Found")


class NotSignedIn(Exception):
    """The way leads to `/anmelden`."""


class Forbidden(Exception):
    """May know it, may not do it: 403."""


class NotFound(Exception):
    """Does not exist, or not for this actor: 404."""


class Refused(Exception):
    """The rules of the domain say no; the message is one German sentence. 422 unless `status` differs."""

    def __init__(self, message: str, *, field: str = "", status: int = 422) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.status = status


def visitor(_actor: Actor) -> bool:
    """Everyone."""
    return True


def learner(actor: Actor) -> bool:
    """Everyone signed in."""
    return actor.signed_in


def expert(actor: Actor) -> bool:
    return "expert" in actor.roles


def trainer(actor: Actor) -> bool:
    return "trainer" in actor.roles


def coordinator(actor: Actor) -> bool:
    return "coordinator" in actor.roles


def operator(actor: Actor) -> bool:
    return "operator" in actor.roles


def actor() -> Actor:
    """The actor of this request, a visitor outside one."""
    found = getattr(current_user, "actor", None)
    return found if isinstance(found, Actor) else VISITOR


def require(found: Found | None, *, allowed: bool = True) -> Found:
    """What was found, or NotFound; Forbidden when it exists but `allowed` is false."""
    if found is None:
        raise NotFound
    if not allowed:
        raise Forbidden
    return found
