"""„Ausgabe erhöhen“: whether learners hear of a change, said in words before it is stored."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.workshop import fields, forms, policy, saving, shaping, structure
from learn.workshop.copies import Text
from learn.workshop.course_forms import Form
from learn.workshop.saving import Conflict
from learn.workshop.views.arranging import LESSON, revision
from learn.workshop.views.blueprint import pages

CLASSES = ("redaktionell", "inhaltlich", "erneut")


@pages.get(f"{LESSON}/ausgabe", access=policy.author)
def ask_for_edition(lesson_id: str) -> ResponseReturnValue:
    return edition_page(lesson_id)


@pages.post(f"{LESSON}/ausgabe", access=policy.author)
def raise_edition(lesson_id: str) -> ResponseReturnValue:
    """Store the class of the change: edition, sentence, and from where completions count."""
    form = Form(
        {name: forms.line(request.form.get(name, "")) for name in ("klasse", "aenderung")}, {}, revision()
    )
    shape = shaping.around(session(), lesson_id)
    text = shape.lesson(lesson_id)
    form = form.but(**faults(form))
    if form.faults:
        return edition_page(lesson_id, form, status=422)
    before = shaping.released(session(), text)
    after = changed(text, before, form)
    try:
        with writing() as db:
            saving.save(db, actor(), lesson_id, after, base_revision=form.base_revision, cause=_("Ausgabe"))
    except Conflict:
        message = _(
            "Inzwischen wurde die Lektion gespeichert. Sehen Sie nach und versuchen Sie es noch einmal."
        )
        return edition_page(lesson_id, form, message=message, status=409)
    except Refused as problem:
        return edition_page(lesson_id, form, message=problem.message, status=problem.status)
    flash(_("Gespeichert. Lernende merken davon erst etwas, wenn der Kurs veröffentlicht ist."), "success")
    return to(".course", course_id=shape.copy.course_id, anchor=f"zeile-{lesson_id}")


def faults(form: Form) -> dict[str, str]:
    """What is missing: a class, and a sentence for learners who hear of it."""
    if form.says("klasse") not in CLASSES:
        return {"klasse": _("Wählen Sie aus, was Lernende merken sollen.")}
    if form.says("klasse") != "redaktionell" and not 0 < len(form.says("aenderung")) <= 200:
        return {"aenderung": _("Schreiben Sie einen Satz mit bis zu 200 Zeichen: Was ist neu?")}
    return {}


def changed(text: Text, before: str, form: Form) -> str:
    """The lesson in its new edition; without news in the published one."""
    if form.says("klasse") == "redaktionell":
        keys = ("ausgabe", "aenderung", "erneut_ab")
        return fields.with_values(text.text, {key: fields.value(before, key) for key in keys})
    again = form.says("klasse") == "erneut"
    return structure.with_edition(text.text, edition(before), form.says("aenderung"), again=again)


def edition(text: str) -> int:
    """The edition that a text says it is."""
    said = fields.words(text, "ausgabe")
    return int(said) if said.isascii() and said.isdigit() else 1


def kind(text: str, before: str) -> str:
    """What the file says of its change so far."""
    if edition(text) <= edition(before):
        return "redaktionell"
    return "erneut" if fields.words(text, "erneut_ab") == str(edition(text)) else "inhaltlich"


def edition_page(
    lesson_id: str, form: Form | None = None, *, message: str = "", status: int = 200
) -> ResponseReturnValue:
    shape = shaping.around(session(), lesson_id)
    lesson = shape.lesson(lesson_id)
    before = shaping.released(session(), lesson)
    stored = Form(
        {
            "klasse": kind(lesson.text, before) if before else "",
            "aenderung": fields.words(lesson.text, "aenderung")
            if edition(lesson.text) > edition(before)
            else "",
        }
    )
    return page(
        "workshop/step_edition.html",
        status,
        shape=shape,
        lesson=lesson,
        title=shape.title(lesson.path),
        edition=edition(before),
        form=form or stored,
        published=bool(before),
        message=message,
    )
