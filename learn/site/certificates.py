"""Nachweise: one's own, issued on request, as PDF and withdrawn; and the page by which anybody checks one."""

from flask import current_app, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue

from learn.config import Config
from learn.core import logs, paper
from learn.core.access import actor, learner, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.core.web import page
from learn.courses import queries as shelf
from learn.learning import certificates, issuing
from learn.learning.certificates import Held
from learn.learning.issuing import Seal
from learn.site import certificate_paper
from learn.site.blueprint import pages

OWN = "/lernen/nachweise"
PAPERS = Pace(Limit("certificate-pdf", tries=30, seconds=600))


@pages.get("/lernen/nachweise", access=learner)
def own_certificates() -> ResponseReturnValue:
    """All Nachweise she has, and the finished courses of which she has none."""
    return listed()


@pages.post("/lernen/nachweise", access=learner)
def issue_certificate() -> ResponseReturnValue:
    """Issue one, once; a second click leads to the same."""
    course_id, named = request.form.get("kurs", ""), "named" in request.form
    with writing() as db:
        held = issuing.issue(db, actor(), course_id, named=named, seal=seal())
    flash(_("Ihr Nachweis ist ausgestellt. Sie entscheiden, wem Sie ihn zeigen."), "success")
    return redirect(f"{OWN}#n-{held.code}", 303)


@pages.get("/lernen/nachweise/<code>.pdf", access=learner)
def certificate_pdf(code: str) -> ResponseReturnValue:
    """The paper; where none comes about, the list with a sentence."""
    held = certificates.held_one(session(), actor(), code)
    PAPERS.take(str(actor().owner))
    try:
        made = certificate_paper.pdf(held, address_of(held))
    except paper.NotMade as problem:
        return not_made(problem)
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="nachweis-{held.code[:8]}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/lernen/nachweise/<code>", access=learner)
def choose_for_certificate(code: str) -> ResponseReturnValue:
    """What the check page says, and whether it outlives the account; another name means another badge."""
    named, kept = "named" in request.form, "kept" in request.form
    with writing() as db:
        issuing.choose(db, actor(), code, named=named, kept=kept, seal=seal())
    flash(_("Die Angaben zur Prüfseite sind gespeichert."), "success")
    return redirect(f"{OWN}#n-{code}", 303)


@pages.get("/lernen/nachweise/<code>/zurueckziehen", access=learner)
def ask_to_withdraw(code: str) -> ResponseReturnValue:
    """Say what withdrawing does before it is done."""
    return page("site/certificate_withdraw.html", held=certificates.held_one(session(), actor(), code))


@pages.post("/lernen/nachweise/<code>/zurueckziehen", access=learner)
def withdraw_certificate(code: str) -> ResponseReturnValue:
    """Withdraw one for ever."""
    with writing() as db:
        certificates.withdraw(db, actor(), code)
    flash(_("Der Nachweis ist zurückgezogen und gilt nicht mehr."), "success")
    return redirect(OWN, 303)


@pages.get("/nachweise/<code>", access=visitor)
def check_certificate(code: str) -> ResponseReturnValue:
    """Whether a Nachweis holds; one answer for withdrawn, unknown and malformed codes."""
    held = certificates.valid(session(), code)
    if held is None:
        return page("site/certificate_unknown.html", 404)
    current = shelf.current_by_id(session(), [held.course_id]).get(held.course_id)
    return page(
        "site/certificate.html",
        held=held,
        facts=certificate_paper.facts(held),
        contents=certificate_paper.contents(held),
        honest=certificate_paper.honest(),
        course_href=f"/kurse/{current.manifest.slug}" if current else "",
    )


def listed(status: int = 200, failed: str = "") -> ResponseReturnValue:
    """The page of her Nachweise; `failed`: why a file did not come about."""
    return page(
        "site/certificates.html",
        status,
        own=certificates.held(session(), actor()),
        due=certificates.due(session(), actor()),
        failed=failed,
    )


def not_made(problem: paper.NotMade) -> ResponseReturnValue:
    """No PDF: the reason, and that the Nachweis holds all the same."""
    logs.failure(problem)
    also = _("Der Nachweis gilt trotzdem. Zeigen Sie seine Prüfseite.")
    response = make_response(listed(503, f"{problem} {also}"))
    response.headers["Retry-After"] = "60"
    return response


def seal() -> Seal:
    """Who issues, and with which keys."""
    config = settings()
    return Seal(config.base_url, config.network_name, config.secret_key, config.badge_algorithm)


def address_of(held: Held) -> str:
    """The whole address of the check page, as it stands on paper."""
    return f"{settings().base_url}/nachweise/{held.code}"


def settings() -> Config:
    """The settings of this installation."""
    found: Config = current_app.extensions["learn.config"]
    return found
