"""People: accounts, roles, ways to sign in, links sent to them, requests, choices about mail."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Bytewise, Declaration, Json, Key, Long, Sha, Short

ROLES = ("learner", "expert", "trainer", "coordinator", "operator")


def _only(name: str, sqlite: str, postgresql: str = "") -> Index:
    """An index over the names of those people alone whom a list of the desk asks for."""
    return Index(name, "name", "id", sqlite_where=text(sqlite), postgresql_where=text(postgresql or sqlite))


class Person(Base):
    """Someone with an account. `email` is kept as typed, `email_key` case-folded and unique.

    Not `active`: disabled by staff, or closed by herself and erased after `erase_on`. Ids never return.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_name_id", "name", "id"),
        Index("ix_person_listed", "municipality_id", "listed"),
        Index("ix_person_municipality_id_name_id", "municipality_id", "name", "id"),
        _only("ix_person_disabled", "active = 0", "NOT active"),
        _only("ix_person_closed", "erase_on IS NOT NULL"),
        _only("ix_person_no_password", "password_hash IS NULL"),
        {"sqlite_autoincrement": True},
    )
    declared: ClassVar = Declaration(
        purpose="Konto für Lernstand und Austausch",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos; ohne Kommune höchstens ein Jahr und 30 Tage",
        export="Alle Angaben außer der Prüfsumme des Passworts",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    email: Mapped[Short]
    email_key: Mapped[Short] = mapped_column(unique=True)
    name: Mapped[Short]
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    password_hash: Mapped[Short | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_on: Mapped[date]
    office: Mapped[Short] = mapped_column(default="")  # function, "Digitalisierung"
    listed: Mapped[bool] = mapped_column(default=False)  # as contact on the pages of her town and Klasse
    name_public: Mapped[bool] = mapped_column(default=False)  # visitors see her name, else her function
    left_on: Mapped[date | None]  # left her town; without a new one the account ends a year later
    erase_on: Mapped[date | None] = mapped_column(index=True)  # closed; erased on this day


class PersonRole(Base):
    """A role beyond `learner`, which everyone has."""

    __tablename__ = "person_role"
    __table_args__ = (Index("ix_person_role_role_person_id", "role", "person_id"),)
    declared: ClassVar = Declaration(
        purpose="Zuständigkeiten im Netzwerk",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zum Entzug der Rolle, höchstens bis zur Löschung des Kontos",
        export="Liste der Rollen",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class PersonTopic(Base):
    """A topic that an expert answers for."""

    __tablename__ = "person_topic"
    declared: ClassVar = Declaration(
        purpose="Themen, für die eine Kontaktperson zuständig ist",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zum Entzug der Rolle, höchstens bis zur Löschung des Kontos",
        export="Liste der Themen",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Short] = mapped_column(primary_key=True, index=True)


class TrainerCohort(Base):
    """A Klasse to which a trainer is limited; without any she accompanies all."""

    __tablename__ = "trainer_cohort"
    declared: ClassVar = Declaration(
        purpose="Klassen, die eine Lernbegleitung begleitet",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zum Entzug der Rolle, höchstens bis zur Löschung des Kontos",
        export="Liste der Klassen",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(
        ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PersonWord(Base):
    """The words of a person's name and address, folded, by which the Koordination finds her."""

    __tablename__ = "person_word"
    __table_args__ = (Index("ix_person_word_person_id_word", "person_id", "word"),)
    declared: ClassVar = Declaration(
        purpose="Suche nach Personen in der Verwaltung",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Keine Ausgabe: nur die Wörter von Name und Adresse",
        erasure="Gelöscht",
    )

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class Ticket(Base):
    """A link that was sent: counts once, until its end; only the hash of its token is kept.

    `data` holds what the link will do, such as name and password hash of a registration.
    """

    __tablename__ = "ticket"
    declared: ClassVar = Declaration(
        purpose="Links in E-Mails: Einladung, bestätigte Adresse, neues Passwort, rückgängige Löschung",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis der Link benutzt wird, höchstens 7 Tage, bei einer Löschung bis zu 30",
        export="Art, Ablauf und Angaben offener Links, ohne die Links selbst",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20), index=True)
    token_hash: Mapped[Sha] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    email_key: Mapped[Short] = mapped_column(default="", index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    created_on: Mapped[date]
    until: Mapped[datetime] = mapped_column(index=True)


class JoinRequest(Base):
    """Someone with a confirmed address asks the Koordination: for an account, another town or address."""

    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("kind", "email_key"),)
    declared: ClassVar = Declaration(
        purpose="Anfragen an die Koordination: Konto anlegen, Kommune oder Adresse wechseln",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Entscheidung, höchstens 90 Tage",
        export="Eigene offene Anfragen außer der Prüfsumme des Passworts",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))  # konto, wechsel, adresse
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    email: Mapped[Short]
    email_key: Mapped[Short]
    name: Mapped[Short]
    office: Mapped[Short] = mapped_column(default="")
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    message: Mapped[Long] = mapped_column(default="")
    password_hash: Mapped[Short | None]
    asked_on: Mapped[date] = mapped_column(index=True)


class TotpSecret(Base):
    """The secret of an authenticator app, sealed; it counts once a first code has proven it."""

    __tablename__ = "totp_secret"
    declared: ClassVar = Declaration(
        purpose="Zweiter Faktor beim Anmelden",
        basis="Art. 6 Abs. 1 lit. e, Art. 32 DSGVO",
        retention="Bis die Person ihn entfernt, höchstens bis zur Löschung des Kontos",
        export="Ob und seit wann eingerichtet; das Geheimnis nicht",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[Long]
    confirmed: Mapped[bool] = mapped_column(default=False)
    added_on: Mapped[date]


class RecoveryCode(Base):
    """A code that stands in once for the authenticator app; only its hash."""

    __tablename__ = "recovery_code"
    declared: ClassVar = Declaration(
        purpose="Ersatz für den zweiten Faktor",
        basis="Art. 6 Abs. 1 lit. e, Art. 32 DSGVO",
        retention="Bis er benutzt oder ersetzt wird, höchstens bis zur Löschung des Kontos",
        export="Anzahl der übrigen Codes",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[Sha] = mapped_column(primary_key=True)


class Passkey(Base):
    """A passkey. Its counter of uses is not kept: it would tell how often somebody signs in."""

    __tablename__ = "passkey"
    declared: ClassVar = Declaration(
        purpose="Anmelden ohne Passwort",
        basis="Art. 6 Abs. 1 lit. e, Art. 32 DSGVO",
        retention="Bis die Person ihn entfernt, höchstens bis zur Löschung des Kontos",
        export="Name und Tag des Einrichtens",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_hash: Mapped[Sha] = mapped_column(unique=True)
    credential_id: Mapped[Long]  # base64url
    public_key: Mapped[Long]  # base64url
    name: Mapped[Short]
    added_on: Mapped[date]


class Provider(Base):
    """A town's own OpenID Connect provider. It speaks for addresses under the town's mail domains only."""

    __tablename__ = "provider"
    declared: ClassVar = Declaration(
        purpose="Anmeldedienste der Kommunen",
        basis="Keine personenbezogenen Daten",
        retention="Solange die Kommune ihn nutzt",
        export="Entfällt: gehört zur Kommune, nicht zur Person",
        erasure="Entfällt: gehört zur Kommune, nicht zur Person",
    )

    id: Mapped[Key]
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[Short]
    issuer: Mapped[Short]
    client_id: Mapped[Short]
    client_secret: Mapped[Long]  # sealed
    group_claim: Mapped[Short] = mapped_column(default="groups")
    required_group: Mapped[Short] = mapped_column(default="")  # empty: everyone of the town
    group_roles: Mapped[dict[str, Any]] = mapped_column(Json)  # group -> expert or trainer
    active: Mapped[bool] = mapped_column(default=True)


class Identity(Base):
    """Who a provider's subject is here."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("provider_id", "subject"),
        UniqueConstraint("provider_id", "person_id"),
    )
    declared: ClassVar = Declaration(
        purpose="Anmelden über den Anmeldedienst der eigenen Kommune",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis die Person die Verknüpfung löst, höchstens bis zur Löschung des Kontos",
        export="Anmeldedienst, Kennung dort, Tag der Verknüpfung",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"))
    subject: Mapped[Short]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    linked_on: Mapped[date]


class MailChoice(Base):
    """How often a person wants mail of one kind; without a row the kind's preset holds."""

    __tablename__ = "mail_choice"
    declared: ClassVar = Declaration(
        purpose="Einstellungen zu E-Mails",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Alle Einstellungen",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    rhythm: Mapped[str] = mapped_column(String(12))  # sofort, taeglich, nie
