"""Pictures that others than releases name: they stay in the storage, and some may see them before the rest.

A package above registers itself; publishing, removal, backup and `/medien/` then know its pictures.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.orm import Session

from learn.core.access import Actor


@dataclass(frozen=True, slots=True)
class Holder:
    """Who names pictures by the hash of their bytes.

    `named`: whether a row names this hash. `keys`: what the storage holds for its rows. `seen`: whether
    this person may see the picture of this hash and extension although no release shows it.
    """

    named: Callable[[str], ColumnElement[bool]]
    keys: Callable[[Connection], Iterable[str]]
    seen: Callable[[Session, Actor, str, str], bool]


HOLDERS: list[Holder] = []


def named(sha: str) -> list[ColumnElement[bool]]:
    """Whether somebody names the picture, one condition for each holder."""
    return [holder.named(sha) for holder in HOLDERS]


def seen(session: Session, actor: Actor, sha: str, ext: str) -> bool:
    """Whether this person may see a picture that no release shows."""
    return any(holder.seen(session, actor, sha, ext) for holder in HOLDERS)
