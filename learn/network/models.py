"""Municipality with its mail domains and topics; Cohort (Klasse) with its towns and courses."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Key, Long, Short

TOWN_DATA = Declaration(
    purpose="Mitgliedskommunen des Netzwerks",
    basis="Keine personenbezogenen Daten",
    retention="Solange die Kommune zum Netzwerk gehört",
    export="Entfällt: gehört zur Kommune, nicht zur Person",
    erasure="Entfällt: gehört zur Kommune, nicht zur Person",
)
COHORT_DATA = Declaration(
    purpose="Klassen: Kommunen, die gemeinsam lernen",
    basis="Keine personenbezogenen Daten",
    retention="Solange es die Klasse gibt",
    export="Entfällt: gehört zur Klasse, nicht zur Person",
    erasure="Entfällt: gehört zur Klasse, nicht zur Person",
)


class Municipality(Base):
    """A member town, identified by its official 8-digit key (AGS)."""

    __tablename__ = "municipality"
    __table_args__ = (Index("ix_municipality_name_ags", "name", "ags"),)
    declared: ClassVar = TOWN_DATA

    id: Mapped[Key]
    ags: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[Short]
    kind: Mapped[Short] = mapped_column(default="")  # Stadt, Gemeinde
    district: Mapped[Short] = mapped_column(default="", index=True)
    district_key: Mapped[str] = mapped_column(String(5), default="")
    population: Mapped[int | None]
    population_day: Mapped[date | None]
    population_verified: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(String(10), default="gast")  # pionier, mitglied, gast
    mailbox: Mapped[Short] = mapped_column(default="")  # Funktionspostfach, public
    phase: Mapped[str] = mapped_column(String(10), default="")  # idee, konzept, vergabe, betrieb, or empty


class MailDomain(Base):
    """A mail domain whose addresses belong to one town, in lower case; never one of a public provider."""

    __tablename__ = "mail_domain"
    declared: ClassVar = TOWN_DATA

    domain: Mapped[Short] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), index=True
    )


class TownTopic(Base):
    """A topic of the controlled vocabulary that a town works on."""

    __tablename__ = "town_topic"
    declared: ClassVar = TOWN_DATA

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[Short] = mapped_column(primary_key=True, index=True)


class Cohort(Base):
    """A Klasse. Whoever holds `link_token` may join with the own town; without one nobody can."""

    __tablename__ = "cohort"
    declared: ClassVar = COHORT_DATA

    id: Mapped[Key]
    name: Mapped[Short] = mapped_column(unique=True)
    description: Mapped[Long] = mapped_column(default="")
    link_token: Mapped[Short | None] = mapped_column(unique=True)
    created_on: Mapped[date]


class CohortTown(Base):
    """A town has joined a Klasse."""

    __tablename__ = "cohort_town"
    declared: ClassVar = COHORT_DATA

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    joined_on: Mapped[date]


class CohortCourse(Base):
    """A course that a Klasse has chosen; `position` orders them."""

    __tablename__ = "cohort_course"
    declared: ClassVar = COHORT_DATA

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
