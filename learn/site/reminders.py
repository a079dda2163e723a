"""`/konto/erinnerung`: on which day and how one is reminded; and the calendar behind a secret address."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core import atom, clock, sessions
from learn.core.access import Refused, actor, learner, require, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.learning import appointments, reminders
from learn.learning.reminders import Setting
from learn.site.blueprint import pages

NEW_KEY = "reminder-key"  # the note that carries a new key to the page that shows it
MINUTES = 10
MIMETYPE = "text/calendar"
MAIL, CALENDAR = "mail", "kalender"


@pages.get("/konto/erinnerung", access=learner)
def show_reminder() -> ResponseReturnValue:
    """What is set; a new calendar address is shown for a few minutes after it was made."""
    found = reminders.setting(session(), actor())
    return form(found or Setting(0, mail=False, calendar=False), begun=found is not None)


@pages.post("/konto/erinnerung", access=learner)
def set_reminder() -> ResponseReturnValue:
    """Keep the choice, renew the calendar's address, or end everything: field `press`."""
    press = request.form.get("press", "")
    try:
        with writing() as db:
            if press == "adresse":
                keep(reminders.renew(db, actor()))
            elif press == "ende":
                reminders.end(db, actor())
                sessions.drop_note(NEW_KEY)
            else:
                chosen = wanted()
                keep(
                    reminders.choose(db, actor(), chosen.weekday, mail=chosen.mail, calendar=chosen.calendar)
                )
    except Refused as refused:
        return form(wanted(), 422, error=str(refused))
    flash(_("Die Erinnerung ist beendet.") if press == "ende" else _("Ihre Wahl ist gespeichert."), "success")
    return to(".show_reminder")


@pages.get("/erinnerung/<key>.ics", access=visitor)
def reminder_calendar(key: str) -> ResponseReturnValue:
    """The calendar of whoever made this address; nothing is noted about the asking."""
    who, weekday, name = require(reminders.behind(session(), key))
    step = reminders.following(session(), who)
    text = appointments.calendar(name, weekday, clock.today(), base=atom.base(), step=step).decode()
    response = atom.answer(text, MIMETYPE, keyed=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request)


def wanted() -> Setting:
    """The form as it was sent; a weekday that is none is -1."""
    day, ways = request.form.get("weekday", ""), request.form.getlist("ways")
    weekday = int(day) if day.isascii() and day.isdigit() and len(day) == 1 else -1
    return Setting(weekday, mail=MAIL in ways, calendar=CALENDAR in ways)


def keep(key: str) -> None:
    """Let the next page show a new key."""
    if key:
        sessions.keep_note(NEW_KEY, key)


def form(chosen: Setting, status: int = 200, *, begun: bool = True, error: str = "") -> ResponseReturnValue:
    ways = [name for name, on in ((MAIL, chosen.mail), (CALENDAR, chosen.calendar)) if on]
    key = sessions.note(NEW_KEY, MINUTES) if chosen.calendar else None
    return page(
        "site/reminder.html",
        status,
        chosen=chosen,
        ways=ways,
        days=days(),
        begun=begun,
        error=error,
        address=f"{atom.base()}/erinnerung/{key}.ics" if key else "",
    )


def days() -> list[tuple[str, str]]:
    """The week as choices."""
    names = (
        *(_("Montag"), _("Dienstag"), _("Mittwoch"), _("Donnerstag")),
        *(_("Freitag"), _("Samstag"), _("Sonntag")),
    )
    return [(str(number), name) for number, name in enumerate(names)]
