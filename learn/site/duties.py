"""The duty pages linked from every footer; an operator replaces texts by files in the instance."""

from flask import current_app, flash, make_response, request
from flask.typing import ResponseReturnValue

from learn.core import limits, mail
from learn.core.access import visitor
from learn.core.db import writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit, TooMany
from learn.core.web import page, referring_page, to
from learn.site import forms
from learn.site.blueprint import pages
from learn.site.mail import barrier_report
from learn.site.own_pages import own_page

REPORTS = Limit("barrier-report", tries=10, seconds=3600)


def duty(name: str) -> ResponseReturnValue:
    """The operator's page of this name, else the program's own."""
    own = own_page(current_app.extensions["learn.config"], name)
    if own is not None:
        return page("site/own_page.html", own=own, name=name)
    return page(f"site/duties/{name}.html")


@pages.get("/hilfe", access=visitor)
def help_page() -> ResponseReturnValue:
    return duty("hilfe")


@pages.get("/barrierefreiheit", access=visitor)
def accessibility() -> ResponseReturnValue:
    return duty("barrierefreiheit")


@pages.get("/leichte-sprache", access=visitor)
def easy_language() -> ResponseReturnValue:
    return duty("leichte-sprache")


@pages.get("/gebaerdensprache", access=visitor)
def sign_language() -> ResponseReturnValue:
    return duty("gebaerdensprache")


@pages.get("/datenschutz", access=visitor)
def privacy() -> ResponseReturnValue:
    return duty("datenschutz")


@pages.get("/impressum", access=visitor)
def imprint() -> ResponseReturnValue:
    return duty("impressum")


@pages.get("/barriere-melden", access=visitor)
def report_barrier() -> ResponseReturnValue:
    form = forms.BarrierReport(formdata=None)
    form.seite.data = (request.args.get("seite") or referring_page() or "")[:500]
    return page("site/duties/barriere-melden.html", form=form)


@pages.post("/barriere-melden", access=visitor)
def send_barrier() -> ResponseReturnValue:
    form = forms.BarrierReport()
    try:
        limits.spend((REPORTS, limits.source()))
    except TooMany as many:
        form.body.errors = [_("Das waren viele Meldungen. Senden Sie diese in einer Stunde noch einmal.")]
        response = make_response(page("site/duties/barriere-melden.html", 429, form=form))
        response.headers["Retry-After"] = str(many.wait)
        return response
    if not form.validate():
        return page("site/duties/barriere-melden.html", 422, form=form)
    with writing() as db:
        mail.send(db, report(form))
    flash(_("Ihre Meldung ist unterwegs. Danke, dass Sie sich die Zeit genommen haben."), "success")
    return to(".report_barrier", seite=form.seite.data or None)


def report(form: forms.BarrierReport) -> mail.Message:
    page_of_it, text, email = (field.data or "" for field in (form.seite, form.body, form.email))
    return barrier_report(current_app.extensions["learn.config"], page=page_of_it, text=text, email=email)
