"""Where supplements stand today: at their heading, else at the lesson, else at the course; a move is told.

Nothing is ever deleted because its place is gone, and what comes back stands at its heading again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from learn.accounts.models import Person, PersonRole
from learn.config import Config
from learn.core import jobs
from learn.courses import anchors, queries
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.markup.model import Heading
from learn.network.models import Municipality
from learn.notices import events, kinds
from learn.notices.kinds import Batch, Recipient, concerns
from learn.notices.models import Event
from learn.workshop.models import Supplement

MOVED = "ergaenzung"  # kind of event
SPOT, WORDS, LESSON, COURSE = "stelle", "text", "lektion", "kurs"
SEEN_AS = {WORDS: SPOT}  # to readers both are the heading
SHORTLY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a supplement stands. `lesson` is None once it is retired, `heading` where none is like it."""

    place: str
    release: CourseRelease
    lesson: LessonEntry | None = None
    heading: Heading | None = None

    @property
    def href(self) -> str:
        course = f"/kurse/{self.release.manifest.slug}"
        if self.lesson is None:
            return course
        return f"{course}/{self.lesson.slug}" + (f"#s-{self.heading.slug}" if self.heading else "")

    @property
    def title(self) -> str:
        """Of the lesson, else of the course."""
        return self.lesson.title if self.lesson else self.release.manifest.title


def heading_of(headings: Iterable[Heading], slug: str, words: str) -> Heading | None:
    """The heading of this slug, else the first one of the same words."""
    known = list(headings)
    found = (each for each in known if slug and each.slug == slug)
    return next(found, None) or next((each for each in known if words and each.text == words), None)


def standing(
    session: Session, supplement: Supplement, release: CourseRelease | None = None
) -> Standing | None:
    """Where a supplement stands today; None while its course is not published.

    `release`: the current one of its course, if at hand; nothing is asked while the lesson is in it.
    """
    entry = release.manifest.lesson(supplement.lesson_id) if release else None
    if release is None or entry is None:
        found = anchors.spot(session, supplement.lesson_id, course_id=supplement.course_id)
        if found is None:
            return None
        release, entry = found.release, found.lesson
    if entry is None:
        return Standing(COURSE, release)
    if not supplement.slug:
        return Standing(SPOT, release, entry)
    text = queries.version(session, release, entry.version)
    heading = heading_of(text.headings, supplement.slug, supplement.heading) if text else None
    if heading is None:
        return Standing(LESSON, release, entry)
    return Standing(SPOT if heading.slug == supplement.slug else WORDS, release, entry, heading)


@jobs.job("place_supplements", every=SHORTLY)
def place(work: jobs.Work) -> None:
    """After releases were switched: note where supplements stand now, and tell of moves, once each."""
    with work.database.reading() as session:
        moved = changed(session)
    for number in moved:
        with work.database.writing() as session:
            settle(session, number)


def changed(session: Session) -> list[int]:
    """Numbers of the supplements that stand elsewhere than was noted."""
    light = select(Supplement).options(defer(Supplement.body), defer(Supplement.html))
    every = session.scalars(light.order_by(Supplement.id)).all()
    known = queries.current_by_id(session, {each.course_id for each in every}) if every else {}
    found = ((each, standing(session, each, known.get(each.course_id))) for each in every)
    return [each.id for each, now in found if now is not None and _differs(each, now)]


def settle(session: Session, number: int) -> None:
    """Note where one supplement stands; a move that readers notice becomes an event. Twice equals once."""
    row = session.get(Supplement, number, with_for_update=True)
    now = standing(session, row) if row is not None else None
    if row is None or now is None or not _differs(row, now):
        return
    before = row.place
    row.place, row.course_id = now.place, now.release.course_id
    if SEEN_AS.get(before, before) != SEEN_AS.get(now.place, now.place):
        events.record(session, MOVED, f"{MOVED}:{row.id}", supplement=row.id)


def _differs(row: Supplement, now: Standing) -> bool:
    return (row.place, row.course_id) != (now.place, now.release.course_id)


@concerns(MOVED)
def keepers(session: Session, _config: Config, event: Event, _after: int) -> Batch:
    """The contacts of the Kommune; where it has none, the Koordination."""
    row = session.get(Supplement, event.data["supplement"])
    if row is None:
        return Batch(subject=event.subject)
    contacts = _active(session, "expert", row.municipality_id) or _active(session, "coordinator")
    people = [Recipient(person_id, kinds.TOWN_ASKED, mail=False) for person_id in contacts]
    return Batch(people, None, event.subject)


def _active(session: Session, role: str, municipality_id: int | None = None) -> Sequence[int]:
    statement = select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    statement = statement.where(PersonRole.role == role, Person.active).order_by(Person.id)
    if municipality_id is not None:
        statement = statement.where(Person.municipality_id == municipality_id)
    return session.scalars(statement).all()


def addresses(session: Session, subjects: Collection[str]) -> dict[str, tuple[str, str]]:
    """For lines that tell of moves, by subject: where the contact sees it, title of the lesson or course."""
    numbers = {
        int(number): subject
        for subject in subjects
        if (number := subject.removeprefix(f"{MOVED}:")).isdecimal() and number != subject
    }
    if not numbers:
        return {}
    statement = select(Supplement, Municipality.ags).join(
        Municipality, Municipality.id == Supplement.municipality_id
    )
    found = {}
    for row, ags in session.execute(statement.where(Supplement.id.in_(numbers))):
        now = standing(session, row)
        if now is not None:
            href = f"/kommunen/{ags}/kurse/{now.release.manifest.slug}#ergaenzungen"
            found[numbers[row.id]] = (href, now.title)
    return found
