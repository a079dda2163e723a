"""`…/einfuegen/<was>`: a form for each construct; what it makes is put into the text as an unsaved state.

Without a script the editor's buttons post the text here, where it is kept, and the form asks where to insert.
With one the form stands in a dialog (`HX-Request`) and answers with Markdown for the cursor.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from learn.core.access import Refused, actor, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.core.web import page
from learn.workshop import editing, forms, insertions, keys, pasting, placing, policy, saving
from learn.workshop.filled import Faults, Sent, Surroundings
from learn.workshop.forms import Writing
from learn.workshop.placing import Sort
from learn.workshop.views import editing as editor
from learn.workshop.views import editor_page, picked
from learn.workshop.views.blueprint import pages
from learn.workshop.views.editor_page import Place

LARGEST = 100 * 1024 * 1024  # with a picture; one that is too large is refused beside what was typed
CONVERTED = pasting.LARGEST + 64 * 1024  # and the other fields
CONVERSIONS = Pace(Limit("workshop-paste", tries=60, seconds=60))
INSERT, ADDRESS = "einfuegen", "/werkstatt/lektionen/<lesson_id>/einfuegen/<slug:what>"
TEXTS = "/werkstatt/texte/<key>/einfuegen/<slug:what>"
ROWS = {
    "answer": 3,
    "accepted": 1,
    "item": 3,
    "left": 3,
    "title": 2,
    "label": 2,
    "row": 3,
    "column": 2,
    "line": 3,
}
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Present:
    """The text as it is now: hers that is not saved, else the stored one. `sequence`: of what is kept."""

    text: str
    written: Writing
    window: str
    sequence: int
    base_revision: int


@pages.get(ADDRESS, access=policy.author)
def insert_form(lesson_id: str, what: str) -> ResponseReturnValue:
    return form(editor.lesson_key(lesson_id), what)


@pages.post(ADDRESS, access=policy.author, largest=LARGEST)
def insert(lesson_id: str, what: str) -> ResponseReturnValue:
    """Keep the editor's text and lead to the form, or read the form."""
    return received(editor.lesson_key(lesson_id), what)


@pages.get(TEXTS, access=policy.author)
def insert_form_of_text(key: str, what: str) -> ResponseReturnValue:
    return form(editor.text_key(key), what)


@pages.post(TEXTS, access=policy.author, largest=LARGEST)
def insert_in_text(key: str, what: str) -> ResponseReturnValue:
    return received(editor.text_key(key), what)


@pages.post("/werkstatt/einfuegen/umwandeln", access=policy.author, largest=CONVERTED)
def convert_pasted() -> ResponseReturnValue:
    """Pasted HTML as Markdown; writes nothing."""
    CONVERSIONS.take(str(actor().owner))
    return scripted(pasting.markdown(request.form.get("html", "")))


def place(key: str, what: str) -> Place:
    """Raises NotFound, also for what texts of this kind cannot hold."""
    at = editor_page.place(key)
    require(what in placing.possible(keys.kind_of(at.key)) or None)
    return at


def form(key: str, what: str) -> ResponseReturnValue:
    return shown(place(key, what), what, MultiDict(request.args), {})


def received(key: str, what: str) -> ResponseReturnValue:
    at = place(key, what)
    step = request.form.get("step", "")
    if not step:
        keep_editor(at)
        query = request.query_string.decode("ascii", "replace")
        return redirect(f"{request.path}?{query}" if query else request.path, 303)
    if step != INSERT:
        return shown(at, what, request.form, {})
    made, faults = made_of(at, what)
    if faults:
        return shown(at, what, request.form, faults)
    return scripted(made) if in_dialog() else put(at, what, made)


def keep_editor(at: Place) -> None:
    """What the editor's form holds, as if it were being typed."""
    now = present(at)
    written = forms.read(request.form, editor.stored(at))
    known = now.sequence if now.window == written.window else 0
    sequence = max(written.sequence, known + 1)
    text = forms.kept(at.key, at.text.text, written)
    if text != at.text.text:
        keep(at, text, written.window, sequence, written.base_revision)


