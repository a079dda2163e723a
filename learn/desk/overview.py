"""`/verwaltung`: what there is to do, as cards; each says who may open it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from learn.accounts import methods, waiting
from learn.config import Config
from learn.core.access import Rule, actor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.core.web import page
from learn.desk.blueprint import pages, staff
from learn.desk.policy import may_decide, may_help, may_moderate, may_read_log
from learn.forum import unanswered
from learn.forum.unanswered import MOST
from learn.workshop import waiting as under_review


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits for the Koordination; what is counted to MOST reads „20 und mehr“."""

    requests: int
    reports: int
    objections: int
    proposals: int
    unanswered: int
    approvals: int

    @classmethod
    def of(cls, db: Any, holidays: Collection[date]) -> Self:
        found = unanswered.pending(db)
        late = unanswered.overdue(db, None, holidays)
        number = MOST if late.after else min(len(late.rows), MOST)
        return cls(
            waiting.number(db),
            found.reports,
            found.objections,
            found.proposals,
            number,
            under_review.number(db),
        )


def words(number: int, most: int = 0) -> str:
    """How many wait, in words; empty for none."""
    if most and number >= most:
        return _("%(num)s und mehr warten", num=most)
    return ngettext("%(num)s wartet", "%(num)s warten", number) if number else ""


@dataclass(frozen=True, slots=True)
class Card:
    """A page of the desk: where, what for, for whom; `due` says what waits there."""

    href: str
    title: Any
    purpose: Any
    rule: Rule
    due: Callable[[Work], str] | None = None


CARDS = (
    Card(
        "/verwaltung/anfragen",
        _l("Anfragen"),
        _l("Wer aufgenommen werden oder wechseln möchte, wartet hier auf Ihr Ja."),
        may_decide,
        lambda work: words(work.requests),
    ),
    Card(
        "/verwaltung/meldungen",
        _l("Meldungen"),
        _l("Gemeldete Beiträge prüfen: ausblenden oder sichtbar lassen."),
        may_moderate,
        lambda work: words(work.reports, MOST),
    ),
    Card(
        "/verwaltung/unbeantwortet",
        _l("Unbeantwortet"),
        _l("Fragen, die seit fünf Arbeitstagen ohne Antwort sind."),
        may_moderate,
        lambda work: words(work.unanswered, MOST),
    ),
    Card(
        "/verwaltung/moderation",
        _l("Moderation"),
        _l("Nachlesen und zurücknehmen, was ausgeblendet oder verschoben wurde. Widersprüche beantworten."),
        may_moderate,
        lambda work: words(work.objections, MOST),
    ),
    Card(
        "/verwaltung/freigaben",
        _l("Freigaben"),
        _l("Kurse, die auf eine Freigabe warten. Festlegen, ob eine zweite Person freigibt."),
        may_decide,
        lambda work: words(work.approvals),
    ),
    Card(
        "/verwaltung/themen",
        _l("Themen"),
        _l("Vorschläge annehmen, Namen, Synonyme und Reihenfolge pflegen."),
        may_decide,
        lambda work: words(work.proposals, MOST),
    ),
    Card(
        "/verwaltung/personen",
        _l("Personen und Rollen"),
        _l("Konten finden, bei der Anmeldung helfen, Rollen geben und nehmen."),
        may_help,
    ),
    Card(
        "/verwaltung/einladungen",
        _l("Einladungen"),
        _l("Personen und Kommunen einladen, offene Einladungen zurückziehen."),
        may_decide,
    ),
    Card(
        "/verwaltung/kommunen",
        _l("Kommunen"),
        _l("Angaben, Rolle und E-Mail-Domains der Kommunen pflegen."),
        may_decide,
    ),
    Card(
        "/verwaltung/klassen",
        _l("Klassen"),
        _l("Klassen anlegen, Kommunen aufnehmen, Beitrittslinks verwalten."),
        may_decide,
    ),
    Card(
        "/verwaltung/anmeldedienste",
        _l("Anmeldedienste"),
        _l("Mit dem Konto der eigenen Verwaltung anmelden: Dienste der Kommunen einrichten."),
        staff,
    ),
    Card(
        "/verwaltung/protokoll",
        _l("Protokoll"),
        _l("Nachlesen und ausdrucken, wer wann was mit welchem Konto getan hat."),
        may_read_log,
    ),
)


@pages.get("/verwaltung", access=staff)
def overview() -> ResponseReturnValue:
    mine = [card for card in CARDS if card.rule(actor())]
    config: Config = current_app.extensions["learn.config"]
    work = Work.of(session(), config.holidays) if may_decide(actor()) else None
    due = {card.href: card.due(work) for card in mine if card.due and work is not None}
    unsafe = methods.unsafe(session(), actor())
    return page("desk/overview.html", cards=mine, due=due, unsafe=unsafe)
