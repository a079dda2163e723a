"""What the account pages hold of a person, and how it leaves: account, roles, ways to sign in, links."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from learn.accounts import audit_queries
from learn.accounts.models import (
    Identity,
    JoinRequest,
    MailChoice,
    Passkey,
    Person,
    PersonRole,
    PersonTopic,
    PersonWord,
    Provider,
    RecoveryCode,
    Ticket,
    TotpSecret,
    TrainerCohort,
)
from learn.core import audit, audit_words, naming
from learn.core.models import AuditEntry
from learn.core.owndata import Found, Owner, erases, erases_by, exports, keeps_back, nothing, remove
from learn.network.models import Cohort, Municipality
from learn.network.topics import topic_name

SECRET = ("password", "secret", "token")  # what links carry under such names is never handed out

erases_by(
    Person.id,
    PersonRole.person_id,
    PersonTopic.person_id,
    TrainerCohort.person_id,
    PersonWord.person_id,
    TotpSecret.person_id,
    RecoveryCode.person_id,
    Passkey.person_id,
    Identity.person_id,
    MailChoice.person_id,
)
keeps_back("Suchwörter der Verwaltung", PersonWord, "Wörter aus Name und Adresse")
nothing("Anmeldedienste der Kommunen", Provider)


def owner_of(person: Person) -> Owner:
    """Whose data, from an account."""
    return Owner(person.id, person.email_key, person.email)


@exports(
    Person,
    "konto",
    "Konto",
    (
        "Nummer",
        "Name",
        "E-Mail-Adresse",
        "Kommune",
        "Funktion",
        "Konto seit",
        "Konto offen",
        "Passwort festgelegt",
        "Als Kontakt genannt",
        "Name öffentlich",
        "Kommune verlassen",
        "Löschung am",
    ),
)
def account(session: Session, owner: Owner) -> Found:
    statement = select(
        Person.id,
        Person.name,
        Person.email,
        Municipality.name,
        Person.office,
        Person.created_on,
        Person.active,
        Person.password_hash.is_not(None),
        Person.listed,
        Person.name_public,
        Person.left_on,
        Person.erase_on,
    )
    joined = statement.outerjoin(Municipality, Municipality.id == Person.municipality_id)
    return session.execute(joined.where(Person.id == owner.person_id))


@exports(PersonRole, "rollen", "Rollen", ("Rolle",))
def roles(session: Session, owner: Owner) -> Found:
    statement = select(PersonRole.role).where(PersonRole.person_id == owner.person_id)
    return session.execute(statement.order_by(PersonRole.role))


@exports(PersonTopic, "themen", "Themen als Kontakt", ("Thema",))
def topics(session: Session, owner: Owner) -> Found:
    statement = select(PersonTopic.topic).where(PersonTopic.person_id == owner.person_id)
    return [(topic_name(topic),) for topic in session.scalars(statement.order_by(PersonTopic.topic))]


@exports(TrainerCohort, "klassen", "Begleitete Klassen", ("Klasse",))
def cohorts(session: Session, owner: Owner) -> Found:
    statement = select(Cohort.name).join(TrainerCohort, TrainerCohort.cohort_id == Cohort.id)
    return session.execute(statement.where(TrainerCohort.person_id == owner.person_id).order_by(Cohort.name))


@exports(
    Ticket, "links", "Offene Links aus E-Mails", ("Art", "Erstellt am", "Gültig bis", "Angaben"), nested=True
)
def links(session: Session, owner: Owner) -> Found:
    """What links will do, but for the secrets they carry."""
    statement = select(Ticket.kind, Ticket.created_on, Ticket.until, Ticket.data)
    for kind, created_on, until, data in session.execute(
        statement.where(of_owner(owner)).order_by(Ticket.id)
    ):
        yield kind, created_on, until, dict(_told(data))


@exports(
    JoinRequest,
    "anfragen",
    "Anfragen an die Koordination",
    ("Art", "Name", "E-Mail-Adresse", "Funktion", "Kommune", "Nachricht", "Gestellt am"),
)
def requests(session: Session, owner: Owner) -> Found:
    statement = select(
        JoinRequest.kind,
        JoinRequest.name,
        JoinRequest.email,
        JoinRequest.office,
        Municipality.name,
        JoinRequest.message,
        JoinRequest.asked_on,
    ).join(Municipality, Municipality.id == JoinRequest.municipality_id)
    return session.execute(statement.where(asked_by(owner)).order_by(JoinRequest.id))


@exports(TotpSecret, "authenticator-app", "Authenticator-App", ("Eingerichtet am", "Bestätigt"))
def authenticator(session: Session, owner: Owner) -> Found:
    statement = select(TotpSecret.added_on, TotpSecret.confirmed)
    return session.execute(statement.where(TotpSecret.person_id == owner.person_id))


@exports(RecoveryCode, "wiederherstellungscodes", "Wiederherstellungscodes", ("Übrig",))
def codes(session: Session, owner: Owner) -> Found:
    number = select(func.count()).where(RecoveryCode.person_id == owner.person_id)
    left = session.execute(number).scalar_one()
    return [(left,)] if left else []


@exports(Passkey, "passkeys", "Passkeys", ("Name", "Eingerichtet am"))
def passkeys(session: Session, owner: Owner) -> Found:
    statement = select(Passkey.name, Passkey.added_on).where(Passkey.person_id == owner.person_id)
    return session.execute(statement.order_by(Passkey.id))


@exports(Identity, "anmeldedienste", "Verknüpfte Anmeldedienste", ("Dienst", "Kennung dort", "Verknüpft am"))
def identities(session: Session, owner: Owner) -> Found:
    statement = select(Provider.name, Identity.subject, Identity.linked_on)
    joined = statement.join(Identity, Identity.provider_id == Provider.id)
    return session.execute(joined.where(Identity.person_id == owner.person_id).order_by(Identity.id))


@exports(MailChoice, "mitteilungen", "Einstellungen zu E-Mails", ("Art", "Rhythmus"))
def mail_choices(session: Session, owner: Owner) -> Found:
    statement = select(MailChoice.kind, MailChoice.rhythm).where(MailChoice.person_id == owner.person_id)
    return session.execute(statement.order_by(MailChoice.kind))


class LogEntry(NamedTuple):
    """What staff did with one's account: when (Europe/Berlin), who in words, what, and why."""

    at: datetime
    who: str
    what: str
    reason: str


