"""Municipality."""

from datetime import date
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Key, Short


class Municipality(Base):
    """A member town, identified by its official 8-digit key (AGS)."""

    __tablename__ = "municipality"
    declared: ClassVar = Declaration(
        purpose="Mitgliedskommunen des Netzwerks",
        basis="Keine personenbezogenen Daten",
        retention="Solange die Kommune zum Netzwerk gehört",
        export="Name der eigenen Kommune",
        erasure="Entfällt",
    )

    id: Mapped[Key]
    ags: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[Short] = mapped_column(index=True)
    kind: Mapped[Short] = mapped_column(default="")  # Stadt, Gemeinde
    district: Mapped[Short] = mapped_column(default="", index=True)
    district_key: Mapped[str] = mapped_column(String(5), default="")
    population: Mapped[int | None]
    population_day: Mapped[date | None]
    population_verified: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(String(10), default="gast")  # pionier, mitglied, gast
