"""What learners do: begin, complete, reopen, tick, save a Fahrplan; always for the actor herself."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, Refused
from learn.courses.library import CourseRelease
from learn.courses.manifest import Manifest
from learn.learning import log, queries
from learn.learning.models import Enrolment, SavedPlan
from learn.learning.progress import DONE, REOPENED, Lernstand, Row, progress

TEXT_LIMIT = 2000
LARGEST = 2**31 - 1  # what an integer column holds


@dataclass(frozen=True, slots=True)
class Request:
    """The hidden fields of a progress form; `exercise` is empty when the lesson itself is meant."""

    request_id: str
    edition: int
    pass_: int | None = None
    exercise: str = ""


class Conflict(Exception):
    """Someone, most likely the same person elsewhere, saved meanwhile; carries what is stored. 409."""

    def __init__(self, saved: queries.Saved) -> None:
        super().__init__("outdated base_revision")
        self.saved = saved


def enrol(session: Session, actor: Actor, release: CourseRelease) -> None:
    """Begin a course; a second click changes nothing."""
    log.insert_new(
        session,
        Enrolment,
        {
            "person_id": actor.owner,
            "course_id": release.course_id,
            "release_id": release.id,
            "day": clock.today(),
        },
    )


def complete(
    session: Session, actor: Actor, release: CourseRelease, lesson_id: str, request: Request
) -> Lernstand:
    """Note a lesson or an exercise as done, once. Raises Refused (422).

    Writes the completion of the course too when nothing required is left.
    """
    return _record(session, actor, release, lesson_id, request, DONE)


def reopen(
    session: Session, actor: Actor, release: CourseRelease, lesson_id: str, request: Request
) -> Lernstand:
    """Note that a lesson or an exercise is open again, once. Raises Refused (422)."""
    return _record(session, actor, release, lesson_id, request, REOPENED)


def save_plan(
    session: Session, actor: Actor, lesson_id: str, plan: str, texts: Mapping[str, str], base_revision: int
) -> int:
    """Store a Fahrplan's texts by label and give its new revision. Raises Conflict, Refused.

    Texts of labels that the form no longer has stay. Saving the same twice is saving once.
    """
    _check_texts(texts)
    today = clock.today()
    own = {"person_id": actor.owner, "lesson_id": lesson_id, "plan": plan}
    first = {**own, "revision": 1, "fields": dict(texts), "day": today}
    saved = _held_plan(session, own)
    if saved is None:
        if log.insert_new(session, SavedPlan, first) is not None:
            return 1
        saved = _held_plan(session, own)
        assert saved is not None
    fields = {**saved.fields, **texts}
    if _filled(fields) == _filled(saved.fields):
        return saved.revision
    if saved.revision != base_revision:
        raise Conflict(saved)
    values = {"revision": saved.revision + 1, "fields": fields, "day": today}
    session.execute(update(SavedPlan).filter_by(**own).values(values))
    return saved.revision + 1


def _record(
    session: Session, actor: Actor, release: CourseRelease, lesson_id: str, request: Request, event: str
) -> Lernstand:
    _check(session, release.manifest, lesson_id, request)
    enrolment_id = held_enrolment(session, actor, release.course_id)
    name = f"{lesson_id}/{request.exercise}" if request.exercise else lesson_id
    wish = log.Wish(name, request.edition, event, request.pass_, request.request_id)
    rows = log.load(session, enrolment_id)
    state = progress(release.manifest, rows, None, None)
    pass_ = log.decide(rows, wish, done=_is_done(state, name))
    if pass_ is not None:
        if event == DONE and not request.exercise:
            _check_conditions(release.manifest, lesson_id, state)
        rows = _stored(session, enrolment_id, release, wish, pass_, rows)
        state = progress(release.manifest, rows, None, None)
    if state.complete:
        finish(session, enrolment_id, release, rows)
    return state


def _stored(
    session: Session, enrolment_id: int, release: CourseRelease, wish: log.Wish, pass_: int, rows: list[Row]
) -> list[Row]:
    """The rows with the wished one; had another request been first, the log as it is then."""
    row = log.append(session, enrolment_id, release.id, wish, pass_)
    if row is not None:
        return [*rows, row]
    rows = log.load(session, enrolment_id)
    log.decide(rows, wish, done=False)  # refuses a request_id that has just been used for something else
    return rows


def finish(session: Session, enrolment_id: int, release: CourseRelease, rows: list[Row]) -> None:
    """Write the completion of the course's present edition, once."""
    wish = log.Wish(release.course_id, release.manifest.edition, DONE, None, uuid4().hex)
    pass_ = log.decide(rows, wish, done=False)
    if pass_ is not None:
        log.append(session, enrolment_id, release.id, wish, pass_)


def _is_done(state: Lernstand, name: str) -> bool:
    lesson = state.lessons.get(name)
    return lesson.done if lesson else name in state.ticks


def held_enrolment(session: Session, actor: Actor, course_id: str) -> int:
    """The enrolment's id; locked, so that two completions see each other."""
    statement = select(Enrolment.id).filter_by(person_id=actor.owner, course_id=course_id).with_for_update()
    found = session.scalar(statement)
    if found is None:
        raise Refused("Beginnen Sie zuerst den Kurs.")
    return found


def _held_plan(session: Session, own: Mapping[str, object]) -> queries.Saved | None:
    """The stored Fahrplan, locked."""
    columns = (SavedPlan.fields, SavedPlan.revision, SavedPlan.day)
    found = session.execute(select(*columns).filter_by(**own).with_for_update()).first()
    return queries.Saved(*found) if found else None


def _check(session: Session, manifest: Manifest, lesson_id: str, request: Request) -> None:
    if not 0 < len(request.request_id) <= 64 or not request.request_id.isprintable():
        raise Refused("Laden Sie die Seite neu. Die Anfrage hat keine gültige Kennung.", field="request_id")
    check_edition(session, manifest, lesson_id, request.edition)


def check_edition(session: Session, manifest: Manifest, lesson_id: str, edition: int) -> None:
    """Raises Refused (422) for an edition of the lesson that was never published."""
    entry = manifest.lesson(lesson_id)
    if entry is not None and entry.edition == edition:
        return
    if not 0 < edition <= LARGEST or not queries.ever_published(session, lesson_id, edition):
        raise Refused("Laden Sie die Seite neu. Diese Ausgabe gibt es nicht.", field="edition")


def _check_conditions(manifest: Manifest, lesson_id: str, state: Lernstand) -> None:
    entry = manifest.lesson(lesson_id)
    for exercise in entry.conditions if entry else ():
        if f"{lesson_id}/{exercise}" not in state.ticks:
            raise Refused("Haken Sie zuerst die Aufgabe ab.", field=f"aufgabe-{exercise}")


def _check_texts(texts: Mapping[str, str]) -> None:
    for label, text in texts.items():
        if len(text) > TEXT_LIMIT:
            raise Refused("Kürzen Sie den Text auf 2.000 Zeichen.", field=label)


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    return {label: text for label, text in fields.items() if text}
