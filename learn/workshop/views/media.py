"""`/werkstatt/kurse/<id>/medien`: the pictures of a course: adding, describing, replacing, taking out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from learn.core import limits
from learn.core.access import NotFound, Refused, actor, require
from learn.core.db import end_reading, session, writing
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.limits import Limit
from learn.core.reencoding import LARGEST as LARGEST_PICTURE
from learn.core.web import page, to
from learn.workshop import copies, gallery, media, policy, showing, uploading
from learn.workshop.media import DECORATIVE, Words
from learn.workshop.uploading import Ready
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import licences, storage

LIBRARY = "/werkstatt/kurse/<course_id>/medien"
LARGEST = 12 * 1024 * 1024
TAKEN = 100 * 1024 * 1024  # read, so that what was typed beside too large a picture is not lost
MOST = 20  # pictures of one form: each is made anew while its author waits
UPLOADS = Limit("workshop-pictures", tries=200, seconds=3600)
ALIKE = {  # a variant has the format of its picture
    uploading.STAYS_SVG: "Das Bild ist eine Zeichnung (SVG). Wählen Sie auch für schmale Bildschirme eine.",
    uploading.STAYS_RASTER: "Das Bild ist keine Zeichnung. Wählen Sie hier JPEG, PNG, GIF, WebP oder AVIF.",
}
Faults = dict[str, str]


@pages.get(LIBRARY, access=policy.author)
def media_library(course_id: str) -> ResponseReturnValue:
    return library(course_id)


@pages.post(LIBRARY, access=policy.author, largest=TAKEN)
def add_pictures(course_id: str) -> ResponseReturnValue:
    """Take pictures in; one must be described at once, of several each gets its words on the next page."""
    limits.spend((UPLOADS, str(actor().owner)))
    require(copies.copy(session(), course_id))
    end_reading()
    if (request.content_length or 0) > LARGEST:
        return library(course_id, {"picture": _("Wählen Sie Bilder mit zusammen höchstens 12 MB.")}, 413)
    files = [file for file in request.files.getlist("picture") if file.filename]
    words, faults = spoken(several=len(files) > 1)
    made, refused = prepared(files)
    faults |= refused
    return library(course_id, faults) if faults else told(course_id, stored(course_id, made, words))


def spoken(*, several: bool = False) -> tuple[Words, Faults]:
    """What the form says of a picture; it is described, or named decoration."""
    form = request.form
    said = DECORATIVE if form.get("decorative") else form.get("description", "")
    words = Words(said, form.get("source", ""), form.get("licence", ""))
    try:
        words = words.checked()
    except Refused as refused:
        return words, {refused.field: refused.message}
    if not words.description and not several:
        missing = _("Beschreiben Sie das Bild oder nennen Sie es Schmuckbild.")
        return words, {"description": missing}
    return words, {}


def prepared(files: Sequence[FileStorage], *, instead_of: str = "") -> tuple[list[tuple[str, Ready]], Faults]:
    """The pictures made anew, each with the name of its file; what is wrong with the first refused."""
    made: list[tuple[str, Ready]] = []
    if not files:
        return made, {"picture": _("Wählen Sie ein Bild aus.")}
    if len(files) > MOST:
        return made, {"picture": _("Wählen Sie höchstens %(most)s Bilder auf einmal.", most=MOST)}
    for file in files:
        try:
            data = file.stream.read(LARGEST_PICTURE + 1)
            made.append((file.filename or "", uploading.prepare(data, instead_of=instead_of)))
        except Refused as refused:
            name = gallery.shown_name(file.filename or "")
            return [], {refused.field: f"{name}: {refused.message}" if len(files) > 1 else refused.message}
    return made, {}


def stored(course_id: str, made: Sequence[tuple[str, Ready]], words: Words) -> list[media.Picture]:
    """Keep the bytes, then the rows."""
    for _name, ready in made:
        uploading.store(storage(), ready)
    with writing() as db:
        return [
            media.add(
                db,
                actor(),
                course_id,
                ready,
                name=name,
                origin=ready.origin,
                description=words.description if len(made) == 1 else "",
                source=words.source,
                licence=words.licence,
            )
            for name, ready in made
        ]


def told(course_id: str, added: Sequence[media.Picture]) -> ResponseReturnValue:
    """303 to the library, with a word on what came."""
    known = [one.path for one in added if one.known]
    fresh = len(added) - len(known)
    if fresh:
        text = ngettext("%(num)s Bild ist hinzugefügt.", "%(num)s Bilder sind hinzugefügt.", fresh)
        flash(text, "success")
    if known:
        flash(_("Schon hier und nicht noch einmal hinzugefügt: %(paths)s.", paths=", ".join(known)), "info")
    return to(".media_library", course_id=course_id)


def library(
    course_id: str, faults: Mapping[str, str] | None = None, refusal: int = 422
) -> ResponseReturnValue:
    """The page, after a refusal with what was typed."""
    copy = require(copies.copy(session(), course_id))
    found = gallery.gallery(session(), course_id)
    status = refusal if faults else 200
    values: dict[str, Any] = {"copy": copy, "found": found, "faults": faults or {}, "licences": licences()}
    return page("workshop/media.html", status, form=request.form, **values)


@pages.get(f"{LIBRARY}/angaben", access=policy.author)
def picture_page(course_id: str) -> ResponseReturnValue:
    return one(course_id)


@pages.post(f"{LIBRARY}/angaben", access=policy.author)
def describe_picture(course_id: str) -> ResponseReturnValue:
    """Change what is said of a picture."""
    words, faults = spoken()
    if faults:
        return one(course_id, faults)
    with writing() as db:
        media.describe(db, actor(), course_id, path(), words)
    flash(_("Die Angaben sind gespeichert."), "success")
    return to(".picture_page", course_id=course_id, path=path())


@pages.post(f"{LIBRARY}/ersetzen", access=policy.author, largest=TAKEN)
def replace_picture(course_id: str) -> ResponseReturnValue:
    """Another picture at the same place; texts that show it need no change."""
    limits.spend((UPLOADS, str(actor().owner)))
    require(media.held(session(), course_id).get(path()))
    end_reading()
    made, faults = prepared(request.files.getlist("picture")[:1], instead_of=path())
    if faults:
        return one(course_id, faults)
    uploading.store(storage(), made[0][1])
    with writing() as db:
        media.put(db, actor(), course_id, path(), made[0][1])
    flash(
        _("Das Bild ist ersetzt. Leserinnen und Leser sehen es mit der nächsten Veröffentlichung."), "success"
    )
    return to(".picture_page", course_id=course_id, path=path())


@pages.post(f"{LIBRARY}/schmal", access=policy.author, largest=TAKEN)
def add_narrow(course_id: str) -> ResponseReturnValue:
    """The variant for narrow screens: beside the picture, in its format, so that the names fit."""
    limits.spend((UPLOADS, str(actor().owner)))
    there = media.held(session(), course_id)
    shown, beside = require(there.get(path())), showing.narrow(path())
    if gallery.pair(session(), course_id, path()).wide:
        raise NotFound
    end_reading()
    made, faults = prepared(request.files.getlist("narrow")[:1], instead_of=beside)
    if faults:
        told = faults["picture"]
        return one(course_id, {"narrow": ALIKE.get(told, told)})
    uploading.store(storage(), made[0][1])
    words = None if beside in there else Words(shown.description, shown.source, shown.licence)
    with writing() as db:
        media.put(db, actor(), course_id, beside, made[0][1], words)
    flash(_("Schmale Bildschirme zeigen mit der nächsten Veröffentlichung diese Fassung."), "success")
    return to(".picture_page", course_id=course_id, path=path())


@pages.get(f"{LIBRARY}/entfernen", access=policy.author)
def ask_removal(course_id: str) -> ResponseReturnValue:
    """What would be missing where, before a picture goes."""
    copy = require(copies.copy(session(), course_id))
    found = require(gallery.one(session(), course_id, path()))
    return page("workshop/picture_remove.html", copy=copy, found=found)


@pages.post(f"{LIBRARY}/entfernen", access=policy.author)
def remove_picture(course_id: str) -> ResponseReturnValue:
    with writing() as db:
        media.remove(db, actor(), course_id, path())
    flash(_("Das Bild ist entfernt."), "success")
    return to(".media_library", course_id=course_id)


def one(course_id: str, faults: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """The page of one picture, after a refusal with what was typed."""
    copy = require(copies.copy(session(), course_id))
    found = require(gallery.one(session(), course_id, path()))
    values: dict[str, Any] = {"copy": copy, "found": found, "faults": faults or {}, "licences": licences()}
    values["pair"] = gallery.pair(session(), course_id, path())
    values["form"] = request.form if faults and "source" in request.form else gallery.typed(found.picture)
    return page("workshop/picture.html", 422 if faults else 200, **values)


def path() -> str:
    """The picture's path below the course folder, as the address or the form names it."""
    return request.values.get("path", "")
