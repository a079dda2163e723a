"""Figures of courses as trainers see them, counted once a day."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json


class CourseFigures(Base):
    """The figures shown of a course, none of fewer than five people, and all numbers ever shown of it.

    `shown`: {"public": [5, 12], "figures": {"enrolled": [12, false], "done:les_…": [5, true]}}; true: „rund“.
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
