"""What a person keeps beside lessons and shows if she likes, handed out to her and erased with her."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.core.owndata import Found, Owner, erases, erases_by, exports, nothing, remove
from learn.learning.models import (
    Bookmark,
    Certificate,
    CertificateStatus,
    CourseFigures,
    Note,
    Reminder,
    SigningKey,
    UnclearMark,
)

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")

erases_by(Note.person_id, Bookmark.person_id, UnclearMark.person_id, Reminder.person_id)
nothing("Prüfung von Nachweisen", CertificateStatus, SigningKey)
nothing("Zahlen zu Kursen", CourseFigures)


@erases(Certificate)
def forget_certificates(session: Session, owner: Owner) -> None:
    """All are withdrawn with their account, but for those whose public check she wanted to keep."""
    own = Certificate.person_id == owner.person_id
    kept = update(Certificate).where(own, Certificate.kept).values(person_id=None)
    session.execute(kept.execution_options(synchronize_session=False))
    gone = select(Certificate.position).where(own)
    revoked = update(CertificateStatus).where(CertificateStatus.position.in_(gone)).values(revoked=True)
    session.execute(revoked.execution_options(synchronize_session=False))
    remove(session, Certificate, own)


@exports(
    Certificate,
    "nachweise",
    "Nachweise",
    ("Kennung", "Name", "Kurs", "Ausgabe", "Abgeschlossen am", "Ausgestellt am", "Angaben", "Open Badge"),
    nested=True,
)
def certificates(session: Session, owner: Owner) -> Found:
    columns = (
        Certificate.code,
        Certificate.name,
        Certificate.course_id,
        Certificate.edition,
        Certificate.completed_on,
        Certificate.issued_on,
        Certificate.sheet,
        Certificate.credential,
    )
    own = select(*columns).where(Certificate.person_id == owner.person_id)
    return session.execute(own.order_by(Certificate.id))


@exports(
    Note,
    "notizen",
    "Notizen",
    ("Tag", "Kurs", "Lektion", "Ausgabe", "Abschnitt", "Stelle", "Notiz", "Stand", "Kennung"),
)
def notes(session: Session, owner: Owner) -> Found:
    columns = (Note.day, Note.course_id, Note.lesson_id, Note.edition, Note.heading, Note.slug)
    own = select(*columns, Note.body, Note.revision, Note.key).where(Note.person_id == owner.person_id)
    return session.execute(own.order_by(Note.id))


@exports(Bookmark, "gemerkt", "Gemerkt", ("Tag", "Kurs", "Lektion", "Ausgabe", "Abschnitt", "Stelle"))
def bookmarks(session: Session, owner: Owner) -> Found:
    columns = (Bookmark.day, Bookmark.course_id, Bookmark.lesson_id, Bookmark.edition)
    own = select(*columns, Bookmark.heading, Bookmark.slug).where(Bookmark.person_id == owner.person_id)
    return session.execute(own.order_by(Bookmark.id))


@exports(UnclearMark, "unklar", "Als unklar markiert", ("Kurs", "Lektion", "Ausgabe"))
def unclear(session: Session, owner: Owner) -> Found:
    columns = (UnclearMark.course_id, UnclearMark.lesson_id, UnclearMark.edition)
    own = select(*columns).where(UnclearMark.person_id == owner.person_id)
    return session.execute(own.order_by(UnclearMark.id))


@exports(Reminder, "erinnerung", "Erinnerung", ("Wochentag", "Mail", "Kalender", "Zuletzt für die Woche ab"))
def reminder(session: Session, owner: Owner) -> Found:
    found = session.get(Reminder, owner.person_id)
    if found is not None:
        yield WEEKDAYS[found.weekday], found.mail, bool(found.feed_hash), found.sent_for
