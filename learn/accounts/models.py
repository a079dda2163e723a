"""Person and PersonRole."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Key, Short

ROLES = ("learner", "expert", "trainer", "coordinator", "operator")


class Person(Base):
    """Someone with an account. `email` is kept as typed, `email_key` case-folded and unique."""

    __tablename__ = "person"
    declared: ClassVar = Declaration(
        purpose="Konto für Lernstand und Austausch",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Alle Angaben außer der Prüfsumme des Passworts",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    email: Mapped[Short]
    email_key: Mapped[Short] = mapped_column(unique=True)
    name: Mapped[Short]
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    password_hash: Mapped[Short | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_on: Mapped[date]


class PersonRole(Base):
    """A role beyond `learner`, which everyone has."""

    __tablename__ = "person_role"
    declared: ClassVar = Declaration(
        purpose="Zuständigkeiten im Netzwerk",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos oder dem Entzug der Rolle",
        export="Liste der Rollen",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
