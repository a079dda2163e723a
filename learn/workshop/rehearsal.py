"""A lesson of a working copy as readers would get it: release and text as publishing makes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select, union
from sqlalchemy.orm import Session

from learn.core import clock
from learn.courses import library, release
from learn.courses.library import CourseRelease, CourseSheet, LessonText
from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.courses.plan import CoursePlan, LessonPlan
from learn.courses.source import CourseSource, LessonSource, ModuleSource, Text
from learn.network.models import Municipality
from learn.workshop import copies, drawing, keys, nearby
from learn.workshop.drawing import Drawing
from learn.workshop.models import LocalValue, Supplement
from learn.workshop.nearby import Nearby

UNSTORED = 0  # id of a release and of a version that no row holds


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`problem`: why the text cannot be drawn, one sentence."""

    release: CourseRelease
    text: LessonText
    entry: LessonEntry
    problem: str = ""


def lesson(session: Session, lesson_id: str) -> Rehearsal | None:
    """The lesson as it is saved in its working copy; None where there is none."""
    course_id = copies.course_of(session, lesson_id)
    here = nearby.around(session, course_id) if course_id else None
    if here is None or lesson_id not in here.paths or not here.content.courses:
        return None
    standard = _drawn(session, here, lesson_id)
    plain_key = lesson_id + keys.PLAIN
    plain = _drawn(session, here, plain_key) if plain_key in here.paths else None
    if standard is None:
        return None
    (course,) = standard.content.courses
    tree = _manifest(here, course)
    entry = tree.lesson(lesson_id)
    if entry is None:
        return None
    made = CourseRelease(UNSTORED, here.course_id, 0, clock.today(), tree, _sheet(course.text))
    text, _weight = library.lesson_of(_version(here, course, entry, standard, plain), made)
    return Rehearsal(made, text, entry, standard.drawn.trace.problem)


def towns(session: Session, course_id: str) -> tuple[tuple[str, str], ...]:
    """AGS and name of the Kommunen that have added something to a course."""
    named = union(
        select(LocalValue.municipality_id).where(LocalValue.course_id == course_id),
        select(Supplement.municipality_id).where(Supplement.course_id == course_id),
    ).subquery()
    rows = select(Municipality.ags, Municipality.name).where(Municipality.id.in_(select(named.c[0])))
    return tuple((row.ags, row.name) for row in session.execute(rows.order_by(Municipality.name)))


def _drawn(session: Session, here: Nearby, key: str) -> Drawing | None:
    text = copies.text(session, key)
    return drawing.draw(session, here, key, text.text) if text and not text.removed else None


def _version(
    here: Nearby, course: CourseSource, entry: LessonEntry, standard: Drawing, plain: Drawing | None
) -> Mapping[str, object]:
    """The row that publishing would store."""
    source = LessonSource(standard.text, entry.slug, plain.text if plain else None)
    planned = LessonPlan(source, None, drawn=standard.drawn, plain=plain.drawn if plain else None)
    sheet = CoursePlan(here.slug, course.text, course, None, standard.shared)
    return {"id": UNSTORED, **release.version(sheet, planned)}


def _manifest(here: Nearby, course: CourseSource) -> Manifest:
    head = course.text.head
    return Manifest(
        course_id=here.course_id,
        slug=here.slug,
        title=head.text("titel"),
        edition=head.number("ausgabe"),
        modules=tuple(_module(here, module) for module in course.modules),
        test="test" in head.items("abschluss"),
    )


def _module(here: Nearby, module: ModuleSource) -> ModuleEntry:
    """A module as it is read, else as it is published."""
    stored = here.release.base.manifest.modules if here.release else ()
    before = next((each for each in stored if module.text and each.id == module.text.id), None)
    title = module.text.head.text("titel") if module.text else ""
    return ModuleEntry(
        id=module.text.id if module.text else "",
        slug=module.slug,
        title=title or (before.title if before else module.slug),
        outcome=before.outcome if before else "",
        html="",
        lessons=tuple(_lesson(each) for each in module.lessons),
    )


def _lesson(source: LessonSource) -> LessonEntry:
    head = source.text.head
    return LessonEntry(
        id=source.id,
        slug=source.slug,
        title=head.text("titel"),
        edition=head.number("ausgabe"),
        redo_from=head.number("erneut_ab"),
        minutes=head.number("dauer"),
        required=head.flag("pflicht"),
        plain=source.plain is not None,
    )


def _sheet(text: Text) -> CourseSheet:
    """What a lesson takes from its course where it says nothing itself."""
    head = text.head
    return CourseSheet(
        outcome=head.text("ergebnis"),
        html=Markup(),
        municipality=head.text("kommune"),
        source=head.text("quelle"),
        authors=head.items("autoren"),
        license=head.text("lizenz"),
        language=head.text("sprache"),
    )
