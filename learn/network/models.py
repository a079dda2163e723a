"""Municipality with its mail domains, topics and words; Cohort (Klasse) with its towns and courses; Topic."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from learn.core.db import Base, Bytewise, Declaration, Identity, Key, Long, Short
from learn.core.folding import fold
from learn.network.sizes import size_key

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
VOCABULARY = Declaration(
    purpose="Gemeinsame Themen für Kurse, Forum und Vokabelheft",
    basis="Keine personenbezogenen Daten",
    retention="Unbegrenzt",
    export="Entfällt: gehört zum Netzwerk, nicht zur Person",
    erasure="Entfällt: gehört zum Netzwerk, nicht zur Person",
)


class Topic(Base):
    """A word of the controlled vocabulary; a proposal until `accepted`, invisible meanwhile."""

    __tablename__ = "topic"
    declared: ClassVar = VOCABULARY

    slug: Mapped[Short] = mapped_column(primary_key=True)
    name: Mapped[Short]
    parent: Mapped[Short | None]
    position: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[bool] = mapped_column(default=True)


class TopicSynonym(Base):
    """Another word for a topic; leads to it in fields, search and addresses. `word` is `written`, folded."""

    __tablename__ = "topic_synonym"
    declared: ClassVar = VOCABULARY

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    written: Mapped[Short]
    topic: Mapped[Short] = mapped_column(ForeignKey("topic.slug", ondelete="CASCADE"), index=True)


class Municipality(Base):
    """A member town, identified by its official 8-digit key (AGS).

    `sort` follows `name` and `size` follows `population`: the list is ordered and filtered by them. Each
    index serves one combination of filters in the order of the list, however many towns there are.
    """

    __tablename__ = "municipality"
    __table_args__ = (
        Index("ix_municipality_name_ags", "name", "ags"),
        Index("ix_municipality_list", "district", "sort", "ags"),
        Index("ix_municipality_role", "role", "district", "sort", "ags"),
        Index("ix_municipality_size", "size", "district", "sort", "ags"),
        Index("ix_municipality_role_size", "role", "size", "district", "sort", "ags"),
    )
    declared: ClassVar = TOWN_DATA

    id: Mapped[Key]
    ags: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[Short]
    sort: Mapped[str] = mapped_column(Bytewise, default="")  # the folded name
    kind: Mapped[Short] = mapped_column(default="")  # Stadt, Gemeinde
    district: Mapped[Short] = mapped_column(default="")
    district_key: Mapped[str] = mapped_column(String(5), default="")
    population: Mapped[int | None]
    population_day: Mapped[date | None]
    population_verified: Mapped[bool] = mapped_column(default=False)
    size: Mapped[str] = mapped_column(String(10), default="")  # its class: 5000, …, mehr, or empty
    role: Mapped[str] = mapped_column(String(10), default="gast")  # pionier, mitglied, gast
    mailbox: Mapped[Short] = mapped_column(default="")  # Funktionspostfach, public
    phase: Mapped[str] = mapped_column(String(10), default="")  # idee, konzept, vergabe, betrieb, or empty

    @validates("name")
    def _sort_by(self, _field: str, name: str) -> str:
        self.sort = fold(name)[:200]
        return name

    @validates("population")
    def _class_by(self, _field: str, population: int | None) -> int | None:
        self.size = size_key(population)
        return population


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


class TownWord(Base):
    """An ending of a word of a town's name, folded, or its key: what begins one of them finds the town."""

    __tablename__ = "town_word"
    __table_args__ = (Index("ix_town_word_municipality_id_word", "municipality_id", "word"),)
    declared: ClassVar = TOWN_DATA

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True
    )


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
