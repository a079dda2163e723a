"""Under which name a post stands, for whoever reads it: the one place that names authors."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole
from learn.core.access import Actor
from learn.core.prepared import ask
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor
from learn.network.models import Municipality

GONE = "Ehemaliges Mitglied"
STAFF = "Koordination"
NAMED = "name"
DEMO = "demo:"  # how `origin` of invented posts begins


@dataclass(frozen=True, slots=True)
class Byline:
    """How a post is signed. `name` may be empty: then the town stands alone. `town` is like „Stadt Olpe“.

    `mine`: the reader wrote it herself. `pioneer`: of a pioneer town today.
    """

    name: str
    town: str
    ags: str
    size: str
    pioneer: bool
    mine: bool
    demo: bool

    @property
    def words(self) -> str:
        """„Petra Muster, Stadt Olpe“."""
        return ", ".join(part for part in (self.name, self.town) if part)


def bylines(session: Session, who: Reader, posts: Iterable[Post]) -> dict[int, Byline]:
    """The bylines of some posts by id: one statement."""
    shown = {post.id: post for post in posts}
    if not shown:
        return {}
    return {row.post_id: byline(who.actor, row) for row in ask(session, _of_posts(), {"ids": list(shown)})}


@cache
def _of_posts() -> Select[*tuple[Any, ...]]:
    return authorship().where(Post.id.in_(bindparam("ids", type_=Integer, expanding=True)))


def authorship() -> Select[*tuple[Any, ...]]:
    """The columns that `byline` reads, for each post; callers add conditions and columns."""
    staff = select(PersonRole.role).where(PersonRole.person_id == Person.id, PersonRole.role == "coordinator")
    found: Select[*tuple[Any, ...]] = (
        select(
            Post.id.label("post_id"),
            Post.attribution,
            Post.by_name,
            Post.origin,
            Post.size,
            Person.id.label("person_id"),
            Person.name,
            Person.office,
            Person.name_public,
            Municipality.name.label("town"),
            Municipality.kind.label("town_kind"),
            Municipality.ags,
            Municipality.role.label("town_role"),
            staff.exists().label("staff"),
        )
        .outerjoin(PostAuthor, PostAuthor.post_id == Post.id)
        .outerjoin(Person, Person.id == PostAuthor.person_id)
        .outerjoin(Municipality, Municipality.id == Post.municipality_id)
    )
    return found


def byline(actor: Actor, row: Any) -> Byline:
    """The byline of a row of `authorship` for a reader."""
    return Byline(
        name=_name(actor, row),
        town=f"{row.town_kind} {row.town}".strip() if row.town else "",
        ags=row.ags or "",
        size=row.size,
        pioneer=row.town_role == "pionier",
        mine=row.person_id is not None and row.person_id == actor.person_id,
        demo=(row.origin or "").startswith(DEMO),
    )


def _name(actor: Actor, row: Any) -> str:
    """Name or function; visitors see the function unless the person has allowed her name."""
    if row.by_name:
        return str(row.by_name)
    if row.person_id is None:
        return GONE
    if row.attribution == NAMED and (actor.signed_in or row.name_public):
        return str(row.name)
    return str(row.office or ("" if row.town else STAFF if row.staff else "Lernbegleitung"))
