"""The devices on which one is signed in: end one, end all others, stay signed in."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.accounts.views.blueprint import pages
from learn.core import sessions
from learn.core.access import NotFound, actor, learner
from learn.core.db import writing
from learn.core.i18n import gettext as _

DEVICES = "/konto/anmeldung#geraete"


@pages.post("/konto/anmeldung/geraete", access=learner)
def end_device() -> ResponseReturnValue:
    sent = request.form.get("device", "")
    session_id = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    with writing() as db:
        if not sessions.close_own(db, actor().owner, session_id):
            raise NotFound
    if session_id == actor().session_id:
        sessions.end()
        return redirect("/", 303)
    flash(_("Das Gerät ist abgemeldet."), "success")
    return redirect(DEVICES, 303)


@pages.post("/konto/anmeldung/geraete/andere", access=learner)
def end_other_devices() -> ResponseReturnValue:
    with writing() as db:
        sessions.close_others(db, actor().owner, actor().session_id)
    flash(_("Alle anderen Geräte sind abgemeldet."), "success")
    return redirect(DEVICES, 303)


@pages.get("/konto/sitzung", access=learner)
def stay() -> ResponseReturnValue:
    """Using it renews the session's cookie; the answer says for how many minutes."""
    return str(sessions.minutes_left() or ""), 200, {"Content-Type": "text/plain; charset=utf-8"}
