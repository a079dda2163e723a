"""Enrolment, the append-only progress log, open attempts at a final test, and saved Fahrpläne."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json, Key, Short


class Enrolment(Base):
    """A person has begun a course; `release_id` is the release current then."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)
    declared: ClassVar = Declaration(
        purpose="Eigener Lernstand, nur für die Person selbst",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Kurs und Tag des Beginns",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    day: Mapped[date]


class ProgressEntry(Base):
    """One event of the append-only log; `pass` counts the earlier `reopened` rows of that object.

    `object_id`: `les_…` a lesson, `les_…/liste` an exercise, `kur_…/test`, `kur_…` the course.
    """

    __tablename__ = "progress_entry"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "object_id", "edition", "event", "pass"),
        UniqueConstraint("enrolment_id", "request_id"),
    )
    declared: ClassVar = Declaration(
        purpose="Eigener Lernstand, nur für die Person selbst",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Alle Zeilen",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    object_id: Mapped[str] = mapped_column(String(200))
    edition: Mapped[int]
    event: Mapped[str] = mapped_column(String(10))  # done, reopened
    pass_: Mapped[int] = mapped_column("pass")
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    request_id: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]


class Attempt(Base):
    """An open attempt at an Abschlusstest: release and questions as drawn, answers so far by field name.

    Handing in deletes it; only passing leaves a trace, in the progress log.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("enrolment_id"),)
    declared: ClassVar = Declaration(
        purpose="Offener Abschlusstest, nur für die Person selbst",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Abgabe, höchstens bis zur Löschung des Kontos",
        export="Fragen und eigene Antworten",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    questions: Mapped[list[str]] = mapped_column(Json)
    answers: Mapped[dict[str, list[str]]] = mapped_column(Json)
    day: Mapped[date]


class SavedPlan(Base):
    """A person's Fahrplan: texts by field label; `revision` detects edit conflicts."""

    __tablename__ = "saved_plan"
    __table_args__ = (
        UniqueConstraint("person_id", "lesson_id", "plan"),
        Index(None, "lesson_id"),
    )
    declared: ClassVar = Declaration(
        purpose="Eigener Fahrplan, nur für die Person selbst",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Alle Felder",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    lesson_id: Mapped[Identity]
    plan: Mapped[Short]
    revision: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    day: Mapped[date]
