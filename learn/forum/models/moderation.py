"""Reports of posts and the log of moderation."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Json, Key, Long

BASIS = "Art. 6 Abs. 1 lit. e DSGVO"


class Report(Base):
    """Somebody reports a post; its author never learns who. One per person and post."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("person_id", "post_id"), Index("ix_report_open", "state", "id"))
    declared: ClassVar = Declaration(
        purpose="Meldungen von Beiträgen prüfen und der meldenden Person die Entscheidung mitteilen",
        basis=BASIS,
        retention="Ein Jahr",
        export="Eigene Meldungen und ihre Entscheidung",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    kind: Mapped[str] = mapped_column(String(16))  # personendaten, vertraulich, rechte, werbung, …
    text: Mapped[Long] = mapped_column(default="")
    reported_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default="offen")  # offen, verborgen, bleibt
    answer: Mapped[Long] = mapped_column(default="")  # what the reporter hears beside the decision


class Moderation(Base):
    """What was done to a question or post, by whom and why; `data` is what undoing needs."""

    __tablename__ = "moderation"
    __table_args__ = (Index("ix_moderation_question", "question_id", "id"), {"sqlite_autoincrement": True})
    declared: ClassVar = Declaration(
        purpose="Eingriffe in Beiträge begründen, nachvollziehen und zurücknehmen",
        basis=BASIS,
        retention="So lange wie der Beitrag; wer eingegriffen hat, bis zur Löschung des Kontos",
        export="Eingriffe in eigene Beiträge und eigene Eingriffe",
        erasure="Gelöscht wird, wer eingegriffen hat",
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    action: Mapped[str] = mapped_column(String(20))  # ausblenden, schliessen, verschieben, zusammenfuehren, …
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    reason: Mapped[Long]
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    undone: Mapped[bool] = mapped_column(default=False)
    objection: Mapped[Long] = mapped_column(default="")  # the author's „Widersprechen“
    objection_state: Mapped[str] = mapped_column(String(10), default="")  # offen, geprueft
