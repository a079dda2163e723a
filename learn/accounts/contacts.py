"""People who agreed to be shown: contacts of a town and of a Klasse, and those who accompany a Klasse."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonRole, PersonTopic, TrainerCohort
from learn.core.access import Actor, trainer

MOST = 50  # of one page; a town has a handful
TOPICS_OF = (
    select(func.aggregate_strings(PersonTopic.topic, ","))
    .where(PersonTopic.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
)
SHOWN = (  # no address and no id: nothing else of a person leaves this module
    Person.name,
    Person.office,
    Person.name_public,
    Person.municipality_id,
    TOPICS_OF.label("topics"),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who agreed to be listed. Visitors see `office` unless `name_public`."""

    name: str
    office: str
    name_public: bool
    municipality_id: int | None
    topics: tuple[str, ...]

    def named(self, actor: Actor) -> str:
        """Her name where this actor may read it, else nothing."""
        return self.name if actor.signed_in or self.name_public else ""


def experts(session: Session, municipality_id: int) -> tuple[Contact, ...]:
    """The contacts of a town with the topics they answer for: one statement."""
    has_role = _has_role("expert")
    return _contacts(session, _listed().where(Person.municipality_id == municipality_id, has_role))


def listed_in(session: Session, municipality_ids: Collection[int]) -> tuple[Contact, ...]:
    """Everybody of these towns who agreed, whatever her role: one statement."""
    if not municipality_ids:
        return ()
    return _contacts(session, _listed().where(Person.municipality_id.in_(municipality_ids)))


def trainers(session: Session, cohort_id: int) -> tuple[Contact, ...]:
    """Trainers who accompany a Klasse and agreed to be listed: one statement."""
    mine = _limits().where(TrainerCohort.cohort_id == cohort_id).exists()
    accompanies = or_(~_limits().exists(), mine)
    role = select(PersonRole.person_id).where(PersonRole.role == "trainer")
    return _contacts(session, _listed().where(Person.id.in_(role), accompanies))


def accompanied(session: Session, actor: Actor) -> frozenset[int] | None:
    """Ids of the Klassen to which a trainer is limited; None: she accompanies all. No one else has any."""
    if not trainer(actor):
        return frozenset()
    statement = select(TrainerCohort.cohort_id).where(TrainerCohort.person_id == actor.owner)
    return frozenset(session.scalars(statement)) or None


def _listed() -> Select[*tuple[Any, ...]]:
    return select(*SHOWN).where(Person.listed, Person.active, Person.erase_on.is_(None))


def _has_role(role: str) -> Any:
    return select(PersonRole.role).where(PersonRole.person_id == Person.id, PersonRole.role == role).exists()


def _limits() -> Select[int]:
    return select(TrainerCohort.cohort_id).where(TrainerCohort.person_id == Person.id).correlate(Person)


def _contacts(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[Contact, ...]:
    rows: Iterable[Any] = session.execute(statement.order_by(Person.name, Person.id).limit(MOST))
    return tuple(
        Contact(
            name=row.name,
            office=row.office,
            name_public=row.name_public,
            municipality_id=row.municipality_id,
            topics=tuple(sorted(row.topics.split(","))) if row.topics else (),
        )
        for row in rows
    )
