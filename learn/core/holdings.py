"""What the machinery holds of a person, and how it leaves: sessions, jobs, log, what expires by itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import naming
from learn.core.models import AuditEntry, Erasure, Job, Mark, RescuedForm, SignIn, Spent, Throttle
from learn.core.owndata import Found, Owner, erases, erases_by, expires, exports, keeps_back, nothing, remove

AUTOMATIC = "automatisch"  # the actor of what a nightly job does

erases_by(SignIn.person_id)
expires(RescuedForm, Throttle, Spent, Erasure, AuditEntry)
keeps_back("Aufgaben im Hintergrund", Job, "Art der Aufgabe", "Kennungen", "die zu verschickende E-Mail")
keeps_back("Gerettete Formulare", RescuedForm, "verschlüsselter Text", "Ablauf")
keeps_back("Gezählte Versuche", Throttle, "Prüfsumme", "Zahl der Versuche", "Ende der Zählung")
keeps_back("Benutzte Einmalcodes", Spent, "Prüfsumme", "Ablauf")
keeps_back("Gelöschte Konten", Erasure, "frühere Nummer des Kontos", "Zeitpunkt der Löschung")
nothing("Merkmale der Installation", Mark)


@exports(
    SignIn,
    "sitzungen",
    "Angemeldete Geräte",
    ("Gerät", "Erster Tag", "Gültig bis", "30 Tage angemeldet bleiben"),
)
def sessions(session: Session, owner: Owner) -> Found:
    statement = select(SignIn.device, SignIn.first_day, SignIn.last_day, SignIn.remember)
    return session.execute(statement.where(SignIn.person_id == owner.person_id).order_by(SignIn.id))


@erases(Job)
def jobs_about(session: Session, owner: Owner) -> None:
    """Mails to her or about her that wait, or could not be delivered."""
    remove(session, Job, Job.id.in_(naming.naming(session, Job, Job.id, Job.arguments, owner)))
