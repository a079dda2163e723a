"""The button under a lesson: something here is unclear to me, or no longer."""

from flask import request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.learning import unclear
from learn.site.blueprint import pages
from learn.site.lesson import back
from learn.site.place import place, whole_number
from learn.site.reading import Fault, Sent, show

PRESSES = {"setzen": unclear.mark, "zuruecknehmen": unclear.withdraw}


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/unklar", access=learner)
def mark_unclear(kurs: str, lektion: str) -> ResponseReturnValue:
    """Mark the edition as unclear, or take the mark back."""
    found = place(session(), kurs, lektion)
    try:
        press = pressed()
        with writing() as db:
            press(db, actor(), found.release, found.text.lesson_id, whole_number("edition") or 0)
    except Refused as problem:
        fault = Fault(_("Noch nicht geändert"), "unklar", problem.message)
        return show(found, problem.status, Sent(fault=fault))
    return back(found, "unklar")


def pressed() -> unclear.Press:
    """What the button does. Raises Refused."""
    press = PRESSES.get(request.form.get("press", ""))
    if press is None:
        raise Refused(_("Drücken Sie den Knopf unter der Lektion noch einmal."))
    return press
