"""`/verwaltung/kommunen/einlesen`: a list of towns, first what it would change, then the change."""

from contextlib import closing

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import audit
from learn.core.access import actor, coordinator
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.desk import town_forms
from learn.desk.blueprint import pages
from learn.network import importing, parse
from learn.network.parse import BadTownsError, TownFault, TownRow
from learn.site import districts

HERE = "/verwaltung/kommunen/einlesen"
LARGEST = 900_000  # bytes; the whole form may have 1 MB
SHOWN = 100  # changes or faults; more are counted


@pages.get(HERE, access=coordinator)
def town_upload() -> ResponseReturnValue:
    return page("desk/town_import.html", form=town_forms.Upload(formdata=None), faults=[])


@pages.post(HERE, access=coordinator)
def check_towns() -> ResponseReturnValue:
    """Say what the file would change; nothing is written."""
    data = sent()
    try:
        rows = towns(data)
        found = importing.compared(session(), rows)
    except BadTownsError as problem:
        return refused(problem.faults)
    new = sum(1 for change in found if change.town is None)
    return page(
        "desk/town_import_check.html",
        changes=found[:SHOWN],
        left=len(found) - len(found[:SHOWN]),
        new=new,
        changed=len(found) - new,
        same=len(rows) - len(found),
        body=data.decode("utf-8-sig"),
    )


@pages.post(f"{HERE}/uebernehmen", access=coordinator)
def import_towns() -> ResponseReturnValue:
    """Import what was checked, all or nothing."""
    try:
        rows = towns(request.form.get("body", "").encode())
        with writing() as db:
            done = importing.import_towns(db, rows, by=audit.person(actor().owner))
    except BadTownsError as problem:
        return refused(problem.faults)
    districts.forget()
    flash(_("Die Liste ist übernommen: %(done)s.", done=done), "success")
    return to(".town_list")


def sent() -> bytes:
    """The file of this request, of one too large its beginning."""
    file = request.files.get("datei")
    if file is None:
        return b""
    with closing(file):
        data: bytes = file.read(LARGEST + 1)
    return data


def towns(data: bytes) -> list[TownRow]:
    """The rows of the file. Raises BadTownsError."""
    if not data:
        raise BadTownsError([TownFault(0, _("Wählen Sie eine Datei aus."))])
    if len(data) > LARGEST:
        raise BadTownsError([TownFault(0, _("Die Datei ist größer als 900 KB. Teilen Sie sie."))])
    return parse.towns(data)


def refused(faults: list[TownFault]) -> ResponseReturnValue:
    """The form with the faults of the file, a line each."""
    form = town_forms.Upload()
    listed = [str(fault) for fault in faults[:SHOWN] if fault.line]
    counted = _("Fehler in der Datei: %(num)s", num=len(faults))
    form.datei.errors = [counted if listed else faults[0].message]
    return page("desk/town_import.html", 422, form=form, faults=listed, left=len(faults) - len(listed))
