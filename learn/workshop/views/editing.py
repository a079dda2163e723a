"""The editor: a form for each text of a course, its preview, saving it, keeping what is being typed."""

import secrets
from dataclasses import replace
from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from learn.core import clock
from learn.core import forms as core_forms
from learn.core.access import NotFound, Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit, TooMany
from learn.core.pace import Pace
from learn.core.web import page
from learn.workshop import (
    comments,
    differences,
    editing,
    forms,
    keys,
    placing,
    policy,
    preview,
    saving,
    steps,
    uniting,
)
from learn.workshop.fields import Unreadable
from learn.workshop.forms import Faults, Writing
from learn.workshop.saving import Conflict
from learn.workshop.views import editor_page
from learn.workshop.views.blueprint import pages
from learn.workshop.views.editor_page import Clashing, Offer, Place
from learn.workshop.views.shared import cost, storage, turn

PREVIEWS = Pace(Limit("workshop-preview", tries=30, seconds=60))
LOOKS = Pace(Limit("workshop-looks", tries=60, seconds=60))  # at pages with a preview
KEEPS = Pace(Limit("workshop-keep", tries=120, seconds=60))  # some windows of one person


@pages.get("/werkstatt/lektionen/<lesson_id>", access=policy.author)
def lesson(lesson_id: str) -> ResponseReturnValue:
    """A lesson, with `?fassung=einfach` its version in Einfache Sprache."""
    return opened(lesson_key(lesson_id))


@pages.post("/werkstatt/lektionen/<lesson_id>", access=policy.author, largest=forms.LARGEST)
def save_lesson(lesson_id: str) -> ResponseReturnValue:
    """Save, or draw the preview with `?vorschau=1`, which writes nothing."""
    return sent(lesson_key(lesson_id))


@pages.post("/werkstatt/lektionen/<lesson_id>/sichern", access=policy.author, largest=forms.LARGEST)
def keep_lesson(lesson_id: str) -> ResponseReturnValue:
    """Keep what is being typed, or give it up."""
    return kept(lesson_key(lesson_id))


@pages.get("/werkstatt/texte/<key>", access=policy.author)
def text(key: str) -> ResponseReturnValue:
    """The text of a course or module, a glossary, the Abschlusstest."""
    return opened(text_key(key))


@pages.post("/werkstatt/texte/<key>", access=policy.author, largest=forms.LARGEST)
def save_text(key: str) -> ResponseReturnValue:
    return sent(text_key(key))


@pages.post("/werkstatt/texte/<key>/sichern", access=policy.author, largest=forms.LARGEST)
def keep_text(key: str) -> ResponseReturnValue:
    return kept(text_key(key))


def lesson_key(lesson_id: str) -> str:
    """Raises NotFound."""
    if not lesson_id.startswith("les_"):
        raise NotFound
    return lesson_id + (keys.PLAIN if request.values.get("fassung") == "einfach" else "")


def text_key(key: str) -> str:
    """Raises NotFound."""
    if key[:4] not in keys.KINDS or key.startswith("les_"):
        raise NotFound
    return key


def opened(key: str) -> ResponseReturnValue:
    """The form with a rescued text, else with what she has not saved yet, else with what is stored.

    Where somebody has saved since, as she herself may have done in another window, the unsaved text only
    takes the place of the stored one when it is asked for, with `?stand=ungespeichert`.
    """
    at = editor_page.place(key)
    now = stored(at)
    rescued = core_forms.opened() if core_forms.holds_rescued() else None
    if rescued is not None and belongs(at, rescued) and core_forms.claim(rescued.action):
        written = forms.read(MultiDict(rescued.fields), now)  # goes on as the window that sent it
        return editor(at, replace(written, window=written.window or now.window), offer=Offer(signed_out=True))
    found = saving.unsaved(session(), actor(), key)
    if found is None or found.text == at.text.text:
        return editor(at, now)
    behind = found.base_revision != at.text.revision
    if behind and not request.args.get("stand"):
        return editor(at, now, older=Offer(found.saved_at))
    written = replace(
        forms.of_text(key, found.text),
        base_revision=found.base_revision,
        window=now.window,
        adopted=found.window,
    )
    return editor(at, written, offer=Offer(found.saved_at, behind))


def belongs(at: Place, rescued: core_forms.Kept) -> bool:
    """Whether a rescued form is this one, of this language version."""
    plain = dict(rescued.fields).get("fassung") == "einfach"
    return rescued.action in {at.address, f"{at.address}/sichern"} and plain == at.plain


def stored(at: Place) -> Writing:
    """The stored text in a window of its own."""
    return replace(
        forms.of_text(at.key, at.text.text), base_revision=at.text.revision, window=secrets.token_urlsafe(12)
    )


def sent(key: str) -> ResponseReturnValue:
    at = editor_page.place(key)
    written = forms.read(request.form, stored(at))
    if request.form.get("press") == "zusammen":
        return both_in_one(at, written)
    return previewed(at, written) if request.args.get("vorschau") else store(at, written)


def both_in_one(at: Place, written: Writing) -> ResponseReturnValue:
    """What she wrote and what was saved meanwhile in one text, for her to read and save."""
    begun = forms.number(request.form.get("begun"))
    base = editing.begun_from(session(), at.text, begun)
    made = uniting.united(at.key, base, written, at.text.text)
    if made is None:
        return clash(at, replace(written, base_revision=begun), Conflict(at.text))
    made = replace(made, base_revision=at.text.revision, sequence=written.sequence + 2)
    keep(at, made)
    return editor(at, made, united=uniting.undecided(made.body) or -1)


