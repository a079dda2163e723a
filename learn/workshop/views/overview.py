"""`/werkstatt`: what is in work, what waits, what is published; a new course."""

from collections.abc import Mapping

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.workshop import course_forms, forms, founding, identities, overview, policy, saving, structure
from learn.workshop.course_forms import Form
from learn.workshop.overview import Work
from learn.workshop.views.blueprint import pages

NEW = "/werkstatt/kurse/neu"
FIELDS = ("title", "ergebnis", "lizenz")


@pages.get("/werkstatt", access=policy.author)
def overview_page() -> ResponseReturnValue:
    """All courses, those with changes first."""
    db = session()
    query = forms.line(request.args.get("q", ""))[:200]
    work = overview.work(db, actor(), query)
    published = overview.published(db, request.args.get("nach"), query)
    drafts = [each for each in work if each.state == "entwurf"]
    waiting = [each for each in work if each.state != "entwurf"]
    return page(
        "workshop/overview.html",
        drafts=[(each, words(each)) for each in drafts[: overview.SHOWN]],
        waiting=[(each, words(each)) for each in waiting[: overview.SHOWN]],
        counts=(len(drafts), len(waiting)),
        query=query,
        long=bool(query or published.after or max(len(drafts), len(waiting)) > overview.SHOWN),
        changed={each.id for each in work},
        published=published.rows,
        more=url_for(".overview_page", q=query or None, nach=published.after) if published.after else "",
    )


def words(work: Work) -> Mapping[str, str]:
    """A course's state, its next step and the address of that step."""
    here = f"/werkstatt/kurse/{work.id}"
    if work.state == "freigabe":
        return {
            "state": _("wartet auf Freigabe"),
            "step": _("Prüfen und freigeben"),
            "href": f"{here}/freigabe",
        }
    if work.state == "bereit" and work.publish_at is not None:
        state = _("geplant für den %(day)s", day=day(work.publish_at.date()))
        return {"state": state, "step": _("Termin ansehen"), "href": f"{here}/freigabe"}
    if work.state == "bereit":
        return {"state": _("freigegeben"), "step": _("Veröffentlichen"), "href": f"{here}/freigabe"}
    return {"state": _("Entwurf"), "step": _("Weiterschreiben"), "href": here}


@pages.get(NEW, access=policy.author)
def ask_for_course() -> ResponseReturnValue:
    return asked(Form({"lizenz": "CC-BY-4.0"}))


@pages.post(NEW, access=policy.author)
def create_course() -> ResponseReturnValue:
    """A course with nothing but its data."""
    form = course_forms.checked(request.form, "kurs", FIELDS)
    if form.faults:
        return asked(form, 422)
    files = structure.course(
        identities.new("kurs"), form.says("title"), form.says("ergebnis"), form.says("lizenz")
    )
    try:
        with writing() as db:
            slug = form.says("slug") or founding.address(db, form.says("title"))
            course_id = saving.create(db, actor(), slug, files)
    except Refused as problem:
        return asked(form.but(slug=problem.message), problem.status)
    flash(_("Der Kurs ist angelegt. Nur die Werkstatt sieht ihn. Beginnen Sie mit einem Modul."), "success")
    return to(".course", course_id=course_id, anchor="neues-modul")


def asked(form: Form, status: int = 200) -> ResponseReturnValue:
    return page("workshop/course_new.html", status, form=form, licences=course_forms.LICENCES)
