"""What the reader's Kommune adds to pages of courses, put in as they are delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, make_response
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.core.access import actor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.courses.library import CourseRelease, LessonText
from learn.site import badge
from learn.workshop import anchoring, inserting, policy, towns
from learn.workshop.towns import Addition, Local

NOTHING = Local()
TEXT = '<div id="text">'  # where the text of a lesson begins


@dataclass(frozen=True, slots=True)
class Box:
    """A supplement drawn, and the id of the heading it stands behind; empty: at the beginning."""

    heading: str
    html: Markup


def adapting_town() -> int | None:
    """The reader's Kommune, if it adds anything to courses or she may; None for visitors."""
    town = actor().municipality_id
    return town if town and (policy.adapter(actor()) or badge.of_reader().adapts) else None


def at_lesson(release: CourseRelease, text: LessonText) -> Local:
    """Of the reader's Kommune for a lesson: one statement where it adds anything to courses, else none."""
    town = adapting_town()
    return towns.at_lesson(session(), town, release.course_id, text.lesson_id) if town else NOTHING


def in_course(release: CourseRelease) -> Local:
    """Of the reader's Kommune for a whole course, likewise."""
    town = adapting_town()
    return towns.in_course(session(), town, release.course_id) if town else NOTHING


def adapting_href(local: Local, course: str, lesson: str = "") -> str:
    """Where the reader adapts the course, or supplements the lesson, for her Kommune; empty for others."""
    town = actor().municipality_id
    if town is None or not local.ags or not policy.may_adapt(actor(), town):
        return ""
    base = f"/kommunen/{local.ags}/kurse/{course}"
    return f"{base}/{lesson}/ergaenzung" if lesson else base


def lesson_boxes(local: Local, text: LessonText, href: str = "", prefix: str = "") -> list[Box]:
    """The supplements of a lesson; `href`: where they are changed; `prefix`: of its ids beside others."""
    return [
        lesson_box(local, each, text, href, prefix)
        for each in local.additions
        if each.lesson_id == text.lesson_id
    ]


def lesson_box(local: Local, addition: Addition, text: LessonText, href: str, prefix: str) -> Box:
    """At its heading, else at the beginning of the lesson with the words of the heading that is gone."""
    found = anchoring.heading_of(text.headings, addition.slug, addition.heading)
    edit = f"{href}?{urlencode({'stelle': addition.slug})}" if href else ""
    lost = found is None and addition.heading
    note = _("Zum Abschnitt „%(heading)s“", heading=addition.heading) if lost else ""
    first = f"{prefix}titel" if prefix else ""
    return Box(f"{prefix}s-{found.slug}" if found else first, draw(addition.html, local.town, edit, note))


def course_boxes(local: Local, release: CourseRelease) -> list[Box]:
    """The supplements of lessons that have left the course."""
    note = _("Die Lektion dazu gehört nicht mehr zum Kurs.")
    return [
        Box("", draw(each.html, local.town, "", note))
        for each in local.additions
        if release.manifest.lesson(each.lesson_id) is None
    ]


def draw(html: Markup, town: str, edit_href: str, note: str) -> Markup:
    """Fill components/supplement.html."""
    component = current_app.jinja_env.get_template("components/supplement.html").module
    drawn: Markup = component.supplement(html, town, edit_href, note)  # type: ignore[attr-defined]
    return drawn


def delivered(
    answer: ResponseReturnValue, local: Local, boxes: Sequence[Box] = (), start: str = TEXT
) -> ResponseReturnValue:
    """A page with the Kommune's values and supplements; those without a heading stand behind `start`."""
    if not (local.values or boxes):
        return answer
    response = make_response(answer)
    html = response.get_data(as_text=True)
    html = inserting.with_boxes(html, [(each.heading, each.html) for each in boxes], start)
    response.set_data(inserting.with_values(html, local.values))
    return response


def valued(answer: ResponseReturnValue, release: CourseRelease) -> ResponseReturnValue:
    """A page of a course with the Kommune's values; nothing is asked where the page has no place for one."""
    response = make_response(answer)
    if inserting.MARK not in response.get_data(as_text=True):
        return response
    return delivered(response, in_course(release))