def previewed(at: Place, written: Writing) -> ResponseReturnValue:
    """The preview alone for the script, else the page with it; when it is asked for too often, without.

    The script has the text and asks again: a short answer is enough for it.
    """
    text = forms.kept(at.key, at.text.text, written)
    try:
        PREVIEWS.take(str(actor().owner), cost(text))
        found = draw(at, text)
    except TooMany as problem:
        if "HX-Request" in request.headers:
            raise
        response = make_response(editor(at, written, status=429, drawn=False))
        response.headers["Retry-After"] = str(problem.wait)
        return response
    if "HX-Request" in request.headers:
        response = make_response(render_template("workshop/_editor_preview.html", at=at, found=found))
        response.vary.add("HX-Request")
        return response
    return editor(at, written, view="vorschau", drawn=found)


def store(at: Place, written: Writing) -> ResponseReturnValue:
    """The one transaction. 422 and 409 keep the text, too, as if it were being typed.

    It is newer than all that this window has sent, and without a script the page counts on from there.
    """
    written = replace(written, sequence=written.sequence + 2)
    try:
        after = forms.composed(at.key, at.text.text, written)
        found = forms.faults(at.key, at.text.text, after) | undecided(written)
    except Unreadable:
        after, found = "", {"title": _("Kürzen Sie die Angaben. Der Kopf fasst höchstens 8 KB.")}
    if found:
        keep(at, written)
        return editor(at, written, faults=found, status=422)
    try:
        with writing() as db:
            editing.save(
                db,
                actor(),
                at.key,
                after,
                base_revision=written.base_revision,
                window=written.window,
                adopted=written.adopted,
                path=at.text.path if at.fresh else "",
            )
    except Conflict as conflict:
        keep(at, written)
        return clash(at, written, conflict)
    except Refused as refused:
        return editor(at, written, faults={refused.field or "body": refused.message}, status=refused.status)
    core_forms.settled(f"{at.address}/sichern")
    return redirect(leads_to(at), 303)


def undecided(written: Writing) -> Faults:
    line = uniting.undecided(written.body)
    sentence = _("In Zeile %(line)s stehen noch beide Fassungen. Löschen Sie die Trennzeilen.", line=line)
    return {"body": sentence} if line else {}


def leads_to(at: Place) -> str:
    """Back to the text, or on to the course's release."""
    on = request.form.get("press") == "freigabe"
    return f"/werkstatt/kurse/{at.copy.course_id}/freigabe" if on else at.href


def keep(at: Place, written: Writing) -> None:
    """Store what stands in a window. Raises Refused."""
    text = forms.kept(at.key, at.text.text, written)
    with writing() as db:
        editing.keep(
            db,
            actor(),
            at.key,
            text,
            window=written.window,
            sequence=written.sequence,
            base_revision=written.base_revision,
        )


def kept(key: str) -> ResponseReturnValue:
    """When it was kept, in words for the script. Pressed „Verwerfen“: all that was not saved is gone."""
    KEEPS.take(str(actor().owner))
    at = editor_page.place(key)
    written = forms.read(request.form, stored(at))
    if request.form.get("press") == "verwerfen":
        with writing() as db:
            editing.give_up(db, actor(), key, written.window, written.adopted)
        return redirect(at.href, 303)
    try:
        keep(at, written)
    except Refused as refused:
        return refused.message, refused.status
    return said(_("gesichert um %(time)s", time=editor_page.clock_time(clock.now())))


def said(words: str) -> Response:
    response = make_response(words)
    response.mimetype = "text/plain"
    return response


def clash(at: Place, written: Writing, conflict: Conflict) -> ResponseReturnValue:
    """409: both texts; saving again saves one's own over the other."""
    theirs = conflict.current
    hunks = differences.hunks(theirs.text, forms.kept(at.key, theirs.text, written))
    both = Clashing(theirs, theirs.saved_by == actor().name, hunks, written.base_revision)
    return editor(at, replace(written, base_revision=theirs.revision), both=both, status=409)


def editor(
    at: Place, written: Writing, *, status: int = 200, drawn: bool | preview.Preview = True, **more: Any
) -> ResponseReturnValue:
    """The page. `offer`: an unsaved text it was opened with, `older`: one that it only tells of; `both`:
    somebody else has saved; `united`: the line where both texts stand in one, -1 where nothing is open.

    `drawn`: the preview where there is one already, or whether there is to be one.
    """
    usual = {"offer": None, "older": None, "faults": Faults(), "both": None, "view": "schreiben", "united": 0}
    values: dict[str, Any] = usual | more
    open_text = values["offer"] is not None or values["view"] == "vorschau" or values["united"]
    text = forms.kept(at.key, at.text.text, written)
    return page(
        "workshop/editor.html",
        status,
        at=at,
        written=written,
        extras=forms.EXTRAS[keys.kind_of(at.key)],
        possible=placing.possible(keys.kind_of(at.key)),
        unsaved=status != 200 or open_text,
        heading=editor_page.heading(at),
        title_label=editor_page.title_label(at),
        state=editor_page.state(at),
        found=look(at, text) if drawn is True else drawn or None,
        first_line=forms.first_line(text),
        other=forms.of_text(at.other.key, at.other.text).body if at.other else "",
        remarks=comments.at(session(), at.key, text),
        returned=steps.returned(session(), at.copy.course_id),
        **values,
    )


def look(at: Place, text: str) -> preview.Preview | None:
    """The preview of a page; none where somebody looks at pages all too often or at several at once."""
    try:
        LOOKS.take(str(actor().owner), cost(text))
        return draw(at, text)
    except TooMany:
        return None


def draw(at: Place, text: str) -> preview.Preview:
    """The preview; its lines count from the first one in the field. Raises TooMany."""
    with turn():
        found = preview.preview(session(), actor(), at.key, text, storage())
    return replace(found, first_line=forms.first_line(text))
