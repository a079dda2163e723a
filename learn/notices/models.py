"""Event, whom it concerns (Notice), how it is sent (Delivery), the digest's mark, the state of addresses."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Json, Key, Short

BASIS = "Art. 6 Abs. 1 lit. e DSGVO"


class Event(Base):
    """Something happened; written with it. A worker finds out once whom it concerns."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_open", "resolved", "id"), {"sqlite_autoincrement": True})
    declared: ClassVar = Declaration(
        purpose="Mitteilungen über neue Beiträge auslösen",
        basis="Keine personenbezogenen Daten; nur Kennungen",
        retention="90 Tage",
        export="Entfällt: enthält nur Kennungen",
        erasure="Entfällt: enthält nur Kennungen",
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(24))  # antwort, rueckfrage, loesung, frage, moderation, …
    subject: Mapped[Short] = mapped_column(index=True)  # frage:12
    data: Mapped[dict[str, Any]] = mapped_column(Json)  # ids only
    at: Mapped[datetime] = mapped_column(index=True)
    resolved: Mapped[bool] = mapped_column(default=False)
    told_to: Mapped[int] = mapped_column(default=0)  # the last person looked at, while not resolved


class Notice(Base):
    """A line of somebody's Mitteilungen: one per subject. Lines of questions are open while those are unread.

    `done`: closed by reading or by „Erledigt“; a later event opens it again. `reason`: why she hears of it.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "subject"),
        Index("ix_notice_open", "person_id", "done", "event_id"),
        Index("ix_notice_list", "person_id", "event_id"),
    )
    declared: ClassVar = Declaration(
        purpose="Mitteilungen auf der Plattform",
        basis=BASIS,
        retention="Ein Jahr nach dem letzten Ereignis, höchstens bis zur Löschung des Kontos",
        export="Alle Mitteilungen mit Grund und Tag des Ereignisses",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    subject: Mapped[Short] = mapped_column(index=True)
    question_id: Mapped[int | None]  # it is about; the line of a question has the subject `frage:<id>`
    kind: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    event_id: Mapped[int]  # the latest
    happened_on: Mapped[date] = mapped_column(index=True)  # day of the event
    done: Mapped[bool] = mapped_column(default=False)


class Delivery(Base):
    """One event on its way to one person by one channel; exists at most once."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id", "channel"),
        Index("ix_delivery_due", "state", "run_at"),
        Index("ix_delivery_digest", "person_id", "channel", "event_id"),
    )
    declared: ClassVar = Declaration(
        purpose="Jede Mitteilung kommt einmal an: sofort oder in der wöchentlichen Übersicht",
        basis=BASIS,
        retention="90 Tage nach dem Ereignis",
        export="Ereignis, Weg und Grund",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(8))  # sofort, woche
    reason: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), default="offen")  # offen, fertig, entfallen
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]


class DigestMark(Base):
    """Up to which event a person's weekly digest has told."""

    __tablename__ = "digest_mark"
    declared: ClassVar = Declaration(
        purpose="Die wöchentliche Übersicht nennt nichts zweimal",
        basis=BASIS,
        retention="Bis zur Löschung des Kontos",
        export="Nummer des letzten gemeldeten Ereignisses",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(default=0)


class AddressState(Base):
    """Whether mail reaches a person: without a row it does, else `gestoert`, `gesperrt` or empty (counting).

    It counts for the address it names only, so that a new one starts afresh.
    """

    __tablename__ = "address_state"
    declared: ClassVar = Declaration(
        purpose="Zeigen, dass E-Mails nicht ankommen",
        basis=BASIS,
        retention="Bis eine E-Mail wieder ankommt, höchstens bis zur Löschung des Kontos",
        export="Zustand der Adresse",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    email_key: Mapped[Short] = mapped_column(default="")
    since: Mapped[date | None]  # day of the first failure
