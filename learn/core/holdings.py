"""What the machinery holds of a person, and how it leaves: sessions, jobs, log, what expires by itself."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import audit, clock, naming
from learn.core.models import AuditEntry, Erasure, Job, Mark, RescuedForm, SignIn, Spent, Throttle
from learn.core.owndata import Found, Owner, erases, erases_by, expires, exports, keeps_back, nothing, remove

AUTOMATIC = "automatisch"  # the actor of what a nightly job does
ACTORS = {audit.COMMAND_LINE: "Betrieb, auf der Kommandozeile", AUTOMATIC: "das Programm, nach einer Frist"}
ACTIONS = {
    "konto.angelegt": "Konto angelegt",
    "konto.gesperrt": "Konto gesperrt",
    "konto.passwort": "Passwort neu gesetzt",
    "konto.rollen": "Rollen geändert",
    "konto.geschlossen": "Konto geschlossen",
    "konto.wiedergeoeffnet": "Konto wieder geöffnet",
    "konto.ausgegeben": "Alle Daten ausgegeben",
}

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


class LogEntry(NamedTuple):
    """What staff did with one's account: when (Europe/Berlin), who in words, what, and why."""

    at: datetime
    who: str
    what: str
    reason: str


@exports(AuditEntry, "protokoll", "Protokoll der Verwaltung", ("Zeitpunkt", "Wer", "Was", "Grund"))
def own_log(session: Session, owner: Owner) -> list[LogEntry]:
    """The entries about a person, the newest first; who acted is told by number, never by name."""
    statement = select(AuditEntry.at, AuditEntry.actor, AuditEntry.action, AuditEntry.reason)
    about = statement.where(AuditEntry.subject == audit.person(owner.person_id)).order_by(
        AuditEntry.id.desc()
    )
    return [
        LogEntry(clock.local(at), who(actor, owner), ACTIONS.get(action, action), reason)
        for at, actor, action, reason in session.execute(about)
    ]


def who(actor: str, owner: Owner) -> str:
    """An actor of the log in words."""
    if actor == audit.person(owner.person_id):
        return "Sie selbst"
    return ACTORS.get(actor) or f"Verwaltung, Konto Nr. {actor.removeprefix('person:')}"


@erases(Job)
def jobs_about(session: Session, owner: Owner) -> None:
    """Mails to her or about her that wait, or could not be delivered."""
    remove(session, Job, Job.id.in_(naming.naming(session, Job, Job.id, Job.arguments, owner)))
