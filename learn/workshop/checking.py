"""What publishing would say of one text of a working copy, found by publishing's own rules.

The text alone is rendered; the others of its course are known from what was stored of them.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import check, compare, published
from learn.courses.findings import Finding, ordered
from learn.courses.models import Course, PublishedId
from learn.courses.plan import CoursePlan, LessonPlan, Plan
from learn.courses.published import Base, Published, Version
from learn.courses.source import NETWORK, LessonSource
from learn.courses.trace import Trace
from learn.workshop.drawing import Drawing
from learn.workshop.nearby import Nearby

OTHER = Version(0, "", "", 0, 0, "", None, Trace(), None)  # a text that is not looked at
HEAVY = frozenset({"K510"})  # of pictures that the text shows


def findings(session: Session, nearby: Nearby, picture: Drawing) -> tuple[Finding, ...]:
    """Everything that concerns the text, errors first, then by line; of pictures it shows their size."""
    plan = _plan(session, nearby, picture)
    compare.findings(plan, session)
    check.findings(plan)
    tree, path = plan.content.tree, picture.text.path
    shown = {tree.shown(each) for each in pictures_of(nearby, picture)}
    name = tree.shown(path)
    found = (
        each for each in tree.findings if each.file == name or (each.file in shown and each.code in HEAVY)
    )
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(ordered(found), key=lambda each: (order[each.severity], each.line, each.code)))


def pictures_of(nearby: Nearby, picture: Drawing) -> Iterator[str]:
    """Paths of the course's pictures that the text shows."""
    shown = set(picture.drawn.trace.hrefs)
    for path, kept in nearby.pictures.items():
        if f"/medien/{kept.sha}.{kept.seen.ext}" in shown:
            yield path


def _plan(session: Session, nearby: Nearby, picture: Drawing) -> Plan:
    """What publishing would do, with everything but this text left as it is."""
    base = nearby.release.base if nearby.release else None
    text, content = picture.text, picture.content
    source = content.courses[0] if content.courses else None
    sheet = source.text if source else text
    course = CoursePlan(nearby.slug if source else NETWORK, sheet, source, base, picture.shared)
    course.former = dict(nearby.release.former) if nearby.release else {}
    if text.kind not in {"lektion", "einfach"} and text.head.known:
        course.texts = {text.path: picture.drawn}
    lessons = source.lessons() if source else ()
    course.lessons = [_lesson(session, each, base, picture) for each in lessons]
    return Plan(content, picture.places, _published(session, nearby, picture, base), [course])


def _lesson(session: Session, lesson: LessonSource, base: Base | None, picture: Drawing) -> LessonPlan:
    stored = base.versions.get(lesson.id) if base else None
    mine = picture.text in (lesson.text, lesson.plain)
    if not mine:
        return LessonPlan(lesson, stored, stored or OTHER)
    if stored is not None:
        stored = published.versions(session, [stored.id])[lesson.id]
    drawn = picture.drawn if picture.text.head.known else None
    if picture.text is lesson.plain:
        return LessonPlan(lesson, stored, plain=drawn)
    return LessonPlan(lesson, stored, drawn=drawn)


def _published(session: Session, nearby: Nearby, picture: Drawing, base: Base | None) -> Published:
    """What is published, as far as this text asks: ids it bears or names, and the course's address."""
    text = picture.text
    others = (each.id for each in picture.content.texts() if each.id and each.path != text.path)
    owners = dict.fromkeys((*others, nearby.course_id), nearby.course_id)
    asked = {text.id, *text.head.items("voraussetzung")} - {""}
    owners = {identity: owner for identity, owner in owners.items() if identity != text.id}
    rows = session.execute(
        select(PublishedId.id, PublishedId.course_id, Course.slug)
        .outerjoin(Course, Course.id == PublishedId.course_id)
        .where(PublishedId.id.in_(asked))
    ).all()
    owners |= {row.id: row.course_id for row in rows}
    bearers = select(Course.slug, Course.id).where(Course.slug == nearby.slug)
    return Published(
        bases={nearby.course_id: base} if base else {},
        owners=owners,
        slugs={row.slug: row.id for row in session.execute(bearers)},
        names={row.course_id: row.slug or row.course_id for row in rows},
    )
