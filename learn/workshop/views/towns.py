"""A Kommune's values: which courses ask for some, entering them, all places where they appear."""

from collections.abc import Mapping

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core import forms as core_forms
from learn.core.access import Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.workshop import adapting, filling, policy, towns
from learn.workshop.views.adapting import Adapted, adapted, town_of
from learn.workshop.views.blueprint import pages

FIELD = "wert-"


@pages.get("/kommunen/<ags>/kurse", access=policy.adapter)
def town_courses(ags: str) -> ResponseReturnValue:
    """All courses, with what each asks for and what was added."""
    town = town_of(ags)
    rows, after = adapting.courses(session(), town.id, request.args.get("nach"))
    name = towns.bare(town.kind, town.name)
    return page("workshop/town_courses.html", town=town, name=name, rows=rows, after=after)


@pages.get("/kommunen/<ags>/kurse/<slug:kurs>", access=policy.adapter)
def town_course(ags: str, kurs: str) -> ResponseReturnValue:
    """The form with what is stored, or with a text that outlived its session."""
    here = adapted(ags, kurs)
    now = towns.values(session(), here.town.id, here.release.course_id)
    kept = core_forms.claim(here.href)
    if kept is None:
        return form_page(here, now, filling.stand(now))
    entered, base = dict(now), dict(kept.fields).get("base_revision", "")
    entered |= {name.removeprefix(FIELD): text for name, text in kept.fields if name.startswith(FIELD)}
    return form_page(here, entered, base, note=_("Ihre Angaben sind noch da, aber noch nicht gespeichert."))


@pages.post("/kommunen/<ags>/kurse/<slug:kurs>", access=policy.adapter)
def save_values(ags: str, kurs: str) -> ResponseReturnValue:
    """Store the values; 409 with both when others were stored meanwhile."""
    here = adapted(ags, kurs)
    sent, base = sent_values(here), request.form.get("base_revision", "")
    tidied, faults = checked(sent)
    if faults:
        return form_page(here, sent, base, faults=faults, status=422)
    try:
        with writing() as db:
            changed = filling.save(db, actor(), here.town.id, here.release.course_id, tidied, base=base)
    except filling.Conflict as conflict:
        stand = filling.stand(conflict.current)
        return form_page(here, sent, stand, theirs=conflict.current, status=409)
    flash(_("Die Angaben sind gespeichert.") if changed else _("Es hat sich nichts geändert."), "success")
    return redirect(here.href, 303)


def sent_values(here: Adapted) -> dict[str, str]:
    """The fields of the form that the course has, by name."""
    now = towns.values(session(), here.town.id, here.release.course_id)
    names = [each.name for each in adapting.asked(session(), here.release, now)]
    return {name: request.form[FIELD + name] for name in names if FIELD + name in request.form}


def checked(sent: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Tidied values, and faults, by name."""
    tidied, faults = {}, {}
    for name, text in sent.items():
        try:
            tidied[name] = filling.tidy(text)
        except Refused as problem:
            faults[name] = problem.message
    return tidied, faults


def form_page(
    here: Adapted,
    values: Mapping[str, str],
    base: str,
    *,
    faults: Mapping[str, str] | None = None,
    theirs: Mapping[str, str] | None = None,
    note: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Values, places and supplements of a course."""
    return page(
        "workshop/town_course.html",
        status,
        here=here,
        asked=adapting.asked(session(), here.release, values),
        base_revision=base,
        faults=faults or {},
        theirs=theirs,
        note=note,
        placed=adapting.placed(session(), here.town.id, here.release),
        modules=here.release.manifest.modules,
    )
