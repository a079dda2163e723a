"""What a person keeps beside lessons and shows if she likes, handed out to her and erased with her."""

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.owndata import Found, Loss, Owner, erases, erases_by, exports, nothing, remove, warns
from learn.courses.models import Course, LessonVersion
from learn.learning import certificates
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
    """All are withdrawn with their account, but for those whose public check she wanted to keep.

    What is kept names her only where its page says the name; the badge, which nobody can fetch, goes.
    """
    own = Certificate.person_id == owner.person_id
    unnamed = case((Certificate.named, Certificate.name), else_="")
    kept = update(Certificate).where(own, Certificate.kept)
    kept = kept.values(person_id=None, name=unnamed, credential="")
    session.execute(kept.execution_options(synchronize_session=False))
    certificates.revoke(session, session.scalars(select(Certificate.position).where(own)).all())
    remove(session, Certificate, own)


@warns
def invalid_nachweise(session: Session, owner: Owner) -> Loss | None:
    """How many become invalid with the account, and how many check pages stay."""
    own = select(Certificate.kept).where(Certificate.person_id == owner.person_id)
    found = session.scalars(own).all()
    kept = sum(found)
    gone = len(found) - kept
    if not found:
        return None
    ends = ngettext("%(num)s Nachweis wird ungültig.", "%(num)s Nachweise werden ungültig.", gone)
    stays = ngettext("%(num)s Prüfseite bleibt.", "%(num)s Prüfseiten bleiben.", kept)
    text = " ".join([ends] * bool(gone) + [stays] * bool(kept))
    return Loss(text, "/lernen/nachweise", _("Wählen, welche Prüfseiten bleiben"))


@exports(
    Certificate,
    "nachweise",
    "Nachweise",
    (
        "Kurs",
        "Ausgabe",
        "Name",
        "Abgeschlossen am",
        "Ausgestellt am",
        "Angaben",
        "Name auf der Prüfseite",
        "Prüfseite bleibt ohne Konto",
        "Kennung",
        "Kennung des Kurses",
        "Veröffentlichung",
        "Open Badge",
    ),
    nested=True,
)
def nachweise(session: Session, owner: Owner) -> Found:
    """As issued; the course by the title it bore then."""
    own = select(Certificate).where(Certificate.person_id == owner.person_id)
    for row in session.scalars(own.order_by(Certificate.id)):
        yield (
            row.sheet.get("title", ""),
            row.edition,
            row.name,
            row.completed_on,
            row.issued_on,
            row.sheet,
            row.named,
            row.kept,
            row.code,
            row.course_id,
            row.release_id,
            row.credential,
        )


@exports(
    UnclearMark,
    "unklar",
    "Als unklar markiert",
    ("Kurs", "Lektion", "Ausgabe", "Kennung des Kurses", "Kennung der Lektion"),
)
def unclear(session: Session, owner: Owner) -> Found:
    """Lessons by the title of the edition that was unclear."""
    mine = UnclearMark.person_id == owner.person_id
    named = select(LessonVersion.lesson_id, LessonVersion.edition, LessonVersion.sheet)
    lessons = named.where(LessonVersion.lesson_id.in_(select(UnclearMark.lesson_id).where(mine)))
    titles = {row[:2]: row[2].get("title", "") for row in session.execute(lessons.order_by(LessonVersion.id))}
    columns = (UnclearMark.edition, UnclearMark.course_id, UnclearMark.lesson_id, Course.title)
    own = select(*columns).outerjoin(Course, Course.id == UnclearMark.course_id).where(mine)
    for edition, course_id, lesson_id, title in session.execute(own.order_by(UnclearMark.id)):
        yield title or "", titles.get((lesson_id, edition), ""), edition, course_id, lesson_id


@exports(Reminder, "erinnerung", "Erinnerung", ("Wochentag", "Mail", "Kalender", "Zuletzt für die Woche ab"))
def reminder(session: Session, owner: Owner) -> Found:
    found = session.get(Reminder, owner.person_id)
    if found is not None:
        yield WEEKDAYS[found.weekday], found.mail, bool(found.feed_hash), found.sent_for
