"""The end of a course: the completion with what was learnt, or what is still open."""

import secrets
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Closing:
    """The form that ends a course whose last open lesson was taken away: a lesson completed once more."""

    action: str
    fields: dict[str, object]


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
        closing=closing(href, own),
        optional=[(f"{href}/{entry.slug}", entry) for entry in left(own)],
        suggestion=suggestion(release) if own.enrolled.completion else None,
    )


def left(own: Standing) -> list[LessonEntry]:
    """Open lessons that do not count."""
    states = own.state.lessons
    entries = own.release.manifest.lessons()
    return [entry for entry in entries if not (states[entry.id].done or states[entry.id].counted)]


def closing(href: str, own: Standing) -> Closing | None:
    """Only where everything is done but no request has said so yet."""
    if own.enrolled.completion or not own.state.complete:
        return None
    done = [entry for entry in own.release.manifest.lessons() if own.state.lessons[entry.id].done]
    if not done:
        return None
    fields = {
        "request_id": secrets.token_hex(8),
        "edition": done[-1].edition,
        "pass": own.state.lessons[done[-1].id].pass_,
    }
    return Closing(f"{href}/{done[-1].slug}/abschliessen", fields)


def suggestion(release: CourseRelease) -> CourseCard | None:
    """One next course: the first of the catalogue that she has not begun."""
    begun = {each.release.course_id for each in standing.in_all(session(), actor())} | {release.course_id}
    cards = shelf.cards(session(), limit=len(begun) + 1).items
    return next((CourseCard.of(card) for card in cards if card.id not in begun), None)
