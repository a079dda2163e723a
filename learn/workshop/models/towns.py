"""What a Kommune adds to courses for its own people: values and supplements."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Key, Long, Short
from learn.workshop.models.copies import NAME_STAYS, NAMELESS

BASIS = "Art. 6 Abs. 1 lit. e DSGVO: Die Kommune ergänzt Kurse für ihre Mitarbeitenden"


class LocalValue(Base):
    """What a Kommune puts in place of a course's local value."""

    __tablename__ = "local_value"
    declared: ClassVar = Declaration(
        purpose="Angaben einer Kommune, die in Lektionen eingesetzt werden",
        basis=BASIS,
        retention=f"Bis die Kommune sie ändert oder entfernt; {NAME_STAYS}",
        export="Angaben, die die Person zuletzt eingetragen hat",
        erasure=NAMELESS,
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True
    )
    course_id: Mapped[Identity] = mapped_column(primary_key=True)
    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[Short]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    written_on: Mapped[date]


class Supplement(Base):
    """A Kommune's own text at a lesson or one of its headings; only its people read it.

    Anchor as in content.md section 3: lesson id, slug and text of the heading (empty: the lesson).
    `place`: where it was found last, `stelle`, `text`, `lektion`, `kurs`, so that a move can be told.
    """

    __tablename__ = "supplement"
    __table_args__ = (UniqueConstraint("municipality_id", "lesson_id", "slug"),)
    declared: ClassVar = Declaration(
        purpose="Ergänzungen einer Kommune zu Lektionen",
        basis=BASIS,
        retention=f"Bis die Kommune sie entfernt; {NAME_STAYS}",
        export="Ergänzungen, die die Person zuletzt gespeichert hat",
        erasure=NAMELESS,
    )

    id: Mapped[Key]
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id", ondelete="CASCADE"))
    course_id: Mapped[Identity] = mapped_column(index=True)
    lesson_id: Mapped[Identity] = mapped_column(index=True)
    slug: Mapped[Short] = mapped_column(default="")
    heading: Mapped[Short] = mapped_column(default="")
    body: Mapped[Long]
    html: Mapped[Long]
    renderer: Mapped[int]
    place: Mapped[str] = mapped_column(String(10), default="stelle")
    revision: Mapped[int] = mapped_column(default=1)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    written_on: Mapped[date]
