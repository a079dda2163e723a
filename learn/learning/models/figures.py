"""Figures of courses as trainers see them, counted once a day."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json


class CourseFigures(Base):
    """The figures shown of a course: name of the figure -> what is shown, never fewer than five people.

    A figure changes only when at least five people have come or gone since it was shown.
    """

    __tablename__ = "course_figures"
    declared: ClassVar = Declaration(
        purpose="Kurse verbessern: Zahlen ab fünf Personen",
        basis="Keine personenbezogenen Daten: Zahlen ab fünf Personen",
        retention="Solange der Kurs veröffentlicht ist",
        export="Entfällt",
        erasure="Entfällt",
    )

    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), primary_key=True)
    counted_on: Mapped[date]
    shown: Mapped[dict[str, Any]] = mapped_column(Json)
