"""Nachweise as issued, the positions by which they are revoked, and the keys that sign them."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json, Key, Long, Short


class Certificate(Base):
    """A Nachweis as issued on request: one per person and completion (`release_id`, `edition`) of a course.

    `code` (128 random bits) is its public address, `position` its place in the revocation list. `sheet`
    holds what the course said then: title, outcome, minutes, modules and lessons, town. `named`: the public
    check says the name. `kept`: the check outlives the account; `person_id` is null from then on.
    `credential`: the Open Badge as signed, empty until it is asked for.
    """

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("person_id", "course_id", "edition"),)
    declared: ClassVar = Declaration(
        purpose="Nachweis, den die Person für sich ausstellen ließ",
        basis="Art. 6 Abs. 1 lit. a DSGVO: auf Wunsch der Person",
        retention="Bis die Person ihn zurückzieht, höchstens bis zur Löschung des Kontos; auf Wunsch länger",
        export="Alle Angaben des Nachweises",
        erasure="Gelöscht und widerrufen, außer die Person wollte die Prüfseite behalten",
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    course_id: Mapped[Identity]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    edition: Mapped[int]
    name: Mapped[Short]
    sheet: Mapped[dict[str, Any]] = mapped_column(Json)
    completed_on: Mapped[date]
    issued_on: Mapped[date]
    named: Mapped[bool]
    kept: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(ForeignKey("certificate_status.position"), unique=True)
    credential: Mapped[Long] = mapped_column(default="")


class CertificateStatus(Base):
    """A position in the revocation list that is taken; it names nobody and stays when the Nachweis goes."""

    __tablename__ = "certificate_status"
    declared: ClassVar = Declaration(
        purpose="Zurückgezogene Nachweise als ungültig erkennen lassen",
        basis="Keine personenbezogenen Daten: eine Nummer ohne Bezug",
        retention="Unbegrenzt, damit ein zurückgezogener Nachweis ungültig bleibt",
        export="Entfällt",
        erasure="Entfällt",
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revoked: Mapped[bool] = mapped_column(default=False)


class SigningKey(Base):
    """A key that signs badges; `private` is sealed. A retired one still verifies what it signed."""

    __tablename__ = "signing_key"
    declared: ClassVar = Declaration(
        purpose="Nachweise unterschreiben",
        basis="Keine personenbezogenen Daten",
        retention="Unbegrenzt, damit ältere Nachweise prüfbar bleiben",
        export="Entfällt",
        erasure="Entfällt",
    )

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    algorithm: Mapped[str] = mapped_column(String(10))
    private: Mapped[Long]
    public: Mapped[dict[str, Any]] = mapped_column(Json)
    made_on: Mapped[date]
    retired_on: Mapped[date | None]
