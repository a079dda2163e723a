"""The end of a course: the completion with what was learnt, or what is still open."""

from flask import redirect
from flask.typing import ResponseReturnValue

from learn.core.access import actor, learner
from learn.core.db import session
from learn.core.web import page
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.site import standing
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.place import course_of, with_query
from learn.site.resume import Resume
from learn.site.standing import Standing


@pages.get("/kurse/<slug:kurs>/abschluss", access=learner)
def finish(kurs: str) -> ResponseReturnValue:
    """Confirm the completion; before it, say what is open; without enrolment, lead to the course."""
    release, moved = course_of(session(), kurs)
    href = f"/kurse/{release.manifest.slug}"
    if moved:
        return redirect(with_query(f"{href}/abschluss"), 301)
    own = standing.in_course(session(), actor(), release)
    if own is None:
        return redirect(href, 303)
    return page(
        "site/finish.html",
        release=release,
        href=href,
        completion=own.enrolled.completion,
        resume=Resume.of(own) if own.following else None,
        optional=[(f"{href}/{entry.slug}", entry) for entry in left(own)],
        suggestion=suggestion(release) if own.enrolled.completion else None,
    )


def left(own: Standing) -> list[LessonEntry]:
    """Open lessons that do not count."""
    states = own.state.lessons
    entries = own.release.manifest.lessons()
    return [entry for entry in entries if not (states[entry.id].done or states[entry.id].counted)]


def suggestion(release: CourseRelease) -> CourseCard | None:
    """One next course: the first of the catalogue that she has not begun."""
    begun = {each.release.course_id for each in standing.in_all(session(), actor())} | {release.course_id}
    cards = shelf.cards(session(), limit=len(begun) + 1).items
    return next((CourseCard.of(card) for card in cards if card.id not in begun), None)
