"""Writes people: creating, disabling, passwords, roles, sessions. Each ends what it makes untrue."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn.accounts import queries, spelling, tickets, words
from learn.accounts.models import ROLES, Person, PersonRole
from learn.core import audit, clock, sessions
from learn.core.access import Refused
from learn.network import policy
from learn.network.models import Municipality

WITHOUT_TOWN = frozenset({"coordinator", "operator"})
KNOWN = "Zu dieser E-Mail-Adresse gibt es schon ein Konto."


def create_user(
    session: Session,
    *,
    by: str | None,
    email: str,
    name: str,
    password_hash: str | None,
    municipality: str | None = None,
    roles: Collection[str] = (),
    office: str = "",
) -> Person:
    """Add a person; `municipality` is an AGS. Raises Refused.

    `by` is the actor for the audit log; None: she joins by herself, which is nobody else's business.
    The hash comes in ready-made: no hashing while the write lock is held.
    """
    email, name = clean_address(email), clean_name(name)
    town = town_of(session, municipality, roles)
    person = Person(
        email=email,
        email_key=queries.email_key(email),
        name=name,
        office=clean_office(office),
        municipality_id=town.id if town else None,
        password_hash=password_hash,
        created_on=clock.today(),
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as known:
        raise Refused(KNOWN, field="email") from known
    session.add_all(PersonRole(person_id=person.id, role=role) for role in known_roles(roles))
    words.index(session, person.id, person.name, person.email)
    if by is not None:
        audit.record(session, by, "konto.angelegt", audit.person(person.id))
    return person


def describe(
    session: Session, person: Person, *, name: str, office: str, listed: bool, name_public: bool
) -> None:
    """What a person says of herself, and who may see it. Raises Refused."""
    person.name, person.office = clean_name(name), clean_office(office)
    person.listed, person.name_public = listed, name_public
    words.index(session, person.id, person.name, person.email)


def disable_user(session: Session, person: Person, *, by: str, reason: str = "") -> None:
    """Close an account: nothing is deleted, all sessions end at once; she cannot open it again herself."""
    person.active = False
    tickets.withdraw(session, tickets.UNDO_ERASURE, person_id=person.id)
    sessions.close_rows(session, person.id)
    audit.record(session, by, "konto.gesperrt", audit.person(person.id), reason)


def set_password(session: Session, person: Person, password_hash: str, *, by: str) -> None:
    """Store a new hash; all sessions and open links for a new password end at once."""
    person.password_hash = password_hash
    tickets.withdraw(session, tickets.PASSWORD, person_id=person.id)
    sessions.close_rows(session, person.id)
    audit.record(session, by, "konto.passwort", audit.person(person.id))


def set_roles(session: Session, person: Person, roles: Collection[str], *, by: str, reason: str = "") -> None:
    """Give exactly these roles beyond `learner`; all sessions end at once. Raises Refused."""
    wanted = known_roles(roles)
    if person.municipality_id is None and not WITHOUT_TOWN & set(wanted):
        raise Refused("Diese Rolle braucht eine Kommune.", field="municipality")
    session.execute(delete(PersonRole).where(PersonRole.person_id == person.id))
    session.add_all(PersonRole(person_id=person.id, role=role) for role in wanted)
    sessions.close_rows(session, person.id)
    note = f"{reason}: {', '.join(wanted) or 'keine'}" if reason else ", ".join(wanted)
    audit.record(session, by, "konto.rollen", audit.person(person.id), note)


def sign_in(
    session: Session, person_id: int, *, remember: bool, device: str, fresh_hash: str | None = None
) -> str | None:
    """Open a session for a person whose password was checked, and give its token.

    None if she was disabled meanwhile. `fresh_hash`: the same password under newer parameters.
    """
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return None
    if fresh_hash:
        person.password_hash = fresh_hash
    return sessions.open_row(session, person_id, remember=remember, device=device)


def clean_address(email: str) -> str:
    """An address without outer blanks. Raises Refused."""
    email = email.strip()
    if not spelling.is_address(email):
        raise Refused(f"„{email}“ ist keine E-Mail-Adresse.", field="email")
    return email


def clean_name(name: str) -> str:
    """A name without outer blanks. Raises Refused when empty, too long or with control characters."""
    name = spelling.tidy(name)
    if not name or not spelling.is_line(name):
        raise Refused("Geben Sie einen Namen mit höchstens 200 Zeichen an.", field="name")
    return name


def clean_office(office: str) -> str:
    """A function without outer blanks; may be empty. Raises Refused."""
    office = spelling.tidy(office)
    if not spelling.is_line(office):
        raise Refused("Geben Sie die Funktion mit höchstens 200 Zeichen an.", field="office")
    return office


def known_roles(roles: Collection[str]) -> list[str]:
    """The roles to store, without the one everybody has. Raises Refused."""
    for role in roles:
        if role not in ROLES:
            raise Refused(f"Die Rolle „{role}“ gibt es nicht. Möglich sind {', '.join(ROLES)}.", field="role")
    return sorted(set(roles) - {"learner"})


def town_of(session: Session, ags: str | None, roles: Collection[str]) -> Municipality | None:
    """The town with this AGS. Raises Refused where it is unknown, or missing and needed."""
    if not ags:
        if WITHOUT_TOWN & set(roles):
            return None
        raise Refused(
            "Geben Sie die Kommune der Person an. Nur Koordination und Betrieb kommen ohne aus.",
            field="municipality",
        )
    town = session.scalar(select(Municipality).where(Municipality.ags == ags))
    if town is None:
        raise Refused(f"Eine Kommune mit dem Schlüssel {ags} gibt es nicht.", field="municipality")
    return town


def check_pioneer(session: Session, municipality_id: int | None) -> None:
    """Contacts answer for topics of a pioneer town. Raises Refused."""
    town = session.get(Municipality, municipality_id) if municipality_id is not None else None
    if town is None or not policy.may_have_experts(town):
        words = "Kontakte für Themen gibt es nur in Pionierkommunen."
        raise Refused(f"{words} {town.name} ist keine." if town else words, field="roles")
