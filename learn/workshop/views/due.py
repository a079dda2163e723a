"""„Zuletzt geprüft“: what is due, and noting a review in the working copy."""

from urllib.parse import urlencode

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core import clock, paging
from learn.core.access import Refused, actor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.workshop import due, keys, policy, reminders
from learn.workshop.views.blueprint import pages

__all__ = ["reminders"]  # importing registers its job
ALL = "alle"
ADDRESS = "/werkstatt/pruefen"


@pages.get(ADDRESS, access=policy.author)
def reviews() -> ResponseReturnValue:
    """What is due; `?ansicht=alle` everything, `?kurs=` of one course."""
    every = due.courses(session())
    chosen, shown = request.args.get("kurs", ""), request.args.get("ansicht", "")
    wanted = [course_id for course_id, _title in every if chosen in {"", course_id}]
    found = due.rows(session(), clock.today(), wanted)
    listed = [row for row in found if row.due or shown == ALL]
    start = first(len(listed))
    return page(
        "workshop/reviews.html",
        rows=due.drafted(session(), listed[start : start + paging.ROWS]),
        waiting=sum(row.due for row in found),
        total=len(found),
        courses=every,
        chosen=chosen if wanted else "",
        shown=ALL if shown == ALL else "",
        address=address,
        href=keys.href,
        after=paging.write([start + paging.ROWS]) if len(listed) > start + paging.ROWS else "",
    )


@pages.post(ADDRESS, access=policy.author)
def mark_reviewed() -> ResponseReturnValue:
    """„Als geprüft eintragen“: this month, in the working copy."""
    try:
        with writing() as db:
            due.mark(db, actor(), request.form.get("key", ""), clock.today())
        flash(_("Eingetragen. Lernende sehen es nach der nächsten Veröffentlichung."), "success")
    except Refused as problem:
        flash(problem.message, "warning")
    chosen, shown = request.form.get("course", ""), request.form.get("view", "")
    return redirect(address(kurs=chosen, ansicht=shown), 303)


def first(length: int) -> int:
    """Where the list begins, by the cursor."""
    place = paging.read(request.args.get("nach"), 1)
    return place[0] if place and isinstance(place[0], int) and 0 <= place[0] < length else 0


def address(**wanted: str) -> str:
    """The page with these filters, empty ones left out."""
    query = urlencode({name: text for name, text in wanted.items() if text})
    return f"{ADDRESS}?{query}" if query else ADDRESS
