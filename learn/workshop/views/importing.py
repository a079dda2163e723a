"""`/werkstatt/einlesen`: courses arrive as a ZIP or as files; first what is in them, then the taking over."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import limits
from learn.core.access import Refused, actor, require
from learn.core.db import database, end_reading, session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page, to
from learn.workshop import importing, policy, sent
from learn.workshop.importing import Choice
from learn.workshop.sent import BROKEN, READ, Place, State
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import config

HERE = "/werkstatt/einlesen"
ONE = f"{HERE}/<slug:liste>"
LARGEST = 100 * 1024 * 1024
READINGS = Limit("workshop-import", tries=30, seconds=3600)


@pages.get(HERE, access=policy.author)
def import_page() -> ResponseReturnValue:
    return chooser()


@pages.post(HERE, access=policy.author, largest=LARGEST)
def read_in() -> ResponseReturnValue:
    """Keep what was sent for an hour; small courses are read at once, others by the worker."""
    owner = actor().owner
    limits.spend((READINGS, str(owner)))
    files = [(file.filename, file.stream) for file in request.files.getlist("datei") if file.filename]
    target = request.form.get("kurs", "")
    if not files:
        return chooser(_("Wählen Sie ein ZIP oder die Dateien eines Kurses."))
    end_reading()
    try:
        place = sent.receive(config(), owner, files)
        small = kept(place, target)
    except Refused as refused:
        return chooser(refused.message)
    if small:
        importing.read(database(), place, target)
    return to(".imported", liste=place.token)


def kept(place: Place, target: str) -> bool:
    """Whether the files are few enough to be read at once; else the worker is asked. Raises Refused."""
    try:
        small = sent.is_small(place)
    except Refused:
        place.discard()
        raise
    with writing() as db:
        importing.forget_later(db, place)
        if not small:
            importing.read_later(db, place, target)
    return small


def chooser(error: str = "") -> ResponseReturnValue:
    """The form, with what is wrong."""
    courses = importing.courses(session())
    status = 422 if error else 200
    chosen = request.form.get("kurs", request.args.get("kurs", ""))
    return page("workshop/import.html", status, error=error, courses=courses, chosen=chosen)


@pages.get(ONE, access=policy.author)
def imported(liste: str) -> ResponseReturnValue:
    place, state = own(liste)
    return report(place, state)


@pages.post(ONE, access=policy.author)
def take_over(liste: str) -> ResponseReturnValue:
    """Make it working copies; nothing is published."""
    place, state = own(liste)
    if state.state != READ:
        return report(place, state)
    end_reading()
    try:
        taken = importing.take_over(database(), place, actor(), choices(state))
    except Refused as refused:
        return report(place, state, refused)
    flash(_("Eingelesen. Veröffentlicht ist noch nichts."), "success")
    return to(".media_library", course_id=taken[0])


@pages.post(f"{ONE}/verwerfen", access=policy.author)
def discard_import(liste: str) -> ResponseReturnValue:
    own(liste)[0].discard()
    flash(_("Die Dateien sind verworfen. Es wurde nichts eingelesen."), "info")
    return to(".import_page")


def report(place: Place, state: State, refused: Refused | None = None) -> ResponseReturnValue:
    """What was found, and what taking it over would do as things stand now."""
    plans = importing.compared(session(), place) if state.state == READ else []
    status = refused.status if refused else 422 if state.state == BROKEN else 200
    courses = list(zip(state.courses, plans, strict=True)) if plans else []
    values = {"state": state, "courses": courses, "liste": place.token, "form": request.form}
    ready = not any(plan.problem for plan in plans) and not all(plan.nothing for plan in plans)
    return page("workshop/import_report.html", status, refused=refused, ready=ready, **values)


def choices(state: State) -> dict[int, Choice]:
    """What was decided of each course."""
    form = request.form
    return {
        number: Choice(
            form.get(f"slug-{number}", "").strip(),
            frozenset(form.getlist(f"ersetzen-{number}")),
            frozenset(form.getlist(f"bilder-{number}")),
            bool(form.get(f"entfernen-{number}")),
        )
        for number in range(len(state.courses))
    }


def own(liste: str) -> tuple[Place, State]:
    """What this person has sent in. Raises NotFound for another's, or after its hour."""
    place = Place(config(), actor().owner, liste)
    return place, require(place.state())
