"""Fresh ids for texts written in the Werkstatt."""

import secrets

from learn.courses.heads import FileKind
from learn.courses.ids import LETTERS, PREFIXES


def new(kind: FileKind) -> str:
    """An id such as `les_7k3f9q2m`; drawn, never derived. Raises KeyError for Einfache Sprache: it has none.

    Among 10,000 lessons two are equal once in 56,000 installations; publishing would refuse them (K302).
    """
    return f"{PREFIXES[kind]}_" + "".join(secrets.choice(LETTERS) for _ in range(8))
