"""What a Kommune adds to courses for its own people: values in place of a course's words, and supplements.

Read when a page is delivered, for the reader's own Kommune and after every cache: no stored HTML holds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy import Integer, Select, bindparam, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from learn.core.prepared import ask
from learn.courses.library import LessonText
from learn.network.models import Municipality
from learn.workshop.models import LocalValue, Supplement


@dataclass(frozen=True, slots=True)
class Addition:
    """A supplement as pages show it: `slug` and `heading` say where, both empty at the lesson itself.

    `html` is sanitised; its ids cannot meet those of the lesson.
    """

    lesson_id: str
    slug: str
    heading: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Local:
    """What one Kommune shows of its own on one page: values by name, supplements by place.

    `town` as it is called in a sentence, „Stadt Olpe“; without a Kommune everything is empty.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    additions: tuple[Addition, ...] = ()
    town: str = ""
    ags: str = ""


def _values() -> Select[str, str, str, str, str]:
    return select(
        literal("wert").label("kind"),
        LocalValue.name.label("name"),
        LocalValue.value.label("text"),
        literal("").label("heading"),
        literal("").label("lesson_id"),
    ).where(
        LocalValue.municipality_id == bindparam("municipality"), LocalValue.course_id == bindparam("course")
    )


def _supplements() -> Select[str, str, str, str, str]:
    return select(
        literal("ergaenzung").label("kind"),
        Supplement.slug.label("name"),
        Supplement.html.label("text"),
        Supplement.heading.label("heading"),
        Supplement.lesson_id.label("lesson_id"),
    ).where(Supplement.municipality_id == bindparam("municipality"))


def _town() -> Select[str, str, str, str, str]:
    return select(
        literal("kommune").label("kind"),
        Municipality.ags.label("name"),
        Municipality.name.label("text"),
        Municipality.kind.label("heading"),
        literal("").label("lesson_id"),
    ).where(Municipality.id == bindparam("municipality"))


# Built once: they run on pages of courses.
AT_LESSON = union_all(_town(), _values(), _supplements().where(Supplement.lesson_id == bindparam("lesson")))
OWN = bindparam("town", type_=Integer)
ADAPTS = or_(  # whether the Kommune `town` adds anything to some course
    exists().where(LocalValue.municipality_id == OWN), exists().where(Supplement.municipality_id == OWN)
)
IN_COURSE = union_all(_town(), _values(), _supplements().where(Supplement.course_id == bindparam("course")))


def values(session: Session, municipality_id: int, course_id: str) -> Mapping[str, str]:
    """What a Kommune has entered for a course, by name."""
    mine = (LocalValue.municipality_id == municipality_id, LocalValue.course_id == course_id)
    return {
        row.name: row.value for row in session.execute(select(LocalValue.name, LocalValue.value).where(*mine))
    }


def supplements(session: Session, municipality_id: int, lesson: LessonText) -> tuple[Addition, ...]:
    """What a Kommune has added to a lesson, those at the lesson itself first."""
    mine = {"municipality": municipality_id, "lesson": lesson.lesson_id}
    statement = _supplements().where(Supplement.lesson_id == bindparam("lesson"))
    return _local(ask(session, statement, mine).all()).additions


def at_lesson(session: Session, municipality_id: int, course_id: str, lesson_id: str) -> Local:
    """Both for the page of a lesson: one statement."""
    wanted = {"municipality": municipality_id, "course": course_id, "lesson": lesson_id}
    return _local(ask(session, AT_LESSON, wanted).all())


def in_course(session: Session, municipality_id: int, course_id: str) -> Local:
    """Both for a whole course: one statement."""
    return _local(ask(session, IN_COURSE, {"municipality": municipality_id, "course": course_id}).all())


def _local(rows: Any) -> Local:
    additions = [
        Addition(row.lesson_id, row.name, row.heading, Markup(row.text))  # noqa: S704 - sanitised when stored
        for row in rows
        if row.kind == "ergaenzung"
    ]
    town, ags = next(
        ((called(row.heading, row.text), row.name) for row in rows if row.kind == "kommune"), ("", "")
    )
    return Local(
        {row.name: row.text for row in rows if row.kind == "wert"},
        tuple(sorted(additions, key=lambda each: (each.lesson_id, each.slug))),
        town,
        ags,
    )


def called(kind: str, name: str) -> str:
    """A Kommune in a sentence: „Stadt Olpe“, also where the name says so already."""
    return name if not kind or name.startswith(f"{kind} ") else f"{kind} {name}"


def bare(kind: str, name: str) -> str:
    """Its name alone: „Olpe“."""
    return name.removeprefix(f"{kind} ") if kind else name
