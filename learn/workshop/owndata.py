"""What the Werkstatt holds of a person: her name at shared texts, which stay, and what only she typed."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core import clock
from learn.core.cleaning import retains
from learn.core.owndata import Found, Owner, Table, erases, erases_by, exports, nothing
from learn.network.models import Municipality
from learn.workshop.history import unpacked
from learn.workshop.models import (
    Autosave,
    CourseStep,
    LocalValue,
    NetworkChoice,
    OutsideLink,
    ReviewComment,
    Supplement,
    WorkCourse,
    WorkPicture,
    WorkRevision,
    WorkText,
)

YEAR = timedelta(days=365)
TYPED_STAYS = timedelta(days=30)

nothing("Entscheidungen des Netzwerks", NetworkChoice)
nothing("Links aus Kursen", OutsideLink)
erases_by(Autosave.person_id)


def _nameless(column: InstrumentedAttribute[int | None]) -> None:
    """The text stays, the name in this column goes."""
    table: Table = column.parent.class_
    erases(table)(_forgetting(table, column))


def _forgetting(table: Table, column: InstrumentedAttribute[int | None]) -> Callable[[Session, Owner], None]:
    def forget(session: Session, owner: Owner) -> None:
        session.execute(update(table).where(column == owner.person_id).values({column: None}))

    return forget


_nameless(WorkCourse.changed_by)
_nameless(WorkText.saved_by)
_nameless(WorkRevision.saved_by)
_nameless(WorkPicture.added_by)
_nameless(ReviewComment.author_id)
_nameless(CourseStep.person_id)
_nameless(LocalValue.written_by)
_nameless(Supplement.written_by)


@retains(WorkRevision)
def old_states() -> ColumnElement[bool]:
    return WorkRevision.saved_at < clock.now() - YEAR


@retains(Autosave)
def forgotten_texts() -> ColumnElement[bool]:
    return Autosave.saved_at < clock.now() - TYPED_STAYS


@retains(ReviewComment)
def settled_comments() -> ColumnElement[bool]:
    return ReviewComment.settled_on < clock.today() - YEAR


@exports(WorkCourse, "werkstatt-kurse", "Kurse in der Werkstatt", ("Kurs", "Titel", "Geändert am"))
def courses(session: Session, owner: Owner) -> Found:
    columns = (WorkCourse.id, WorkCourse.title, WorkCourse.changed_at)
    mine = select(*columns).where(WorkCourse.changed_by == owner.person_id)
    return session.execute(mine.order_by(WorkCourse.id))


@exports(
    WorkText,
    "werkstatt-entwuerfe",
    "Entwürfe in der Werkstatt",
    ("Kurs", "Text", "Datei", "Entfernt", "Gespeichert am", "Inhalt"),
)
def drafts(session: Session, owner: Owner) -> Found:
    columns = (
        *(WorkText.course_id, WorkText.key, WorkText.path, WorkText.removed),
        *(WorkText.saved_at, WorkText.text),
    )
    mine = select(*columns).where(WorkText.saved_by == owner.person_id)
    return session.execute(mine.order_by(WorkText.key))


@exports(
    WorkRevision,
    "werkstatt-fassungen",
    "Gespeicherte Fassungen in der Werkstatt",
    ("Kurs", "Text", "Fassung", "Datei", "Anlass", "Gespeichert am", "Inhalt"),
)
def states(session: Session, owner: Owner) -> Found:
    columns = (
        *(WorkRevision.course_id, WorkRevision.key, WorkRevision.number, WorkRevision.path),
        *(WorkRevision.cause, WorkRevision.saved_at, WorkRevision.packed),
    )
    mine = select(*columns).where(WorkRevision.saved_by == owner.person_id)
    for *rest, packed in session.execute(mine.order_by(WorkRevision.key, WorkRevision.number)):
        yield *rest, unpacked(packed)


@exports(
    Autosave, "werkstatt-ungespeichert", "Ungespeicherte Texte", ("Text", "Zuletzt geschrieben am", "Inhalt")
)
def typed(session: Session, owner: Owner) -> Found:
    columns = (Autosave.key, Autosave.saved_at, Autosave.text)
    return session.execute(
        select(*columns).where(Autosave.person_id == owner.person_id).order_by(Autosave.id)
    )


@exports(
    WorkPicture,
    "werkstatt-bilder",
    "Bilder für Kurse",
    ("Kurs", "Datei", "Beschreibung", "Quelle", "Lizenz", "Hochgeladen am"),
)
def pictures(session: Session, owner: Owner) -> Found:
    columns = (
        *(WorkPicture.course_id, WorkPicture.path, WorkPicture.description),
        *(WorkPicture.source, WorkPicture.licence, WorkPicture.added_at),
    )
    mine = select(*columns).where(WorkPicture.added_by == owner.person_id)
    return session.execute(mine.order_by(WorkPicture.course_id, WorkPicture.path))


@exports(
    ReviewComment,
    "werkstatt-anmerkungen",
    "Anmerkungen zu Entwürfen",
    ("Kurs", "Text", "Zeile", "Anmerkung", "Geschrieben am", "Erledigt am"),
)
def comments(session: Session, owner: Owner) -> Found:
    columns = (
        *(ReviewComment.course_id, ReviewComment.key, ReviewComment.line, ReviewComment.body),
        *(ReviewComment.written_at, ReviewComment.settled_on),
    )
    mine = select(*columns).where(ReviewComment.author_id == owner.person_id)
    return session.execute(mine.order_by(ReviewComment.id))


@exports(
    CourseStep,
    "werkstatt-schritte",
    "Freigaben und Veröffentlichungen",
    ("Kurs", "Schritt", "Bemerkung", "Veröffentlichung", "Am"),
)
def steps(session: Session, owner: Owner) -> Found:
    columns = (CourseStep.course_id, CourseStep.step, CourseStep.note, CourseStep.release)
    mine = select(*columns, CourseStep.taken_at).where(CourseStep.person_id == owner.person_id)
    return session.execute(mine.order_by(CourseStep.id))


@exports(
    LocalValue,
    "kommune-angaben",
    "Angaben der Kommune in Kursen",
    ("Kommune", "Kurs", "Name", "Angabe", "Eingetragen am"),
)
def values(session: Session, owner: Owner) -> Found:
    columns = (LocalValue.course_id, LocalValue.name, LocalValue.value, LocalValue.written_on)
    mine = select(Municipality.name, *columns).join(
        Municipality, Municipality.id == LocalValue.municipality_id
    )
    return session.execute(
        mine.where(LocalValue.written_by == owner.person_id).order_by(LocalValue.course_id, LocalValue.name)
    )


@exports(
    Supplement,
    "kommune-ergaenzungen",
    "Ergänzungen der Kommune zu Lektionen",
    ("Kommune", "Kurs", "Lektion", "Abschnitt", "Text", "Gespeichert am"),
)
def supplements(session: Session, owner: Owner) -> Found:
    columns = (Supplement.course_id, Supplement.lesson_id, Supplement.heading, Supplement.body)
    mine = select(Municipality.name, *columns, Supplement.written_on).join(
        Municipality, Municipality.id == Supplement.municipality_id
    )
    return session.execute(mine.where(Supplement.written_by == owner.person_id).order_by(Supplement.id))
