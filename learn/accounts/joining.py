"""What the Koordination does about joining: invite, withdraw an invitation, accept and decline requests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from learn.accounts import addresses, moving, queries, requests, service, tickets
from learn.accounts.mail import joining as letters
from learn.accounts.models import Identity, JoinRequest, Person, Ticket
from learn.config import Config
from learn.core import audit, clock, jobs, mail, paging
from learn.core.access import NotFound, Refused
from learn.core.letters import absolute
from learn.network import queries as towns
from learn.network.models import Municipality
from learn.network.vocabulary import vocabulary

LASTS = timedelta(days=7)
AT_ONCE = 200  # invitations written in one transaction
REASONS: Mapping[str, str] = {  # why a request is declined; the sentence stands in the mail
    "unbekannt": "Die Kommune kennt Sie unter dieser Adresse nicht.",
    "privat": "Registrieren Sie sich mit Ihrer dienstlichen Adresse.",
    "extern": "Anbieter und Beratungen nehmen am Netzwerk nicht teil.",
    "doppelt": "Sie haben schon ein Konto unter einer anderen Adresse.",
    "kommune": "Ihre Kommune hat nicht zugestimmt.",
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation; without an address it is for a Kommune, and whoever holds the link may use it."""

    id: int
    email: str
    name: str
    municipality: str
    roles: tuple[str, ...]
    created_on: date
    until: datetime


def invite(
    session: Session,
    config: Config,
    *,
    by: str,
    email: str | None,
    name: str = "",
    municipality: str | None = None,
    roles: Collection[str] = (),
    topics: Collection[str] = (),
) -> str:
    """Write an invitation and give its link; a person's is mailed, and replaces an earlier one to her.

    `municipality` is an AGS, `by` the actor for the audit log. Raises Refused.
    """
    wanted = service.known_roles(roles)
    town = service.town_of(session, municipality, wanted)
    data = {
        "email": service.clean_address(email) if email is not None else "",
        "name": service.clean_name(name) if name else "",
        "municipality": town.ags if town else None,
        "roles": wanted,
        "topics": known_topics(session, topics, wanted),
        "by": by,
    }
    if email is None and (town is None or wanted):
        raise Refused("Eine Einladung ohne Adresse gilt für eine Kommune und gibt keine Rollen.")
    if "expert" in wanted:
        service.check_pioneer(session, town.id if town else None)
    link = issue(session, config, data, town.name if town else "")
    audit.record(session, by, "einladung.erstellt", audit.INSTANCE)
    return link


def known_topics(session: Session, topics: Collection[str], roles: Collection[str]) -> list[str]:
    """The topics of a contact. Raises Refused."""
    unknown = set(topics) - vocabulary(session).topics.keys() if topics else set()
    if unknown:
        raise Refused(f"Das Thema „{min(unknown)}“ gibt es nicht.", field="topics")
    if topics and "expert" not in roles:
        raise Refused("Themen hat nur, wer Kontakt ist.", field="topics")
    return sorted(topics)


def issue(
    session: Session, config: Config, data: dict[str, Any], town: str, person_id: int | None = None
) -> str:
    """Write the ticket, mail it where there is an address, and give the link."""
    key = queries.email_key(data["email"])
    if key:
        earlier = (Ticket.kind == tickets.INVITATION) & (Ticket.email_key == key)
        session.execute(delete(Ticket).where(earlier))
    token = tickets.issue(session, tickets.INVITATION, LASTS, person_id=person_id, email_key=key, data=data)
    if key:
        ends = clock.now() + LASTS
        letter = letters.invitation(
            config, data["email"], town=town, roles=data["roles"], token=token, ends=ends
        )
        mail.send(session, letter)
    return absolute(config, f"/einladung/{token}")


