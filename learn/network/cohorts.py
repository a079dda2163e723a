"""Klassen: who belongs to them, and joining by link. Each change leaves one entry in the audit log."""

import secrets
from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.core import audit, clock
from learn.core.access import Refused
from learn.core.paging import Slice, slice_of
from learn.network.models import Cohort, CohortTown, Municipality

LONGEST_NAME = 200
LONGEST_TEXT = 5000


def cohort(session: Session, cohort_id: int) -> Cohort | None:
    """The Klasse of this number."""
    return session.get(Cohort, cohort_id)


def by_link(session: Session, token: str) -> Cohort | None:
    """The Klasse which this link opens; None once it is closed or another has taken its place."""
    return session.scalar(select(Cohort).where(Cohort.link_token == token))


def held_by_link(session: Session, token: str) -> Cohort | None:
    """The same for who joins: nobody closes the link before her transaction has ended."""
    return session.scalar(select(Cohort).where(Cohort.link_token == token).with_for_update())


def is_member(session: Session, cohort_id: int, municipality_id: int | None) -> bool:
    """Whether a town belongs to a Klasse."""
    return municipality_id is not None and session.get(CohortTown, (cohort_id, municipality_id)) is not None


def cohorts(
    session: Session,
    after: str | None,
    *,
    municipality_id: int | None = None,
    accompanied: Collection[int] | None = (),
) -> Slice[Cohort]:
    """The Klassen of a town and those of these numbers (None: all), by name, 25 at a time."""
    statement = select(Cohort)
    if accompanied is not None:
        mine = select(CohortTown.cohort_id).where(CohortTown.municipality_id == municipality_id)
        statement = statement.where(Cohort.id.in_(mine) | Cohort.id.in_(accompanied))
    return slice_of(session, statement, [Cohort.name], after)


def of_town(session: Session, municipality_id: int) -> list[Cohort]:
    """The Klassen of a town by name."""
    mine = select(CohortTown.cohort_id).where(CohortTown.municipality_id == municipality_id)
    return list(session.scalars(select(Cohort).where(Cohort.id.in_(mine)).order_by(Cohort.name)))


def own_ids(session: Session, municipality_id: int | None) -> frozenset[int]:
    """The numbers of a town's Klassen; none without a town."""
    if municipality_id is None:
        return frozenset()
    mine = select(CohortTown.cohort_id).where(CohortTown.municipality_id == municipality_id)
    return frozenset(session.scalars(mine))


def members(session: Session, cohort_id: int, after: str | None) -> Slice[Municipality]:
    """The towns of a Klasse by name, 25 at a time."""
    inside = select(CohortTown.municipality_id).where(CohortTown.cohort_id == cohort_id)
    statement = select(Municipality).where(Municipality.id.in_(inside))
    return slice_of(session, statement, [Municipality.sort, Municipality.ags], after)


def inside(session: Session, cohort_id: int, municipality_ids: Collection[int]) -> frozenset[int]:
    """Which of these towns belong to a Klasse."""
    statement = select(CohortTown.municipality_id).where(
        CohortTown.cohort_id == cohort_id, CohortTown.municipality_id.in_(municipality_ids)
    )
    return frozenset(session.scalars(statement))


def sizes(session: Session, cohort_ids: Collection[int]) -> dict[int, int]:
    """How many towns each Klasse has."""
    statement = (
        select(CohortTown.cohort_id, func.count())
        .where(CohortTown.cohort_id.in_(cohort_ids))
        .group_by(CohortTown.cohort_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def subject(cohort_id: int) -> str:
    """The Klasse in the audit log."""
    return f"klasse:{cohort_id}"


def create(session: Session, name: str, description: str, *, by: str) -> Cohort:
    """A new Klasse, without towns, its link closed. Raises Refused."""
    made = Cohort(name=_name(name), description=_text(description), created_on=clock.today())
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as known:
        raise _name_taken() from known
    audit.record(session, by, "klasse.angelegt", subject(made.id))
    return made


def describe(session: Session, found: Cohort, name: str, description: str, *, by: str) -> bool:
    """Give a Klasse another name or description; False when nothing differs. Raises Refused."""
    name, description = _name(name), _text(description)
    if (found.name, found.description) == (name, description):
        return False
    try:
        with session.begin_nested():
            found.name, found.description = name, description
    except IntegrityError as known:
        raise _name_taken() from known
    audit.record(session, by, "klasse.geaendert", subject(found.id))
    return True


def open_link(session: Session, found: Cohort, *, by: str) -> None:
    """Draw a link to join; an earlier one ends."""
    action = "klasse.link_erneuert" if found.link_token else "klasse.link_geoeffnet"
    found.link_token = secrets.token_urlsafe(24)
    audit.record(session, by, action, subject(found.id))


def close_link(session: Session, found: Cohort, *, by: str) -> None:
    """Nobody joins by link any more; who has joined stays."""
    if found.link_token is not None:
        found.link_token = None
        audit.record(session, by, "klasse.link_geschlossen", subject(found.id))


def join(session: Session, found: Cohort, town: Municipality, *, by: str) -> bool:
    """Bring a town into a Klasse; False when it belongs to it already."""
    try:
        with session.begin_nested():
            session.add(CohortTown(cohort_id=found.id, municipality_id=town.id, joined_on=clock.today()))
    except IntegrityError:
        return False
    audit.record(session, by, "klasse.beigetreten", subject(found.id), f"kommune:{town.ags}")
    return True


def leave(session: Session, found: Cohort, town: Municipality, *, by: str) -> bool:
    """Take a town out of a Klasse; False when it does not belong to it."""
    inside = CohortTown.cohort_id == found.id, CohortTown.municipality_id == town.id
    gone = session.execute(delete(CohortTown).where(*inside).returning(CohortTown.cohort_id)).first()
    if gone is not None:
        audit.record(session, by, "klasse.verlassen", subject(found.id), f"kommune:{town.ags}")
    return gone is not None


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Geben Sie einen Namen mit höchstens {LONGEST_NAME} Zeichen an.", field="name")
    return name


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise Refused("Kürzen Sie die Beschreibung auf 5.000 Zeichen.", field="description")
    return text


def _name_taken() -> Refused:
    return Refused("Eine Klasse mit diesem Namen gibt es schon. Wählen Sie einen anderen.", field="name")