@exports(AuditEntry, "protokoll", "Protokoll der Verwaltung", ("Zeitpunkt", "Wer", "Was", "Grund"))
def own_log(session: Session, owner: Owner) -> list[LogEntry]:
    """The entries about a person, the newest first; staff are told by number, never by name."""
    own = audit_words.who(audit.person(owner.person_id))
    found = audit_queries.of_person(session, owner.person_id)
    return [
        LogEntry(entry.at, "Sie selbst" if entry.actor == own else entry.actor, entry.action, entry.reason)
        for entry in reversed(found)
    ]


@erases(Ticket)
def void_links(session: Session, owner: Owner) -> None:
    """Links sent to her, and those of others that name her address."""
    remove(session, Ticket, of_owner(owner))
    remove(session, Ticket, Ticket.id.in_(naming.naming(session, Ticket, Ticket.id, Ticket.data, owner)))


@erases(JoinRequest)
def take_back_requests(session: Session, owner: Owner) -> None:
    remove(session, JoinRequest, asked_by(owner))


def of_owner(owner: Owner) -> ColumnElement[bool]:
    """Links of a person or of an address that has no account yet."""
    return or_(Ticket.person_id == owner.person_id, Ticket.email_key == owner.email_key)


def asked_by(owner: Owner) -> ColumnElement[bool]:
    """The same for requests."""
    return or_(JoinRequest.person_id == owner.person_id, JoinRequest.email_key == owner.email_key)


def _told(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if not name.startswith(SECRET) and value not in (None, "", [], {}):
            yield name, value
