"""Who may read a question: the one predicate, as SQL and for a single row, over the circle it stands in.

Every list, count, feed, search, mail and picture asks here; no other module knows levels.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, cast, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.selectable import Select

from learn.accounts.models import TrainerCohort
from learn.core.access import Actor, coordinator, trainer
from learn.core.prepared import ask, one_of
from learn.forum.models import Question
from learn.network.models import Cohort, CohortTown, Municipality

PUBLIC, NETWORK, COHORT = "oeffentlich", "netzwerk", "klasse"
LEVELS = (PUBLIC, NETWORK, COHORT)
PERSON: Any = bindparam("person", type_=Integer)
TOWN: Any = bindparam("town", type_=Integer)
MEMBERS = ("pionier", "mitglied")  # towns whose people read „Netzwerk“ and the Klassen of their town


@dataclass(frozen=True, slots=True)
class Reader:
    """An actor with the circles she reads; None: all of them. `member`: of a `pionier` or `mitglied` town.

    `accompanied`: those of the circles that are Klassen which she accompanies as a trainer.
    """

    actor: Actor
    circles: tuple[str, ...] | None
    member: bool = False
    accompanied: frozenset[str] = frozenset()

    def reads(self, circle: str) -> bool:
        """Whether she may read what stands in a circle; nothing stands in the empty one."""
        return bool(circle) and (self.circles is None or circle in self.circles)


def reader(session: Session, actor: Actor) -> Reader:
    """The circles of an actor: one statement, none for visitors and the Koordination."""
    if not actor.signed_in:
        return Reader(actor, (PUBLIC,))
    if coordinator(actor):
        return Reader(actor, None, member=True)
    rows = ask(session, _circles(*_who(alike(actor))), numbers(actor))
    found = [(circle, bool(mine)) for circle, mine in rows]
    circles = {circle for circle, _mine in found}
    accompanied = frozenset(circle for circle, mine in found if mine)
    return Reader(actor, (PUBLIC, *sorted(circles)), NETWORK in circles, accompanied)


def alike(actor: Actor) -> Actor:
    """The actor of a statement that serves all with her roles: it asks for the `numbers` of each."""
    roles = actor.roles & {"coordinator", "trainer"}
    return Actor(person_id=PERSON, municipality_id=TOWN, roles=roles) if actor.signed_in else actor


def numbers(actor: Actor) -> dict[str, int | None]:
    """What statements for actors that are alike are asked with."""
    return {"person": actor.person_id, "town": actor.municipality_id}


def visible(who: Reader, listed: InstrumentedAttribute[str] = Question.listed) -> ColumnElement[bool]:
    """What she may read of what is shown; `listed` is the column that names the circle."""
    return within(who.circles, listed)


def readable(actor: Actor, circle: InstrumentedAttribute[str] = Question.listed) -> ColumnElement[bool]:
    """What an actor may read, for a statement that has to find out her circles by itself."""
    if not actor.signed_in:
        return circle == PUBLIC
    if coordinator(actor):
        return circle != ""
    return (circle == PUBLIC) | circle.in_(_names(*_who(actor)))


def within(circles: Collection[str] | None, listed: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Rows that stand in one of these circles; None: in any. Hidden ones stand in none."""
    return listed != "" if circles is None else one_of(listed, circles)


def circle_of(level: str, cohort_id: int | None) -> str:
    """The circle of a level; a Klasse is named by its number."""
    return f"{COHORT}:{cohort_id}" if level == COHORT else level


def narrower(inner: str, outer: str) -> bool:
    """Whether everybody who reads `inner` reads `outer`, too; equal circles do."""
    if outer in {inner, PUBLIC}:
        return True
    return outer == NETWORK and inner.startswith(COHORT)


def _who(actor: Actor) -> tuple[int | None, int | None, bool]:
    """All that decides over an actor's circles."""
    return actor.person_id, actor.municipality_id, trainer(actor)


@lru_cache(maxsize=64)
def _names(person_id: int | None, municipality_id: int | None, accompanies: bool) -> Select[Any]:
    """The circles alone."""
    return select(_circles(person_id, municipality_id, accompanies).subquery().c[0])


@lru_cache(maxsize=64)
def _circles(person_id: int | None, municipality_id: int | None, accompanies: bool) -> Select[Any]:
    """Netzwerk and the town's Klassen for people of member towns; for trainers what they accompany: 1."""
    member = (Municipality.id == municipality_id) & one_of(Municipality.role, MEMBERS)
    parts = [
        select(literal(NETWORK), literal(0)).select_from(Municipality).where(member),
        select(_named(CohortTown.cohort_id), literal(0))
        .join(Municipality, Municipality.id == CohortTown.municipality_id)
        .where(member),
    ]
    if accompanies:
        mine = select(TrainerCohort.cohort_id).where(TrainerCohort.person_id == person_id)
        limited = mine.exists()
        parts.append(select(_named(Cohort.id), literal(1)).where(~limited | Cohort.id.in_(mine)))
    found = union_all(*parts).subquery()
    return select(found.c[0], found.c[1])


def _named(cohort_id: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal(f"{COHORT}:") + cast(cohort_id, String)
