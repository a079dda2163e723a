"""Keeping a place of a lesson, and writing a note there; for the reader alone, enrolled or not."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.courses.library import LessonText
from learn.learning import beside, bookmarks, notes, spots
from learn.learning.spots import Spot
from learn.markup.model import Heading
from learn.site import kept
from learn.site.blueprint import pages
from learn.site.notepad import Draft
from learn.site.place import Place, as_rendered, place
from learn.site.reading import Fault, Sent, show

PAD = "notizen"  # id of the part of the page


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/merken", access=learner)
def keep_place(kurs: str, lektion: str) -> ResponseReturnValue:
    """Keep the lesson or one of its headings, or no longer."""
    found = place(session(), kurs, lektion)
    try:
        said = pressed(found)
    except Refused as problem:
        return refused(found, _("Noch nicht gemerkt"), problem)
    flash(said, "success")
    return redirect(f"{found.href}{found.suffix}{f'#{PAD}' if wished() else ''}", 303)


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/notizen", access=learner)
def write_note(kurs: str, lektion: str) -> ResponseReturnValue:
    """Store a new note, once for each form."""
    found = place(session(), kurs, lektion)
    try:
        spot = chosen(found)
        with writing() as db:
            notes.add(db, actor(), spot, request.form.get("body", ""), request.form.get("key", ""))
    except notes.Conflict as conflict:
        return kept.conflicting(conflict.saved, request.form.get("body", ""))
    except Refused as problem:
        return refused(found, _("Ihre Notiz ist noch nicht gespeichert"), problem)
    flash(_("Ihre Notiz ist gespeichert."), "success")
    return redirect(f"{found.href}{found.suffix}#{f's-{wished()}' if wished() else PAD}", 303)


def pressed(found: Place) -> str:
    """Do what the button says, and tell it. Raises Refused."""
    if request.form.get("press") == "entfernen":
        with writing() as db:
            bookmarks.drop(db, actor(), found.text.lesson_id, wished())
        return _("Die Stelle ist nicht mehr gemerkt.")
    if request.form.get("press") != "merken":
        raise Refused(_("Drücken Sie den Knopf noch einmal."))
    if request.form.get("body", "").strip():
        raise Refused(_("Speichern Sie zuerst Ihre Notiz, oder leeren Sie das Feld."), field="body")
    spot = chosen(found)
    if not already(found.text, spot):
        with writing() as db:
            bookmarks.keep(db, actor(), spot)
    return _("Die Stelle ist gemerkt. Sie finden sie in „Mein Lernen“.")


def already(text: LessonText, spot: Spot) -> bool:
    """Whether a bookmark stands at this heading that knew it by another slug."""
    heading = spots.heading(text.headings, spot.slug, spot.heading)
    mine = beside.beside(session(), actor(), text.lesson_id, text.edition).bookmarks
    found = (spots.heading(text.headings, each.slug, each.heading) for each in mine)
    return heading is not None and heading in found


def wished() -> str:
    """The slug of the heading a form names; empty for the whole lesson."""
    return request.form.get("heading", "")[: spots.LENGTH]


def chosen(found: Place) -> Spot:
    """The spot a form names, in the version it was made from. Raises Refused."""
    text = as_rendered(session(), found) if "version" in request.form else found.text
    if not wished():
        return spots.spot(found.release, text)
    heading = spots.heading(headings(text), wished(), "")
    if heading is None:
        raise Refused(
            _("Wählen Sie die Stelle noch einmal. Diesen Abschnitt gibt es nicht."), field="heading"
        )
    return spots.spot(found.release, text, heading)


def headings(text: LessonText) -> tuple[Heading, ...]:
    """Of both variants, those of the standard one first."""
    return (*text.headings, *(text.plain.headings if text.plain else ()))


def refused(found: Place, title: str, problem: Refused) -> ResponseReturnValue:
    """The lesson again, with what was typed and what is in the way."""
    field = "heading" if problem.field == "heading" else "body"
    key = "" if problem.field == "key" else request.form.get("key", "")
    draft = Draft(request.form.get("body", ""), wished(), key, {field: problem.message})
    fault = Fault(title, "notiz-stelle" if field == "heading" else "notiz", problem.message)
    return show(found, problem.status, Sent(fault=fault, draft=draft))
