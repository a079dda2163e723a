"""Requests to the Koordination as she reads them: who asks for what, whether the address speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.accounts.models import JoinRequest, Person
from learn.core.paging import Slice, slice_of
from learn.network import domains
from learn.network.models import MailDomain, Municipality


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open request. `kind` is one of `requests`; `former` the town that a person now belongs to.

    `domain_of` names the town that lists the domain of the address; `can_list` says whether `town` may.
    """

    id: int
    kind: str
    name: str
    email: str
    office: str
    message: str
    asked_on: date
    town: str
    ags: str
    person_id: int | None
    former: str
    domain: str
    domain_of: str
    can_list: bool


def number(session: Session) -> int:
    """How many requests are open."""
    return session.scalar(select(func.count()).select_from(JoinRequest)) or 0


def waiting(session: Session, after: str | None) -> Slice[Waiting]:
    """The open requests, oldest first."""
    found = slice_of(session, select(JoinRequest), [JoinRequest.id], after)
    return Slice(_described(session, found.rows), found.after)


def one(session: Session, request_id: int) -> Waiting | None:
    """The open request of this number."""
    found = session.get(JoinRequest, request_id)
    return _described(session, [found])[0] if found else None


def _described(session: Session, found: Sequence[JoinRequest]) -> list[Waiting]:
    wanted = {request.municipality_id for request in found}
    towns = {
        town.id: town for town in session.scalars(select(Municipality).where(Municipality.id.in_(wanted)))
    }
    people = {request.person_id for request in found if request.person_id}
    former = dict(
        session.execute(
            select(Person.id, Municipality.name).join(Municipality).where(Person.id.in_(people))
        ).all()
    )
    listed = _listed(session, {domains.domain_of(request.email) for request in found})
    return [_one(request, towns[request.municipality_id], former, listed) for request in found]


def _one(request: JoinRequest, town: Municipality, former: dict[int, str], listed: dict[str, str]) -> Waiting:
    domain = domains.domain_of(request.email)
    owner = listed.get(domain, "")
    return Waiting(
        id=request.id,
        kind=request.kind,
        name=request.name,
        email=request.email,
        office=request.office,
        message=request.message,
        asked_on=request.asked_on,
        town=town.name,
        ags=town.ags,
        person_id=request.person_id,
        former=former.get(request.person_id or 0, ""),
        domain=domain,
        domain_of=owner,
        can_list=not owner and not domains.problem(domain),
    )


def _listed(session: Session, found: set[str]) -> dict[str, str]:
    """The towns that list these domains, by domain."""
    statement = (
        select(MailDomain.domain, Municipality.name)
        .join(Municipality, Municipality.id == MailDomain.municipality_id)
        .where(MailDomain.domain.in_(found))
    )
    return {row.domain: row.name for row in session.execute(statement)}