def keep(at: Place, text: str, window: str, sequence: int, base_revision: int) -> None:
    with writing() as db:
        editing.keep(db, actor(), at.key, text, window=window, sequence=sequence, base_revision=base_revision)


def present(at: Place) -> Present:
    found = saving.unsaved(session(), actor(), at.key)
    if found is None:
        written = forms.of_text(at.key, at.text.text)
        return Present(at.text.text, written, secrets.token_urlsafe(12), 0, at.text.revision)
    written = forms.of_text(at.key, found.text)
    return Present(found.text, written, found.window, found.sequence, found.base_revision)


def in_dialog() -> bool:
    return "HX-Request" in request.headers


def body_now(at: Place) -> str:
    """The text that something goes into: the dialog sends it along."""
    return forms.typed(request.form["body"]) if "body" in request.form else present(at).written.body


def surroundings(at: Place) -> Surroundings:
    body = body_now(at)
    if in_dialog():
        line = forms.number(request.form.get("line"))
    else:
        line = placing.line_of(body, request.form.get("where", placing.END))
    mark, level = placing.around(body, line)
    return Surroundings(keys.kind_of(at.key), body, mark, level)


def made_of(at: Place, what: str) -> tuple[str, Faults]:
    """The Markdown of what the form says."""
    special: dict[str, Callable[[Place], tuple[str, Faults]]] = {
        "bild": picked.figure,
        "verweis": picked.link,
    }
    if what in special:
        return special[what](at)
    return insertions.read(what, request.form, surroundings(at))


def scripted(made: str) -> Response:
    """The Markdown alone, for the editor's script."""
    response = make_response(made)
    response.mimetype = "text/markdown"
    return response


def put(at: Place, what: str, made: str) -> ResponseReturnValue:
    """Insert where the form says; back to the editor with the unsaved text."""
    now = present(at)
    body = placing.inserted(now.written.body, request.form.get("where", placing.END), made)
    text = forms.kept(at.key, now.text, replace(now.written, body=body))
    try:
        keep(at, text, now.window, now.sequence + 1, now.base_revision)
    except Refused as refused:
        return shown(at, what, request.form, {"where": refused.message})
    flash(_("Eingefügt, aber noch nicht gespeichert."), "info")
    return redirect(f"{at.unsaved}#body", 303)


def shown(at: Place, what: str, sent: Sent, faults: Faults) -> ResponseReturnValue:
    """The form with what was typed; alone for the dialog."""
    template = "workshop/insert/_form.html" if in_dialog() else "workshop/insert/page.html"
    values: dict[str, Any] = {"at": at, "what": what, "sent": sent, "faults": faults, "rows": rows(sent)}
    values["dialog"] = in_dialog()
    values["places"] = [] if in_dialog() else placing.places(present(at).written.body, sort(at, what))
    values["heading"] = heading(what)
    values |= picked.offered(at, what, sent)
    response = make_response(page(template, 422 if faults else 200, **values))
    response.vary.add("HX-Request")
    return response


def sort(at: Place, what: str) -> Sort:
    """Which places fit: questions also into a quiz, links at the end of words."""
    if what == "frage" and at.kind == "lektion":
        return "frage"
    return "wort" if what == "verweis" else "block"


def rows(sent: Sent) -> dict[str, int]:
    """How many of each repeated field to show: those sent, one more where that was asked for."""
    more = sent.get("step", "").removeprefix("mehr-")
    found = {name: max(usual, len(sent.getlist(name))) for name, usual in ROWS.items()}
    columns = max(found["column"], 1)
    found["line"] = max(ROWS["line"], -(-len(sent.getlist("cell")) // columns))
    return {name: min(number + (name == more), MOST_ROWS) for name, number in found.items()}


def heading(what: str) -> str:
    names = {
        "bild": _("Bild einfügen"),
        "tabelle": _("Tabelle einfügen"),
        "kasten": _("Kasten einfügen"),
        "reiter": _("Reiter einfügen"),
        "frage": _("Frage einfügen"),
        "fahrplan": _("Fahrplan einfügen"),
        "aufgabe": _("Aufgabe einfügen"),
        "verweis": _("Verweis einfügen"),
        "video": _("Video einfügen"),
    }
    return names[what]
