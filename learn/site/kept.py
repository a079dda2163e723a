"""`/lernen/gemerkt`: all notes and bookmarks in reading order; a note changed, removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core import paging
from learn.core.access import Refused, actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.learning import bookmarks, kept, notes
from learn.learning.kept import Entry
from learn.learning.notes import Held
from learn.site.blueprint import pages
from learn.site.place import whole_number

LIST = "/lernen/gemerkt"


@dataclass(frozen=True, slots=True)
class Line:
    """One of a lesson's rows: the words of its place, where it leads, `lost`: what became of the place."""

    entry: Entry
    words: str
    lost: str
    body: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson with its rows, `href` empty where it is gone."""

    title: str
    href: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Course:
    """A course with its lessons; `href` is empty while it is withdrawn."""

    title: str
    href: str
    lessons: Sequence[Lesson]


@pages.get(LIST, access=learner)
def list_kept() -> ResponseReturnValue:
    """List what she has noted and bookmarked, 25 rows a page."""
    found = kept.entries(session(), actor())
    after = paging.read(request.args.get("nach"), len(found[0].order)) if found else None
    left = [each for each in found if each.order > after] if after else found
    shown = left[: paging.ROWS]
    more = paging.write(list(shown[-1].order)) if len(left) > len(shown) else ""
    return page(
        "site/kept.html",
        courses=grouped(shown),
        more=f"{LIST}?nach={more}" if more else "",
        earlier=after is not None,
    )


@pages.get("/lernen/notizen/<int:note_id>", access=learner)
def show_note(note_id: int) -> ResponseReturnValue:
    """Show a note with its place, to change or remove it."""
    held = notes.held(session(), actor(), note_id)
    return form(held, held.body)


@pages.post("/lernen/notizen/<int:note_id>", access=learner)
def change_note(note_id: int) -> ResponseReturnValue:
    """Store another text."""
    body = request.form.get("body", "")
    try:
        with writing() as db:
            notes.change(db, actor(), note_id, body, whole_number("base_revision") or 0)
    except notes.Conflict as conflict:
        return conflicting(conflict.saved, body)
    except Refused as problem:
        held = notes.held(session(), actor(), note_id)
        return form(held, body, problem.status, error=problem.message, base=whole_number("base_revision"))
    flash(_("Ihre Notiz ist gespeichert."), "success")
    return redirect(LIST, 303)


@pages.post("/lernen/notizen/<int:note_id>/entfernen", access=learner)
def remove_note(note_id: int) -> ResponseReturnValue:
    """Remove a note for good; its form says so before."""
    with writing() as db:
        notes.remove(db, actor(), note_id)
    flash(_("Die Notiz ist entfernt."), "success")
    return redirect(LIST, 303)


@pages.post("/lernen/gemerkt/<int:bookmark_id>/entfernen", access=learner)
def remove_bookmark(bookmark_id: int) -> ResponseReturnValue:
    """Keep a place no longer."""
    with writing() as db:
        bookmarks.remove(db, actor(), bookmark_id)
    flash(_("Die Stelle ist nicht mehr gemerkt."), "success")
    return redirect(LIST, 303)


def conflicting(saved: Held, body: str) -> ResponseReturnValue:
    """409: her text in the field, what is stored beside it; sending it once more replaces that."""
    return form(saved, body, 409, stored=saved.body)


def form(
    held: Held, body: str, status: int = 200, *, error: str = "", stored: str = "", base: int | None = None
) -> ResponseReturnValue:
    """The page of one note."""
    entry = kept.entry(session(), held.id, held.spot, held.day)
    return page(
        "site/note.html",
        status,
        line=line(entry, held.body),
        body=body,
        base_revision=held.revision if base is None else base,
        error=error,
        stored=stored,
    )


def grouped(entries: Sequence[Entry]) -> list[Course]:
    """Rows by course and lesson; `entries` are in order."""
    texts = kept.bodies(session(), actor(), [each.id for each in entries if each.kind == kept.NOTE])
    courses = []
    for _course, of_course in groupby(entries, key=lambda each: each.order[:2]):
        rows = list(of_course)
        lessons = []
        for _lesson, of_lesson in groupby(rows, key=lambda each: each.order[:4]):
            lines = [
                line(each, texts.get(each.id, "") if each.kind == kept.NOTE else "") for each in of_lesson
            ]
            stand = lines[0].entry.stand
            lessons.append(Lesson(stand.title, stand.href if stand.lesson else "", lines))
        stand = rows[0].stand
        courses.append(Course(stand.course, stand.course_href, lessons))
    return courses


def line(entry: Entry, body: str) -> Line:
    """A row in words."""
    words = entry.heading.text if entry.heading else _("Ganze Lektion")
    return Line(entry, words, lost(entry) if entry.lost else "", body)


def lost(entry: Entry) -> str:
    """What became of a place that is gone."""
    if entry.stand.release is None:
        return _("Dieser Kurs ist zurzeit nicht veröffentlicht.")
    if entry.stand.lesson is None and not entry.spot.heading:
        return _("Diese Lektion gehört nicht mehr zum Kurs.")
    if entry.stand.lesson is None:
        return _(
            "Diese Lektion gehört nicht mehr zum Kurs. Die Stelle war „%(heading)s“.",
            heading=entry.spot.heading,
        )
    return _("Diese Stelle gibt es nicht mehr, sie stand in „%(heading)s“.", heading=entry.spot.heading)
