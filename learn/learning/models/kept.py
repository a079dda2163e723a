"""What a person keeps beside lessons for herself: notes, bookmarks, „unklar“, reminders."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Key, Long, Short

BASIS = "Art. 6 Abs. 1 lit. e DSGVO"
OWN = "Bis die Person den Eintrag entfernt, höchstens bis zur Löschung des Kontos"


class Note(Base):
    """A private note; anchor as in content.md section 3 (`slug` and `heading` empty: at the lesson).

    `key` makes a form sent twice one note; `revision` detects edit conflicts.
    """

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index(None, "person_id", "lesson_id"))
    declared: ClassVar = Declaration(
        purpose="Eigene Notizen, nur für die Person selbst",
        basis=BASIS,
        retention=OWN,
        export="Alle Notizen",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[Identity]
    lesson_id: Mapped[Identity]
    edition: Mapped[int]
    slug: Mapped[Short] = mapped_column(default="")
    heading: Mapped[Short] = mapped_column(default="")
    body: Mapped[Long]
    revision: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]


class Bookmark(Base):
    """A place kept: a lesson or one of its headings."""

    __tablename__ = "bookmark"
    __table_args__ = (UniqueConstraint("person_id", "lesson_id", "slug"),)
    declared: ClassVar = Declaration(
        purpose="Gemerkte Stellen, nur für die Person selbst",
        basis=BASIS,
        retention=OWN,
        export="Alle gemerkten Stellen",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[Identity]
    lesson_id: Mapped[Identity]
    edition: Mapped[int]
    slug: Mapped[Short] = mapped_column(default="")
    heading: Mapped[Short] = mapped_column(default="")
    day: Mapped[date]


class UnclearMark(Base):
    """A person found an edition of a lesson unclear; trainers see a number of people, from five on."""

    __tablename__ = "unclear_mark"
    __table_args__ = (UniqueConstraint("person_id", "lesson_id", "edition"), Index(None, "course_id"))
    declared: ClassVar = Declaration(
        purpose="Lektionen verbessern, die vielen unklar sind",
        basis=BASIS,
        retention=OWN,
        export="Alle Markierungen",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[Identity]
    lesson_id: Mapped[Identity]
    edition: Mapped[int]


class Reminder(Base):
    """A reminder its person asked for: `weekday` from 0 (Monday), by mail, calendar (`feed_hash`) or both.

    `sent_for`: Monday of the week whose mail has left, so that a job that runs twice sends one.
    """

    __tablename__ = "reminder"
    declared: ClassVar = Declaration(
        purpose="Höchstens wöchentlich an das Lernen erinnern, nur auf Wunsch der Person",
        basis="Art. 6 Abs. 1 lit. a DSGVO: auf Wunsch der Person",
        retention="Bis die Person die Erinnerung abstellt, höchstens bis zur Löschung des Kontos",
        export="Wochentag und Wege",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int]
    mail: Mapped[bool] = mapped_column(default=False)
    feed_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    sent_for: Mapped[date | None]