def invite_person(session: Session, config: Config, person_id: int, *, by: str, reason: str = "") -> str:
    """Invite somebody who was imported and has set no password yet; gives the link. Raises Refused."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise NotFound
    if person.password_hash is not None:
        raise Refused("Diese Person hat schon ein Passwort. Sie kann sich anmelden.", status=409)
    link = issue(session, config, own_data(person, by), town_name(session, person), person.id)
    audit.record(session, by, "konto.eingeladen", audit.person(person.id), reason)
    return link


def own_data(person: Person, by: str) -> dict[str, Any]:
    """An invitation that changes neither town nor roles of an account."""
    return {
        "email": person.email,
        "name": person.name,
        "municipality": None,
        "roles": [],
        "topics": [],
        "by": by,
    }


def town_name(session: Session, person: Person) -> str:
    return towns.town_name(session, person.municipality_id)


def invite_imported(session: Session, *, by: str, after: int = 0, up_to: int | None = None) -> None:
    """Ask for invitations to all who have no way to sign in and no open invitation.

    `after` and `up_to` bound the ids of the people, so that an import can invite its own.
    """
    jobs.enqueue(session, "invite_many", by=by, after=after, up_to=up_to)


@jobs.job("invite_many")
def invite_many(work: jobs.Work, *, by: str, after: int, up_to: int | None = None) -> None:
    """Invite some and ask for the next ones in the same transaction; what was invited is not again."""
    with work.database.writing() as session:
        people = session.scalars(uninvited(after, up_to).limit(AT_ONCE)).all()
        for person in people:
            invite_person(session, work.config, person.id, by=by)
        if len(people) == AT_ONCE:
            invite_imported(session, by=by, after=people[-1].id, up_to=up_to)


def uninvited(after: int, up_to: int | None) -> Any:
    """People without password, provider and open invitation, by id."""
    invited = exists().where(
        Ticket.person_id == Person.id,
        Ticket.kind == tickets.INVITATION,
        Ticket.until > clock.now(),
    )
    linked = exists().where(Identity.person_id == Person.id)
    found = select(Person).where(
        Person.id > after, Person.active, Person.password_hash.is_(None), ~invited, ~linked
    )
    return (found if up_to is None else found.where(Person.id <= up_to)).order_by(Person.id)


def open_invitations(session: Session, after: str | None) -> paging.Slice[Invitation]:
    """The invitations nobody has used yet, latest first."""
    valid = select(Ticket).where(Ticket.kind == tickets.INVITATION, Ticket.until > clock.now())
    found = paging.slice_of(session, valid, [Ticket.id], after, descending=True)
    return paging.Slice(described(session, found.rows), found.after)


def described(session: Session, found: Sequence[Ticket]) -> list[Invitation]:
    """Invitations with the names of their towns, or of the towns of the people they are for."""
    keys = {ticket.data["municipality"] for ticket in found}
    names = dict(
        session.execute(select(Municipality.ags, Municipality.name).where(Municipality.ags.in_(keys))).all()
    )
    people = {ticket.person_id for ticket in found if ticket.person_id}
    own = select(Person.id, Municipality.name).join(Municipality).where(Person.id.in_(people))
    homes = dict(session.execute(own).all())
    return [
        Invitation(
            id=ticket.id,
            email=ticket.data["email"],
            name=ticket.data["name"],
            municipality=names.get(ticket.data["municipality"], homes.get(ticket.person_id or 0, "")),
            roles=tuple(ticket.data["roles"]),
            created_on=ticket.created_on,
            until=ticket.until,
        )
        for ticket in found
    ]


def withdraw_invitation(session: Session, ticket_id: int, *, by: str) -> None:
    """Make an open invitation void. Raises Refused when it was used meanwhile."""
    if not tickets.use_up(session, tickets.INVITATION, ticket_id):
        raise Refused("Diese Einladung ist schon angenommen oder abgelaufen.", status=409)
    audit.record(session, by, "einladung.zurueckgezogen", audit.INSTANCE)


def accept(session: Session, request_id: int, *, by: str) -> Person:
    """Do what was asked for and mail her.

    Raises Refused when somebody has decided already, or an account is in the way.
    """
    request = requests.decide(session, request_id)
    if request.kind == requests.ACCOUNT:
        person = create(session, request, by)
    else:
        person = moving.own(session, request.person_id or 0)
        if request.kind == requests.MOVE:
            moving.move(session, person, session.get_one(Municipality, request.municipality_id))
            audit.record(session, by, "konto.kommune", audit.person(person.id))
        else:
            addresses.change(session, person, request.email)
            audit.record(session, by, "konto.adresse", audit.person(person.id))
    requests.tell(session, request.kind, person.id)
    return person


def create(session: Session, request: JoinRequest, by: str) -> Person:
    """The account that was asked for."""
    return service.create_user(
        session,
        by=by,
        email=request.email,
        name=request.name,
        office=request.office,
        password_hash=request.password_hash,
        municipality=session.get_one(Municipality, request.municipality_id).ags,
    )


def decline(session: Session, request_id: int, *, by: str, reason: str) -> None:
    """Say no and mail the sentence of REASONS; the request is gone. Raises Refused."""
    if reason not in REASONS:
        raise Refused("Wählen Sie einen Grund aus der Liste.", field="reason")
    request = requests.decide(session, request_id)
    requests.tell_no(session, request.email, REASONS[reason])
    subject = audit.person(request.person_id) if request.person_id else audit.INSTANCE
    audit.record(session, by, f"anfrage.{request.kind}.abgelehnt", subject, reason)
