"""Mitteilungen: what is new for a person, day by day, and why she hears of it. Works while mail does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from flask import request
from flask.typing import ResponseReturnValue

from learn.core.access import actor, learner
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.forum import lines
from learn.forum.lines import Line
from learn.notices import lines as notices
from learn.site.blueprint import pages
from learn.workshop import anchoring, notifying, reminders
from learn.workshop.mail import place

ALL = "alle"
DESK = {
    "meldung": "/verwaltung/meldungen",
    "widerspruch": "/verwaltung/moderation",
    reminders.REVIEW: "/werkstatt/pruefen",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in words: what happened, in which question, why she hears of it. `href` may be empty."""

    id: int
    stand: int
    new: bool
    what: str
    title: str
    why: str
    href: str


@pages.get("/mitteilungen", access=learner)
def list_notices() -> ResponseReturnValue:
    """Open lines; `?ansicht=alle` also those that are done."""
    closed = request.args.get("ansicht") == ALL
    found = lines.lines(session(), actor(), closed=closed, after=request.args.get("nach"))
    moves = anchoring.addresses(session(), [line.subject for line in found.rows])
    courses = notifying.titles(
        session(), [line.subject for line in found.rows if line.kind in notifying.KINDS]
    )
    words = [(line.day, of_course(line, courses) or shown(line, moves)) for line in found.rows]
    days = [(day, [each for _day, each in of_day]) for day, of_day in groupby(words, key=itemgetter(0))]
    newest = max((line.stand for line in found.rows), default=0)
    return page("site/notices.html", days=days, after=found.after, closed=closed, newest=newest)


@pages.post("/mitteilungen/<int(max=2147483647):notice_id>/erledigt", access=learner)
def finish_notice(notice_id: int) -> ResponseReturnValue:
    """Close one line, as it stood on the page."""
    with writing() as db:
        notices.finish(db, actor().owner, notice_id, number("stand"))
    return to(".list_notices")


@pages.post("/mitteilungen/erledigt", access=learner)
def finish_notices() -> ResponseReturnValue:
    """Close all lines up to the newest one of the page."""
    with writing() as db:
        notices.finish_all(db, actor().owner, number("stand"))
    return to(".list_notices")


def number(name: str) -> int:
    """A field with an event's number; 0 for anything else."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def of_course(line: Line, courses: Mapping[str, str]) -> Shown | None:
    """A line about a course of the Werkstatt, by its subject's title; None for any other line."""
    if line.kind not in notifying.KINDS:
        return None
    name = courses.get(line.subject, "")
    words = notifying.worded(line.kind, name) or _("Den Kurs gibt es nicht mehr.")
    href = place(line.subject, line.kind) if name else ""
    return Shown(line.id, line.stand, line.new, words, "", _("weil Sie an Kursen schreiben"), href)


def shown(line: Line, moves: Mapping[str, tuple[str, str]]) -> Shown:
    """The line in words, with the address of what is new in it; `moves` of supplements by subject."""
    if line.kind == anchoring.MOVED:
        href_moved, name = moves.get(line.subject, ("", ""))
        return Shown(line.id, line.stand, line.new, what(line), name, why(line), href_moved)
    return Shown(line.id, line.stand, line.new, what(line), title(line), why(line), href(line))


def title(line: Line) -> str:
    """The question's title; its number where its page only tells why it is empty; nothing out of sight."""
    if line.title or not line.reachable or line.kind in DESK:
        return line.title
    return _("Frage %(number)s", number=line.question_id)


def what(line: Line) -> str:
    """What happened last."""
    return {
        "frage": _("Neue Frage"),
        "antwort": _("Neue Antwort"),
        "rueckfrage": _("Neue Rückfrage"),
        "loesung": _("Neue Lösung"),
        "moderation": _("Die Koordination hat einen Beitrag von Ihnen geändert"),
        "entscheidung": decision(line),
        "meldung": _("Neue Meldung"),
        "widerspruch": _("Neuer Widerspruch"),
        "wartet": _("Seit fünf Arbeitstagen ohne Antwort"),
        anchoring.MOVED: _("Eine Ergänzung Ihrer Kommune steht jetzt an anderer Stelle"),
        reminders.REVIEW: _("Kurse und Lektionen warten auf eine Prüfung"),
    }.get(line.kind, _("Neues"))


def decision(line: Line) -> str:
    """What became of a report, with the words of who decided."""
    hidden = _("Ihre Meldung: Der Beitrag ist ausgeblendet.")
    words = hidden if line.decision != "bleibt" else _("Ihre Meldung: Der Beitrag bleibt.")
    return f"{words} {line.answer}".strip()


def why(line: Line) -> str:
    """Why she hears of it."""
    if line.kind in {anchoring.MOVED, reminders.REVIEW}:
        moved = line.kind == anchoring.MOVED
        return _("weil Sie für eine Kommune Kurse anpassen") if moved else _("weil Sie Kurse schreiben")
    if line.reason == "antwort":
        return {
            "antwort": _("weil Sie gefragt haben"),
            "rueckfrage": _("weil Ihr Beitrag gemeint ist"),
            "loesung": _("weil die Antwort von Ihnen ist"),
        }.get(line.kind, "")
    return {
        "erwaehnt": _("weil Sie angesprochen sind"),
        "kommune": _("weil Ihre Kommune angesprochen ist"),
        "ort": _("weil Sie der Kommune folgen"),
        "gefragt": _("weil Sie gefragt haben"),
        "geantwortet": _("weil Sie geantwortet haben"),
        "gewaehlt": _("weil Sie folgen"),
        "thema": _("weil Sie dem Thema folgen"),
        "moderation": _("weil der Beitrag von Ihnen ist"),
        "gemeldet": _("weil Sie gemeldet haben"),
        "aufgabe": _("weil Sie zur Koordination gehören"),
    }.get(line.reason, "")


def href(line: Line) -> str:
    """Where it leads: to the first unread post of a question, else to the matter itself."""
    if line.kind in DESK:
        return DESK[line.kind]
    if not line.reachable:
        return ""
    if not line.title:
        return f"/forum/fragen/{line.question_id}"
    address = f"/forum/fragen/{line.question_id}-{line.slug}"
    if line.kind in {"frage", "wartet"}:
        return address
    if line.post_id and (line.kind in {"loesung", "moderation", "entscheidung"} or not line.new):
        return f"/forum/beitraege/{line.post_id}"
    return f"{address}?ab={line.first_unread}#post-{line.first_unread}"
