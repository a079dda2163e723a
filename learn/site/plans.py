"""The Fahrplan of a lesson: saved for the person alone, and as one clean page for print."""

from collections.abc import Mapping
from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core import clock
from learn.core.access import NotFound, Refused, actor, learner, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses.library import LessonText
from learn.learning import queries, service
from learn.markup.model import Plan
from learn.site import local
from learn.site.blueprint import pages
from learn.site.place import Place, as_rendered, place, whole_number, with_query
from learn.site.planning import PlanSheet, numbered, sheet_of
from learn.site.reading import Fault, Sent, show


@pages.get("/kurse/<slug:kurs>/<slug:lektion>/fahrplan", access=visitor)
def plan_page(kurs: str, lektion: str) -> ResponseReturnValue:
    """Show the Fahrplan with what is saved, to print or to fill in by hand."""
    found = place(session(), kurs, lektion)
    if found.moved:
        return redirect(with_query(f"{found.href}/fahrplan"), 301)
    if not any(isinstance(part, Plan) for part in found.text.parts):
        raise NotFound
    return plan_sheets(found, queries.plans(session(), actor(), found.text.lesson_id))


def plan_sheets(
    found: Place, saved: Mapping[str, queries.Saved], status: int = 200, failed: str = ""
) -> ResponseReturnValue:
    """The page for print; `failed`: why there is no PDF."""
    plans = [part for part in found.text.parts if isinstance(part, Plan)]
    answer = page(
        "site/plan.html",
        status,
        place=found,
        plans=[(part, sheet_of(part, saved.get(part.id))) for part in plans],
        today=clock.today(),
        failed=failed,
    )
    return local.valued(answer, found.release)


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/fahrplan", access=learner)
def save_plan(kurs: str, lektion: str) -> ResponseReturnValue:
    """Save a Fahrplan under the labels of the version it was written in."""
    found = place(session(), kurs, lektion)
    text = as_rendered(session(), found)
    plan = asked(text)
    texts, base = sent_texts(plan), whole_number("base_revision") or 0
    try:
        with writing() as db:
            service.save_plan(db, actor(), text.lesson_id, plan.id, texts, base)
    except service.Conflict as conflict:
        return conflicting(found, text, plan, texts, conflict.saved)
    except Refused as problem:
        return too_long(found, text, plan, texts, problem)
    flash(_("Ihr Fahrplan ist gespeichert."), "success")
    return redirect(f"{found.href}{found.suffix}#fahrplan-{plan.id}", 303)


def asked(text: LessonText) -> Plan:
    """The Fahrplan a form names. Raises Refused."""
    name = request.form.get("plan", "")
    for part in text.parts:
        if isinstance(part, Plan) and part.id == name:
            return part
    raise Refused(_("Laden Sie die Seite neu. Diesen Fahrplan gibt es nicht."), field="plan")


def sent_texts(plan: Plan) -> dict[str, str]:
    """Texts by label, of the fields that were sent; lines end as they are stored."""
    found = {}
    for number, label in enumerate(plan.labels(), 1):
        typed = request.form.get(f"field-{number}")
        if typed is not None:
            found[label] = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    return found


def conflicting(
    found: Place, text: LessonText, plan: Plan, texts: Mapping[str, str], saved: queries.Saved
) -> ResponseReturnValue:
    """409: her text in the fields, what is saved beside it; sending it once more replaces that."""
    both = {label: (saved.fields.get(label, ""), own) for label, own in texts.items()}
    sheet = replace(sheet_of(plan, saved), values=numbered(plan, texts), conflict=both)
    sentence = _("Vergleichen Sie beide Angaben und speichern Sie dann noch einmal.")
    return again(found, text, plan, sheet, 409, f"fahrplan-{plan.id}", sentence)


def too_long(
    found: Place, text: LessonText, plan: Plan, texts: Mapping[str, str], problem: Refused
) -> ResponseReturnValue:
    """422 with the sentence at its field."""
    number = plan.labels().index(problem.field) + 1
    saved = queries.plans(session(), actor(), text.lesson_id).get(plan.id)
    sheet = replace(
        sheet_of(plan, saved),
        values=numbered(plan, texts),
        base_revision=whole_number("base_revision") or 0,
        errors={number: problem.message},
    )
    return again(found, text, plan, sheet, problem.status, f"f-{plan.id}-{number}", problem.message)


def again(
    found: Place, text: LessonText, plan: Plan, sheet: PlanSheet, status: int, anchor: str, sentence: str
) -> ResponseReturnValue:
    """The lesson with the form as it was sent."""
    fault = Fault(_("Ihr Fahrplan ist noch nicht gespeichert"), anchor, sentence)
    return show(found, status, Sent(text, plans={plan.id: sheet}, fault=fault))
