"""What the machinery holds of a person, and how it leaves: sessions, jobs, log, what expires by itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import audit, naming
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
    SignIn, "sitzungen", "Sitzungen", ("Gerät", "Erster Tag", "Gültig bis", "30 Tage angemeldet bleiben")
)
def sessions(session: Session, owner: Owner) -> Found:
    statement = select(SignIn.device, SignIn.first_day, SignIn.last_day, SignIn.remember)
    return session.execute(statement.where(SignIn.person_id == owner.person_id).order_by(SignIn.id))


@exports(AuditEntry, "protokoll", "Protokoll der Verwaltung", ("Zeitpunkt", "Wer", "Was", "Grund"))
def entries_about(session: Session, owner: Owner) -> Found:
    """What staff did with her account, newest last; who did it by number, never by name."""
    statement = select(AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.reason)
    about = statement.where(AuditEntry.subject == audit.person(owner.person_id)).order_by(AuditEntry.id)
    for at, actor, action, reason in session.execute(about):
        yield at, who(actor, owner), action, reason


def who(actor: str, owner: Owner) -> str:
    """An actor of the log in words."""
    if actor == audit.person(owner.person_id):
        return "Sie selbst"
    words = {
        audit.COMMAND_LINE: "Betrieb, auf der Kommandozeile",
        AUTOMATIC: "das Programm, nach Ablauf einer Frist",
    }
    return words.get(actor) or f"Verwaltung, Konto Nr. {actor.removeprefix('person:')}"


@erases(Job)
def jobs_about(session: Session, owner: Owner) -> None:
    """Mails to her or about her that wait, or could not be delivered."""
    remove(session, Job, Job.id.in_(naming.naming(session, Job, Job.id, Job.arguments, owner)))
