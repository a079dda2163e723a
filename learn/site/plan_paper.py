"""The Fahrplan of a lesson as a PDF: what she has saved, with room to write by hand where nothing stands."""

import html
import re
from collections.abc import Iterator
from typing import Any

from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from learn.core import clock, logs, paper
from learn.core.access import NotFound, actor, learner
from learn.core.db import session
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.learning import queries
from learn.learning.queries import Saved
from learn.markup.model import Plan, PlanCell, PlanField, PlanTable
from learn.site import local, printable
from learn.site.blueprint import pages
from learn.site.place import Place, place, with_query
from learn.site.planning import PlanSheet, sheet_of
from learn.site.plans import plan_sheets
from learn.workshop import inserting

LONG = re.compile(r"(\S{24})(?=\S)")  # a word that no line of a narrow column holds
PAPERS = Pace(Limit("plan-pdf", tries=30, seconds=600))


@pages.get("/kurse/<slug:kurs>/<slug:lektion>/fahrplan.pdf", access=learner)
def plan_pdf(kurs: str, lektion: str) -> ResponseReturnValue:
    """The paper; where none comes about, the page for print with a sentence."""
    found = place(session(), kurs, lektion)
    if found.moved:
        return redirect(with_query(f"{found.href}/fahrplan.pdf"), 301)
    saved = queries.plans(session(), actor(), found.text.lesson_id)
    plan = asked(found, saved)
    PAPERS.take(str(actor().owner))
    try:
        made = paper.pdf("fahrplan", data(found, plan, saved.get(plan.id)), forgiving=True)
    except paper.NotMade as problem:
        logs.failure(problem)
        response = make_response(plan_sheets(found, saved, 503, str(problem)))
        response.headers["Retry-After"] = "60"
        return response
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="fahrplan-{found.slug}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def asked(found: Place, saved: dict[str, Saved]) -> Plan:
    """The Fahrplan an address names, else the first; one that left the lesson with what she had saved."""
    plans = [part for part in found.text.parts if isinstance(part, Plan)]
    name = request.args.get("plan") or (plans[0].id if plans else "")
    here = next((plan for plan in plans if plan.id == name), None)
    if here is None and name not in saved:
        raise NotFound
    return here or Plan(name, "", "", ())


def data(found: Place, plan: Plan, saved: Saved | None) -> dict[str, Any]:
    """What the paper says, as JSON values."""
    sheet = sheet_of(plan, saved)
    return {
        "title": plan.heading or _("Fahrplan"),
        "course": found.release.manifest.title,
        "lesson": found.text.title,
        "town": actor().municipality,
        "day": day(clock.today()),
        "saved": _("Gespeichert am %(day)s", day=day(sheet.saved_on)) if sheet.saved_on else "",
        "network": current_app.extensions["learn.config"].network_name,
        "parts": list(parts(found, plan, sheet)),
        "former": [{"label": broken(label), "text": broken(text)} for label, text in sheet.former],
    }


def parts(found: Place, plan: Plan, sheet: PlanSheet) -> Iterator[dict[str, Any]]:
    """Texts, fields and tables in the order of the form; fields are numbered as there."""
    number = 0
    for part in plan.parts:
        if isinstance(part, PlanField):
            number += 1
            text = broken(sheet.values.get(number, ""))
            yield {"kind": "field", "label": part.label, "hint": part.hint, "text": text}
        elif isinstance(part, PlanTable):
            rows = []
            for row in part.rows:
                cells = []
                for cell in row:
                    number += bool(cell.label)
                    cells.append(drawn(found, cell, sheet.values.get(number, "")))
                rows.append(cells)
            yield {"kind": "table", "head": [html.unescape(words) for words in part.columns], "rows": rows}
        else:
            yield {"kind": "blocks", "blocks": blocks(found, part.html)}


def drawn(found: Place, cell: PlanCell, text: str) -> dict[str, Any]:
    """A cell of a table: its words, or what was written there."""
    if cell.label:
        return {"kind": "field", "text": broken(text)}
    return {"kind": "words", "blocks": blocks(found, cell.html)}


def blocks(found: Place, text: str) -> list[dict[str, Any]]:
    """Blocks of sanitised HTML, with what the reader's Kommune says in place of the course's words."""
    if inserting.MARK in text:
        text = inserting.with_values(text, local.in_course(found.release).values)
    return printable.blocks(text, f"{current_app.extensions['learn.config'].base_url}/")


def broken(text: str) -> str:
    """A text whose longest words can go on in the next line."""
    return LONG.sub("\\1\N{ZERO WIDTH SPACE}", text)
