"""One's own data: see it, take it along, leave; and the way back of a closed account."""

from tempfile import SpooledTemporaryFile

from flask import Response, flash, redirect, request, send_file
from flask.typing import ResponseReturnValue

from learn.accounts import erasure, methods, passwords
from learn.accounts import owndata as holdings
from learn.accounts.views import changes, code
from learn.accounts.views.blueprint import pages
from learn.core import audit, clock, export, limits, owndata, sessions
from learn.core.access import actor, learner, require, visitor
from learn.core.db import session, writing
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.owndata import Owner
from learn.core.pace import Pace
from learn.core.web import page, to

EXPORTS = Pace(Limit("export", tries=10, seconds=600))
IN_MEMORY = 2 * 1024 * 1024  # a larger export waits on disk
SHOWN = 5  # entries of the log on the first page
CLOSING = "/konto/daten/loeschen"


@pages.get("/konto/daten", access=learner)
def own_data() -> ResponseReturnValue:
    """What there is, and the three things she can do with it."""
    mine = owner()
    entries = holdings.own_log(session(), mine)
    return page(
        "accounts/own_data.html",
        topics=owndata.held(session(), mine),
        entries=entries[:SHOWN],
        more=len(entries) > SHOWN,
    )


@pages.get("/konto/daten/protokoll", access=learner)
def own_log() -> ResponseReturnValue:
    """All entries of the log about her, to print."""
    entries = holdings.own_log(session(), owner())
    return page("accounts/own_log.html", entries=entries, today=clock.today())


@pages.get("/konto/daten/export.zip", access=learner)
def export_own_data() -> ResponseReturnValue:
    """Everything as one file; large ones wait on disk, not in memory."""
    EXPORTS.take(str(actor().owner))
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    export.write(session(), changes.config(), owner(), file)
    file.seek(0)
    name = f"meine-daten-{clock.today()}.zip"
    response: Response = send_file(file, "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/konto/daten/loeschen", access=learner)
def confirm_closing() -> ResponseReturnValue:
    return closing_page()


@pages.post("/konto/daten/loeschen", access=learner)
def close_account() -> ResponseReturnValue:
    """Close the account once she has proven who she is; this browser is signed out with all others."""
    person = require(methods.person(session(), actor().owner))
    if person.password_hash is None and not changes.is_proven():
        return to(".prove", weiter=CLOSING)
    refused = refusal(person.id, person.password_hash)
    if refused:
        return closing_page(422, refused)
    with writing() as db:
        own = require(methods.person(db, person.id))
        ends = erasure.close(db, changes.config(), own, by=audit.person(own.id))
    sessions.end()
    words = _("Ihr Konto ist geschlossen. Am %(day)s löschen wir es.", day=day(ends))
    flash(words + " " + _("Bis dahin macht der Link in Ihrer E-Mail das rückgängig."), "success")
    return redirect("/", 303)


@pages.get("/konto-zurueck/<token>", access=visitor)
def confirm_return(token: str) -> ResponseReturnValue:
    ends = erasure.closed_until(session(), token)
    return page("accounts/return.html", 200 if ends else 404, ends=ends, token=token)


@pages.post("/konto-zurueck/<token>", access=visitor)
def return_to_account(token: str) -> ResponseReturnValue:
    with writing() as db:
        person = erasure.undo(db, token)
    if person is None:
        return page("accounts/return.html", 404, ends=None, token=token)
    flash(_("Ihr Konto ist wieder offen. Es ist nichts verloren gegangen. Melden Sie sich an."), "success")
    return to(".sign_in")


def owner() -> Owner:
    """The signed-in person, as handlers of tables know her."""
    return holdings.owner_of(require(methods.person(session(), actor().owner)))


def refusal(person_id: int, stored: str | None) -> str:
    """Why the account stays open for now; tries at the password count like those at signing in."""
    if stored is None:
        typed = request.form.get("confirmation", "").strip().casefold()
        return "" if typed == _("löschen") else _("Schreiben Sie das Wort „löschen“ in das Feld.")
    tries = code.tries(person_id)
    limits.spend(*tries)
    if not passwords.fits(request.form.get("password", ""), stored):
        return _("Das Passwort stimmt nicht. Geben Sie Ihr aktuelles Passwort ein.")
    with writing() as db:
        limits.give_back(db, *tries)
    return ""


def closing_page(status: int = 200, refused: str = "") -> ResponseReturnValue:
    """What goes, what stays and why; the form asks for what she can prove herself with."""
    person = require(methods.person(session(), actor().owner))
    mine = holdings.owner_of(person)
    return page(
        "accounts/closing.html",
        status,
        refused=refused,
        topics=owndata.held(session(), mine),
        losses=owndata.losses(session(), mine),
        ends=clock.today() + erasure.GRACE,
        password=person.password_hash is not None,
        proven=changes.is_proven(),
        last=erasure.is_last_coordinator(session(), person.id, lock=False),
        town=actor().municipality,
    )
