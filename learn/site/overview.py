"""Mein Lernen: where to continue, what is finished; for the person herself only."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask.typing import ResponseReturnValue

from learn.core.access import actor, learner
from learn.core.db import session
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.forum import policy as forum_policy
from learn.learning import queries
from learn.learning.queries import SavedAt
from learn.site import asked, standing
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.resume import Resume
from learn.site.standing import Standing

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished course; `change_href` leads to the first lesson written anew since."""

    course: str
    href: str
    text: str
    change_href: str
    suffix: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A Fahrplan of hers; `href` is empty where its lesson has left the course."""

    lesson: str
    course: str
    text: str
    href: str
    anchor: str
    pdf: str


@pages.get("/lernen", access=learner)
def overview() -> ResponseReturnValue:
    """List the person's courses, the latest first."""
    own = standing.in_all(session(), actor())
    going = [Resume.of(each) for each in own if each.following]
    return page(
        "site/overview.html",
        going=going[:SHOWN],
        more=going[SHOWN:],
        finished=[completed(each) for each in own if not each.following],
        plans=plans(),
        suggestion=suggestion(own),
        news=asked.own_news(),
        may_write=forum_policy.may_write(actor()),
    )


def completed(own: Standing) -> Completed:
    """A course in which nothing required is open."""
    tree, completion = own.release.manifest, own.enrolled.completion
    changed = [tree.lesson(key) for key, state in own.state.lessons.items() if state.state == "changed"]
    lesson = changed[0] if changed else None
    text = _("Alle Pflichtlektionen gelesen.")
    if completion:
        text = _(
            "Abgeschlossen am %(day)s, Ausgabe %(edition)s",
            day=day(completion.day),
            edition=completion.edition,
        )
    if lesson:
        text += _(". „%(title)s“ ist seitdem neu gefasst.", title=lesson.title)
    return Completed(
        course=tree.title,
        href=f"/kurse/{tree.slug}/abschluss" if completion else f"/kurse/{tree.slug}",
        text=text,
        change_href=f"/kurse/{tree.slug}/{lesson.slug}" if lesson else "",
        suffix=f": {tree.title}",
    )


def plans() -> list[PlanRow]:
    """Her Fahrpläne: one statement, another one for releases that no cache holds."""
    saved = queries.saved_plans(session(), actor())
    releases = shelf.releases(session(), {each.release for each in saved if each.release})
    return [plan_row(each, releases[each.release] if each.release else None) for each in saved]


def plan_row(saved: SavedAt, release: CourseRelease | None) -> PlanRow:
    """One of them in words."""
    entry = release.manifest.lesson(saved.lesson_id) if release else None
    href = f"/kurse/{release.manifest.slug}/{entry.slug}" if release and entry else ""
    return PlanRow(
        lesson=entry.title if entry else saved.lesson,
        course=saved.course,
        text=_("Gespeichert am %(day)s", day=day(saved.day)),
        href=href,
        anchor=f"#fahrplan-{saved.plan}",
        pdf=f"{href}/fahrplan.pdf?{urlencode({'plan': saved.plan})}",
    )


def suggestion(own: Sequence[Standing]) -> CourseCard | None:
    """The first course in the catalogue's order that she has not begun."""
    begun = {each.release.course_id for each in own}
    cards = shelf.cards(session(), limit=len(begun) + 1).items if begun else ()
    return next((CourseCard.of(card) for card in cards if card.id not in begun), None)
