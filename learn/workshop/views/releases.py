"""`/werkstatt/kurse/<id>/veroeffentlichungen`: what was published when, and the way back to it."""

from collections import Counter

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.web import page, to
from learn.courses.changes import Change
from learn.workshop import policy, releases
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import number

ADDRESS = "/werkstatt/kurse/<course_id>/veroeffentlichungen"


@pages.get(ADDRESS, access=policy.author)
def course_releases(course_id: str) -> ResponseReturnValue:
    """The history; with `?zurueck=<number>` what going back to that one means, to be confirmed."""
    if "zurueck" in request.args:
        try:
            found = releases.way_back(session(), course_id, number("zurueck", request.args))
        except Refused as refused:
            return history(course_id, refused)
        return page("workshop/rollback.html", found=found, words=summed(found.changes))
    return history(course_id)


@pages.post(ADDRESS, access=policy.author)
def roll_back_course(course_id: str) -> ResponseReturnValue:
    """Point the course to an earlier release, or forward again."""
    wanted = number("release")
    try:
        with writing() as db:
            releases.roll_back(db, actor(), course_id, wanted, shown=number("base_revision"))
    except Refused as refused:
        return history(course_id, refused)
    flash(_("Lernende lesen jetzt wieder Veröffentlichung %(number)s.", number=wanted), "success")
    return to(".course_releases", course_id=course_id)


def history(course_id: str, refused: Refused | None = None) -> ResponseReturnValue:
    found = releases.history(session(), course_id, number("vor", request.args))
    return page(
        "workshop/releases.html",
        refused.status if refused else 200,
        found=found,
        words={row.number: summed(row.changes) for row in found.rows},
        refused=refused,
    )


def summed(changes: tuple[Change, ...]) -> str:
    """How many lessons changed in which way, „2 Lektionen neu, 1 Lektion inhaltlich geändert“."""
    counted = Counter(change.kind for change in changes)
    told = []
    for kind, words in said().items():
        if counted[kind]:
            lessons = ngettext("%(num)s Lektion", "%(num)s Lektionen", counted[kind])
            told.append(f"{lessons} {words}")
    return ", ".join(told)


def said() -> dict[str, str]:
    """Classes of changes as they follow a number of lessons."""
    return {
        "neu": _("neu"),
        "erneut": _("noch einmal zu lernen"),
        "inhaltlich": _("inhaltlich geändert"),
        "redaktionell": _("redaktionell geändert"),
        "verschoben": _("verschoben"),
        "umbenannt": _("umbenannt"),
        "ersetzt": _("ersetzt"),
        "entfallen": _("entfallen"),
    }
