"""Inserting what is chosen from a list: pictures of the course's library, or sent along; things to link."""

from typing import Any

from flask import request

from learn.core import limits
from learn.core.access import actor
from learn.core.db import end_reading, session
from learn.core.i18n import gettext as _
from learn.markup.extensions.links import EMPTY_WORDS
from learn.workshop import media, picking, showing, snippets
from learn.workshop.filled import Faults, Reader, Sent, Surroundings
from learn.workshop.insertions import ADDRESS
from learn.workshop.keys import kind_of
from learn.workshop.media import DECORATIVE, Picture, Words
from learn.workshop.picking import Target
from learn.workshop.views import media as uploads
from learn.workshop.views.editor_page import Place
from learn.workshop.views.shared import config

SHOWN = {
    "CC0-1.0": "CC0 1.0",
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "geschuetzt": "geschützt",
}


def offered(at: Place, what: str, sent: Sent) -> dict[str, Any]:
    """What the form lists."""
    if what == "bild":
        found = media.pictures(session(), at.copy.course_id)
        return {"pictures": [each for each in found if not showing.wide(each.path)]}
    if what == "verweis":
        return {"targets": targets(at, sent.get("q", "")), "query": sent.get("q", "")}
    return {}


def targets(at: Place, query: str) -> tuple[Target, ...]:
    return picking.found(session(), actor(), at.copy, at.text.path, query, config().base_url)


def link(at: Place) -> tuple[str, Faults]:
    """A link to something of the list or to an address; its words are the title unless others are written."""
    reader = Reader(request.form, Surroundings(kind_of(at.key)))
    text, address = reader.word("text"), reader.word("address", longest=2_000)
    chosen = next(
        (
            each
            for each in targets(at, request.form.get("q", ""))
            if each.target == request.form.get("target")
        ),
        None,
    )
    if address and not ADDRESS.fullmatch(address):
        reader.fault("address", _("Die Adresse beginnt mit https:// oder mailto:."))
    elif not address and chosen is None:
        reader.fault("address", _("Wählen Sie ein Ziel aus oder schreiben Sie eine Adresse."))
    elif text.lower() in EMPTY_WORDS and (text or address):
        reader.fault("text", _("Schreiben Sie, wohin der Link führt."))
    title = chosen.title if chosen is not None else ""
    return snippets.link(text or title, address or (chosen.target if chosen else "")), reader.faults


def figure(at: Place) -> tuple[str, Faults]:
    """A picture of the library, or a new one that goes there first."""
    reader = Reader(request.form, Surroundings(kind_of(at.key)))
    caption = reader.word("caption")
    words = Words(
        DECORATIVE if request.form.get("decorative") else reader.word("description", longest=media.LONGEST),
        reader.word("source", longest=media.LONGEST_WORDS),
        reader.word("licence", longest=media.LONGEST_WORDS),
    )
    files = [file for file in request.files.getlist("picture") if file.filename][:1]
    known = media.held(session(), at.copy.course_id).get(request.form.get("path", ""))
    said = words.description or (described(at, known) if known and not files else "")
    if not files and known is None:
        reader.fault("picture", _("Wählen Sie ein Bild aus oder laden Sie eines hoch."))
    elif not said:
        reader.fault("description", _("Beschreiben Sie das Bild oder nennen Sie es Schmuckbild."))
    if not reader.faults and files:
        known = uploaded(at, reader, words)
    if reader.faults or known is None:
        return "", reader.faults
    target = snippets.relative(at.text.path, known.path)
    licence = words.licence or known.licence
    credit = snippets.credit(caption, words.source or known.source, SHOWN.get(licence, licence))
    return snippets.figure(target, said, credit, decorative=said == DECORATIVE), {}


def described(at: Place, picture: Picture) -> str:
    """What the library says of a picture, or a text that shows it."""
    found = media.pictures(session(), at.copy.course_id)
    return next((each.description for each in found if each.path == picture.path), "")


def uploaded(at: Place, reader: Reader, words: Words) -> Picture | None:
    """The new picture in the library; None with its fault noted."""
    limits.spend((uploads.UPLOADS, str(actor().owner)))
    files = [file for file in request.files.getlist("picture") if file.filename][:1]
    end_reading()
    made, faults = uploads.prepared(files)
    for name, sentence in faults.items():
        reader.fault(name, sentence)
    return uploads.stored(at.copy.course_id, made, words)[0] if made else None
