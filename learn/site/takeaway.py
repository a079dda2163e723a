"""A course to take away: on paper, on an e-reader, on a USB stick; files are built on request."""

from dataclasses import dataclass

from flask import current_app, redirect, request, send_file
from flask.typing import ResponseReturnValue

from learn.core import limits
from learn.core.access import NotFound, Refused, visitor
from learn.core.db import session, writing
from learn.core.i18n import NBSP
from learn.core.i18n import gettext as _
from learn.core.limits import Limit, source
from learn.core.storage import Storage
from learn.core.web import page
from learn.courses.library import CourseRelease
from learn.courses.models import TakeawayFile
from learn.courses.takeaway import files
from learn.site.blueprint import pages
from learn.site.place import course_of, with_query

ASKS = Limit("takeaway", tries=30, seconds=3600)
TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip", "zip": "application/zip"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of file: what it is good for, and how far it is. `state`: "", due, ready, failed.

    `name`: as buttons call it. `size`: in words, empty before it is ready.
    """

    kind: str
    title: str
    use: str
    name: str
    state: str = ""
    done: int = 0
    total: int = 0
    size: str = ""
    problem: str = ""


@pages.get("/kurse/<slug:kurs>/mitnehmen", access=visitor)
def takeaway(kurs: str) -> ResponseReturnValue:
    """Show what can be taken away; an earlier address of the course leads to today's."""
    release, moved = course_of(session(), kurs)
    if moved:
        return redirect(with_query(here(release)), 301)
    found = files.of_release(session(), release.id)
    offered = [offer(kind, found.get(kind)) for kind in files.MAKERS]
    return page("site/takeaway.html", release=release, here=here(release), offers=offered)


@pages.post("/kurse/<slug:kurs>/mitnehmen", access=visitor)
def ask_takeaway(kurs: str) -> ResponseReturnValue:
    """Have a file built; one that is there or under way stays as it is."""
    kind = request.form.get("kind", "")
    release, _moved = course_of(session(), kurs)
    if kind not in files.MAKERS:
        raise Refused(_("Wählen Sie PDF, EPUB oder ZIP."), field="kind")
    limits.spend((ASKS, source()))
    with writing() as db:
        files.ask(db, release.id, kind)
    return redirect(f"{here(release)}#{kind}", 303)


@pages.get("/kurse/<slug:kurs>/mitnehmen/<any(pdf, epub, zip):kind>", access=visitor)
def fetch_takeaway(kurs: str, kind: str) -> ResponseReturnValue:
    """The file, once it is ready."""
    release, moved = course_of(session(), kurs)
    if moved:
        return redirect(f"{here(release)}/{kind}", 301)
    found = files.of_release(session(), release.id).get(kind)
    if found is None or found.state != files.READY:
        raise NotFound
    try:
        opened = Storage(current_app.extensions["learn.config"].storage).open(found.key)
    except FileNotFoundError as gone:
        raise NotFound from gone
    name = f"{release.manifest.slug}.{kind}"
    etag = f"{release.id}-{found.maker}-{kind}"
    return send_file(opened, TYPES[kind], as_attachment=True, download_name=name, etag=etag)


def here(release: CourseRelease) -> str:
    """The address of the page."""
    return f"/kurse/{release.manifest.slug}/mitnehmen"


def offer(kind: str, row: TakeawayFile | None) -> Offer:
    """What the page says of one kind."""
    title, use, name = words()[kind]
    if row is None:
        return Offer(kind, title, use, name)
    size = size_words(row.size) if row.state == files.READY else ""
    return Offer(kind, title, use, name, row.state, row.done, row.total, size, row.problem)


def words() -> dict[str, tuple[str, str, str]]:
    """Title, use and name of each kind."""
    return {
        "pdf": (
            _("PDF zum Ausdrucken und Ablegen"),
            _("Feste Seiten mit Inhaltsverzeichnis und Seitenzahlen, barrierefrei ausgezeichnet."),
            _("PDF"),
        ),
        "epub": (
            _("E-Book für Lesegerät und Telefon"),
            _("EPUB: Schrift, Größe und Farben stellen Sie selbst ein. Liest sich ohne Netz."),
            _("EPUB"),
        ),
        "zip": (
            _("Seiten für den USB-Stick"),
            _("ZIP entpacken und „index.html“ in einem Browser öffnen, auch an Rechnern ohne Netz."),
            _("ZIP"),
        ),
    }


def size_words(size: int) -> str:
    """A size as `340 KB` or `1,2 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NBSP}KB"
    return f"{size / 1_000_000:.1f}{NBSP}MB".replace(".", ",")
