"""`/verwaltung/personen/einlesen`: a list of people; first what is in it, then who comes with it."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.accounts import uploads
from learn.accounts.importing import Report
from learn.accounts.roster import BadRosterError
from learn.accounts.uploads import Upload
from learn.accounts.views.changes import config
from learn.core import audit, limits
from learn.core.access import actor, require
from learn.core.db import database, end_reading, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.policy import may_decide

HERE = "/verwaltung/personen/einlesen"
ONE = f"{HERE}/<slug:liste>"
LARGEST = 12 * 1024 * 1024
UPLOADS = Limit("people-upload", tries=30, seconds=3600)


@pages.get(HERE, access=may_decide)
def people_upload() -> ResponseReturnValue:
    return page("desk/people_upload.html", error="", report=None)


@pages.post(HERE, access=may_decide, largest=LARGEST)
def check_people() -> ResponseReturnValue:
    """Check the file and keep it for an hour; nobody is added."""
    owner = actor().owner
    limits.spend((UPLOADS, str(owner)))
    sent = request.files.get("datei")
    if sent is None or not sent.filename:
        return refused(_("Wählen Sie eine Datei aus."))
    end_reading()
    try:
        token, report = uploads.check(database(), config(), owner, sent.read())
    except BadRosterError as problem:
        return refused(str(problem))
    if not token:
        return refused("", report)
    with writing() as db:
        uploads.forget_later(db, owner, token)
    return to(".people_list", liste=token)


def refused(error: str, report: Report | None = None) -> ResponseReturnValue:
    """The form again, with what is wrong: with the file, or line by line."""
    return page("desk/people_upload.html", 422, error=error, report=report)


@pages.get(ONE, access=may_decide)
def people_list(liste: str) -> ResponseReturnValue:
    return page("desk/people_list.html", found=own(liste), liste=liste)


@pages.post(ONE, access=may_decide)
def import_people(liste: str) -> ResponseReturnValue:
    own(liste)
    by, invite = audit.person(actor().owner), "invite" in request.form
    end_reading()
    uploads.begin(database(), config(), actor().owner, liste, by=by, invite=invite)
    return to(".people_list", liste=liste)


@pages.post(f"{ONE}/verwerfen", access=may_decide)
def discard_people(liste: str) -> ResponseReturnValue:
    if own(liste).state != uploads.RUNNING:
        uploads.discard(config(), actor().owner, liste)
        flash(_("Die Datei ist verworfen. Niemand wurde aufgenommen."), "info")
    return to(".people_upload")


def own(liste: str) -> Upload:
    """The list that this person has sent in. Raises NotFound for another's, or after its hour."""
    return require(uploads.upload(config(), actor().owner, liste))
