"""The lesson page of a draft: as visitors, as learners of a Kommune, as somebody in the middle of the course.

Nothing here is anybody's: progress is made up, forms are switched off, and no state is read or written.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.core import clock
from learn.core.access import actor, require
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses.manifest import LessonEntry
from learn.learning.progress import DONE, Row, progress
from learn.learning.queries import Enrolled
from learn.markup.model import Plan
from learn.network import queries as network
from learn.network.models import Municipality
from learn.site import local, printing
from learn.site.blueprint import pages
from learn.site.place import Place
from learn.site.planning import PlanSheet
from learn.site.reading import Seen, Sent, show
from learn.site.standing import Standing
from learn.workshop import keys, policy, rehearsal, towns
from learn.workshop.rehearsal import UNSTORED, Rehearsal
from learn.workshop.towns import Local
from learn.workshop.views.shared import turn

VISITOR, TOWN, MIDDLE = "besucher", "kommune", "mitte"
VIEWS = (VISITOR, TOWN, MIDDLE)
CONTROLS = re.compile(r"<(button|input|select|textarea)\b(?![^>]*\sdisabled)")


@dataclass(frozen=True, slots=True)
class DraftPlace(Place):
    """A lesson's address in the Werkstatt; whatever is reached from it stays there. `query`: whose view."""

    query: str = ""

    @property
    def href(self) -> str:
        return self.at(self.text.lesson_id)

    @property
    def course_href(self) -> str:
        return f"/werkstatt/kurse/{self.release.course_id}"

    @property
    def easy_href(self) -> str:
        return f"{self.href}&fassung=einfach"

    @property
    def print_href(self) -> str:
        return f"/werkstatt/lektionen/{self.text.lesson_id}/ansicht/druck"

    @property
    def suffix(self) -> str:
        return ""

    def to(self, entry: LessonEntry) -> str:
        return self.at(entry.id) + ("&fassung=einfach" if self.plain and entry.plain else "")

    def at(self, lesson_id: str) -> str:
        """The address of a lesson's draft in the same view."""
        return f"/werkstatt/lektionen/{lesson_id}/ansicht?{self.query}"


@pages.get("/werkstatt/lektionen/<lesson_id>/ansicht", access=policy.author)
def draft(lesson_id: str) -> ResponseReturnValue:
    """Show the saved draft of a lesson by the template of its page."""
    found = rehearsed(lesson_id)
    view = request.args.get("als", "")
    view = view if view in VIEWS else VISITOR
    town = chosen() if view == TOWN else None
    plans = {part.id: PlanSheet() for part in found.text.parts if isinstance(part, Plan)}
    seen = Seen(
        "site/lesson_draft.html",
        own=standing(found, middle=view == MIDDLE) if view != VISITOR else None,
        local=added(found, town) if town else local.NOTHING,
        values={"look": look(found, view, town), "switched_off": switched_off},
    )
    return show(place(found, view, town), sent=Sent(plans=plans), seen=seen)


@pages.get("/werkstatt/lektionen/<lesson_id>/ansicht/druck", access=policy.author)
def draft_on_paper(lesson_id: str) -> ResponseReturnValue:
    """Show the draft as the printed course will hold it."""
    found = rehearsed(lesson_id)
    modules = enumerate(found.release.manifest.modules, 1)
    number, module = next((number, each) for number, each in modules if found.entry in each.lessons)
    return page(
        "site/print_draft.html",
        release=found.release,
        modules=[(number, module, [printing.made(found.text)])],
        course_href=f"/werkstatt/kurse/{found.release.course_id}",
        print_href=request.path,
        look=look(found, "druck", None),
    )


def switched_off(html: Markup) -> Markup:
    """The same with all controls disabled; tables that scroll still take the focus, as in no fieldset."""
    return Markup(CONTROLS.sub(r"<\1 disabled", str(html)))  # noqa: S704 - a rendered block


def rehearsed(lesson_id: str) -> Rehearsal:
    """The lesson as it is saved; its texts are drawn now. Raises NotFound, TooMany."""
    with turn():
        return require(rehearsal.lesson(session(), lesson_id))


def chosen() -> Municipality | None:
    """The Kommune asked for, else the author's own."""
    named = network.town(session(), request.args.get("kommune", ""))
    return named or network.town_by_id(session(), actor().municipality_id)


def place(found: Rehearsal, view: str, town: Municipality | None) -> DraftPlace:
    query = urlencode({"als": view, **({"kommune": town.ags} if town else {})})
    plain = request.args.get("fassung") == "einfach"
    return DraftPlace(
        release=found.release,
        text=found.text,
        entry=found.entry,
        slug=found.entry.slug,
        moved=False,
        plain=plain,
        query=query,
    )


def standing(found: Rehearsal, *, middle: bool) -> Standing:
    """Somebody who has begun the course, or is done with all before this lesson: made up."""
    today, tree = clock.today(), found.release.manifest
    entries = list(tree.lessons())
    done = entries[: entries.index(found.entry)] if middle else []
    rows = tuple(Row(entry.id, entry.edition, DONE, 0, today) for entry in done)
    enrolled = Enrolled(UNSTORED, tree.course_id, UNSTORED, today, UNSTORED, rows, None)
    return Standing(found.release, enrolled, progress(tree, rows, tree, None))


def added(found: Rehearsal, town: Municipality) -> Local:
    """What the Kommune adds; supplements of others than the author's own are named, not shown."""
    mine = towns.at_lesson(session(), town.id, found.release.course_id, found.text.lesson_id)
    if town.id == actor().municipality_id:
        return mine
    words = _("Hier steht eine Ergänzung der Kommune. Nur ihre Mitarbeitenden lesen sie.")
    hidden = Markup("<p>{}</p>").format(words)
    return replace(mine, additions=tuple(replace(each, html=hidden) for each in mine.additions))


@dataclass(frozen=True, slots=True)
class Look:
    """The bar above a draft's page. `views`: address, name and whether it is this one."""

    views: tuple[tuple[str, str, bool], ...]
    editor: str
    town: str
    ags: str
    towns: tuple[tuple[str, str], ...]
    easy: bool
    problem: str


def look(found: Rehearsal, view: str, town: Municipality | None) -> Look:
    """The ways between the views and back to the editor."""
    easy = request.args.get("fassung") == "einfach" and found.text.plain is not None
    base = f"/werkstatt/lektionen/{found.text.lesson_id}/ansicht"
    names = {VISITOR: _("Besuch"), TOWN: _("Aus einer Kommune"), MIDDLE: _("Mitten im Kurs")}
    kept = {"fassung": "einfach"} if easy else {}
    views = [(f"{base}?{urlencode({'als': key, **kept})}", name, key == view) for key, name in names.items()]
    choice = dict(rehearsal.towns(session(), found.release.course_id)) if view == TOWN else {}
    if town is not None:
        choice.setdefault(town.ags, town.name)
    return Look(
        views=(*views, (f"{base}/druck", _("Auf Papier"), view == "druck")),
        editor=keys.href(found.text.lesson_id + (keys.PLAIN if easy else "")),
        town=town.name if town else "",
        ags=town.ags if town else "",
        towns=tuple(sorted(choice.items(), key=lambda each: each[1])),
        easy=easy,
        problem=found.problem,
    )
