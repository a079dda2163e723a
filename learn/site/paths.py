"""Lernpfade: courses in an order, with the one to begin or continue next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import redirect
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, actor, visitor
from learn.core.db import session
from learn.core.i18n import day, ngettext
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import cards
from learn.courses import queries as shelf
from learn.courses.cards import Card
from learn.courses.library import CourseRelease
from learn.site import course, standing
from learn.site.blueprint import pages
from learn.site.place import with_query
from learn.site.resume import Resume
from learn.site.standing import Standing


@dataclass(frozen=True, slots=True)
class PathCard:
    """A Lernpfad in the list; `minutes` of all required lessons of its courses."""

    href: str
    title: str
    outcome: str
    courses: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Row:
    """A course in its place, see components/task_list.html."""

    href: str
    title: str
    outcome: str
    minutes: int
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class Next:
    """The course to begin or continue: where it goes on, or that its end is near, or how to begin it."""

    card: Card
    resume: Resume | None = None
    finished: course.Finished | None = None


@pages.get("/pfade", access=visitor)
def paths() -> ResponseReturnValue:
    """List all Lernpfade, the shortest first."""
    found = shelf.paths(session())
    known = courses_of(found)
    listed = [path_card(release, known) for release in found]
    return page("site/paths.html", paths=sorted(listed, key=lambda each: (each.minutes, each.title)))


@pages.get("/pfade/<slug:slug>", access=visitor)
def path(slug: str) -> ResponseReturnValue:
    """Show a Lernpfad; an earlier address leads to today's."""
    found = shelf.path(session(), f"pfade/{slug}")
    if isinstance(found, shelf.Moved):
        return redirect(with_query(f"/{found.slug}"), 301)
    if found is None:
        raise NotFound
    return show(found)


def show(release: CourseRelease) -> ResponseReturnValue:
    """The page, with the reader's own state in each course that she has begun."""
    ordered = of_path(release, courses_of([release]))
    own = {each.release.course_id: each for each in standing.in_all(session(), actor())}
    following = following_of(ordered, own)
    return page(
        "site/path.html",
        path=path_card(release, {card.id: card for card in ordered}),
        html=release.sheet.html,
        rows=[row(card, own.get(card.id), following) for card in ordered],
        next=following,
        begun=any(card.id in own for card in ordered),
        facts_shown=[
            (_("Veröffentlicht"), day(release.published_on)),
            (_("Lizenz"), course.LICENSES.get(release.sheet.license, "")),
        ],
    )


def courses_of(paths: Iterable[CourseRelease]) -> Mapping[str, Card]:
    """The published courses that these Lernpfade order, by id: one statement."""
    wanted = dict.fromkeys(key for release in paths for key in release.sheet.courses)
    return {card.id: card for card in cards.of_ids(session(), list(wanted))}


def of_path(release: CourseRelease, known: Mapping[str, Card]) -> list[Card]:
    """Its courses in their order, as far as they are published."""
    return [known[key] for key in release.sheet.courses if key in known]


def path_card(release: CourseRelease, known: Mapping[str, Card]) -> PathCard:
    """What the list and the head of the page say."""
    ordered = of_path(release, known)
    return PathCard(
        href=f"/{release.manifest.slug}",
        title=release.manifest.title,
        outcome=release.sheet.outcome,
        courses=ngettext("%(num)s Kurs", "%(num)s Kurse", len(ordered)),
        minutes=sum(card.minutes for card in ordered),
    )


def following_of(ordered: Iterable[Card], own: Mapping[str, Standing]) -> Next | None:
    """The first course that the reader has not finished; None when she has finished all."""
    card = next((each for each in ordered if each.id not in own or not own[each.id].finished), None)
    if card is None:
        return None
    mine = own.get(card.id)
    if mine is None:
        return Next(card)
    return Next(card, Resume.of(mine)) if mine.following else Next(card, finished=course.finished(mine))


def row(card: Card, mine: Standing | None, following: Next | None) -> Row:
    """One course; its state only for someone who has begun it."""
    state, word = "", ""
    if mine:
        ahead = following is not None and following.card.id == card.id
        state = "done" if mine.finished else "next" if ahead else "open"
        word = "" if mine.finished else _("Begonnen")
    return Row(f"/kurse/{card.slug}", card.title, card.outcome, card.minutes, state, word)
