"""Review: comments at lines, the course's steps, choices of the network, links that lead outside."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json, Key, Long, Sha, Short
from learn.core.models import NOTHING_PERSONAL
from learn.workshop.models.copies import BASIS, NAME_STAYS, NAMELESS, TextKey


class ReviewComment(Base):
    """A remark at a line of a text. `excerpt` is that line then: where it has moved, the remark follows."""

    __tablename__ = "review_comment"
    __table_args__ = (Index(None, "key", "id"),)
    declared: ClassVar = Declaration(
        purpose="Anmerkungen zu Entwürfen",
        basis=BASIS,
        retention="Solange der Kurs besteht, erledigte ein Jahr",
        export="Anmerkungen der Person",
        erasure=NAMELESS,
    )

    id: Mapped[Key]
    course_id: Mapped[Identity] = mapped_column(index=True)
    key: Mapped[TextKey]
    line: Mapped[int]
    excerpt: Mapped[Short]
    body: Mapped[Long]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime]
    settled_on: Mapped[date | None]


class CourseStep(Base):
    """A step of a course through review and publishing, for its history.

    `step`: `eingereicht`, `zurueckgegeben`, `freigegeben`, `geplant`, `abgesagt`, `veroeffentlicht`,
    `zurueckgenommen`, `gescheitert`. `release`: number, where the step made or chose one.
    """

    __tablename__ = "course_step"
    declared: ClassVar = Declaration(
        purpose="Freigabe und Veröffentlichung von Kursen nachvollziehen",
        basis=BASIS,
        retention=f"Solange der Kurs besteht; {NAME_STAYS}",
        export="Schritte der Person mit ihren Bemerkungen",
        erasure=NAMELESS,
    )

    id: Mapped[Key]
    course_id: Mapped[Identity] = mapped_column(index=True)
    step: Mapped[str] = mapped_column(String(20))
    note: Mapped[Long] = mapped_column(default="")
    release: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    taken_at: Mapped[datetime]


class NetworkChoice(Base):
    """What the network has decided for all, such as `vier-augen`."""

    __tablename__ = "network_choice"
    declared: ClassVar = Declaration(
        purpose="Entscheidungen des Netzwerks",
        basis=NOTHING_PERSONAL,
        retention="Unbegrenzt",
        export="Entfällt",
        erasure="Entfällt",
    )

    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[Short]


class OutsideLink(Base):
    """An address outside that a published lesson names, and what the last check of it found.

    `state`: `neu`, `gut`, `tot`, `umgezogen`, `unklar`. `uses`: ids of the lessons.
    """

    __tablename__ = "outside_link"
    declared: ClassVar = Declaration(
        purpose="Tote Links in Kursen finden",
        basis=NOTHING_PERSONAL,
        retention="Solange eine veröffentlichte Lektion den Link enthält",
        export="Entfällt",
        erasure="Entfällt",
    )

    sha: Mapped[Sha] = mapped_column(primary_key=True)  # of the address
    address: Mapped[Long]
    state: Mapped[str] = mapped_column(String(10), default="neu")
    note: Mapped[Short] = mapped_column(default="")
    checked_on: Mapped[date | None] = mapped_column(index=True)
    uses: Mapped[list[str]] = mapped_column(Json, default=list)
