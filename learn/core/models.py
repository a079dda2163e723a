"""Tables of the machinery: jobs, sessions, kept forms, throttles, used codes, audit log, erasures, marks."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Json, Key, Long, Sha, Short

NOTHING_PERSONAL = "Keine personenbezogenen Daten"


class Job(Base):
    """Outbox and schedule: work that runs after the transaction that asked for it."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "run_at"),)
    declared: ClassVar = Declaration(
        purpose="Aufgaben im Hintergrund, zum Beispiel E-Mails verschicken",
        basis="Art. 6 Abs. 1 lit. e DSGVO; Argumente sind Kennungen oder die zu verschickende Nachricht",
        retention="Bis die Aufgabe erledigt ist; gescheiterte 30 Tage",
        export="Keine Ausgabe: nach Erledigung gelöscht",
        erasure="Gelöscht, soweit sie die Person betreffen",
    )

    id: Mapped[Key]
    name: Mapped[Short]
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    dedupe: Mapped[Short | None] = mapped_column(unique=True)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="due")  # due, dead
    problem: Mapped[Long] = mapped_column(default="")


class SignIn(Base):
    """A session: the hash of its token, its person, device name, first and last valid day."""

    __tablename__ = "sign_in"
    declared: ClassVar = Declaration(
        purpose="Angemeldet bleiben und sich überall abmelden können",
        basis="Art. 6 Abs. 1 lit. e DSGVO, § 25 Abs. 2 Nr. 2 TDDDG",
        retention="Bis zur Abmeldung, höchstens 30 Tage",
        export="Gerät, erster und letzter Tag",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    token_hash: Mapped[Sha] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    device: Mapped[Short] = mapped_column(default="")
    remember: Mapped[bool] = mapped_column(default=False)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)


class RescuedForm(Base):
    """Text of a form whose session had ended, sealed; its key lies in the visitor's cookie only."""

    __tablename__ = "rescued_form"
    declared: ClassVar = Declaration(
        purpose="Eingegebener Text übersteht das Ende der Sitzung",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="24 Stunden",
        export="Keine Ausgabe: nur mit dem Schlüssel im Browser lesbar",
        erasure="Bleibt, für niemanden lesbar, bis die 24 Stunden um sind",
    )

    id: Mapped[Key]
    key_hash: Mapped[Sha] = mapped_column(unique=True)
    sealed: Mapped[Long]
    until: Mapped[datetime] = mapped_column(index=True)


class Throttle(Base):
    """Counted tries of one kind by one (hashed) source in one window of time."""

    __tablename__ = "throttle"
    declared: ClassVar = Declaration(
        purpose="Missbrauch bremsen, zum Beispiel das Erraten von Passwörtern",
        basis="Art. 6 Abs. 1 lit. e und f DSGVO; nur Prüfsummen mit täglich wechselndem Schlüssel",
        retention="Ein Tag",
        export="Keine Ausgabe: keiner Person zuzuordnen",
        erasure="Bleibt, niemandem zuzuordnen, bis der Tag um ist",
    )

    key: Mapped[Sha] = mapped_column(primary_key=True)
    tries: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


class Spent(Base):
    """A code, challenge or state that was used and counts no second time, as a keyed hash."""

    __tablename__ = "spent"
    declared: ClassVar = Declaration(
        purpose="Einmalige Codes gelten nur einmal",
        basis="Art. 6 Abs. 1 lit. e und f, Art. 32 DSGVO; nur Prüfsummen",
        retention="Bis der Code ohnehin abgelaufen wäre, höchstens einen Tag",
        export="Keine Ausgabe: keiner Person zuzuordnen",
        erasure="Bleibt, niemandem zuzuordnen, höchstens einen Tag",
    )

    key: Mapped[Sha] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class Erasure(Base):
    """A person who was erased, by the number she had: restoring an older backup erases her again."""

    __tablename__ = "erasure"
    declared: ClassVar = Declaration(
        purpose="Gelöschte Konten bleiben auch nach dem Einspielen einer älteren Sicherung gelöscht",
        basis="Art. 17 DSGVO; nur die frühere Nummer des Kontos",
        retention="Ein Jahr, so lange wie Sicherungen",
        export="Keine Ausgabe: die Person gibt es nicht mehr",
        erasure="Bleibt ein Jahr: entsteht erst durch die Löschung",
    )

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(Base):
    """Who of the staff touched whose data, when and why; people by id only; append-only."""

    __tablename__ = "audit_entry"
    declared: ClassVar = Declaration(
        purpose="Nachweisen, wer in der Verwaltung auf Daten von Personen zugegriffen hat",
        basis="Art. 5 Abs. 2, Art. 32 DSGVO",
        retention="Ein Jahr",
        export="Einträge über die eigene Person",
        erasure="Bleibt ohne Namen bis zum Ende des Jahres nach dem Eintrag",
    )

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[Short]  # "person:12" or "kommandozeile"
    action: Mapped[Short]
    subject: Mapped[Short] = mapped_column(index=True)  # "person:13", "instanz"
    reason: Mapped[Short] = mapped_column(default="")


class Mark(Base):
    """A lasting fact about the instance, such as the demo mark or a keyed hash's daily key."""

    __tablename__ = "mark"
    declared: ClassVar = Declaration(
        purpose="Merkmale der Installation",
        basis=NOTHING_PERSONAL,
        retention="Unbegrenzt",
        export="Entfällt",
        erasure="Entfällt",
    )

    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[Long]
