"""Pictures of courses as plain values: one of a working copy, one that is stored, what is said of one."""

from dataclasses import dataclass
from typing import Protocol

from learn.core.access import Refused

LONGEST = 400  # characters of a description
LONGEST_WORDS = 200  # of source and licence


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a course. `href` is its address, sizes are CSS pixels and bytes.

    `uses`: keys of the texts that show it. `state`: `neu`, `ersetzt` or empty when it is as published.
    `description` is `schmuck` where the picture is decoration only, empty where nobody said anything yet,
    neither here nor in a text. `known`: it was there before it was added.
    """

    path: str
    href: str
    width: int
    height: int
    size: int
    description: str = ""
    source: str = ""
    licence: str = ""
    uses: tuple[str, ...] = ()
    sha: str = ""
    ext: str = ""
    state: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What an author says of a picture: description (or `schmuck`), where it comes from, what others may."""

    description: str = ""
    source: str = ""
    licence: str = ""

    def checked(self) -> "Words":
        """On one line each. Raises Refused with the field where one is too long."""
        limits = {"description": LONGEST, "source": LONGEST_WORDS, "licence": LONGEST_WORDS}
        tidy = {name: " ".join(getattr(self, name).split()) for name in limits}
        for name, limit in limits.items():
            if len(tidy[name]) > limit:
                raise Refused(f"Kürzen Sie auf {limit} Zeichen.", field=name)
        return Words(**tidy)


class Stored(Protocol):
    """A picture whose bytes lie in the storage."""

    @property
    def sha(self) -> str: ...

    @property
    def ext(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def size(self) -> int: ...
