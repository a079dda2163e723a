"""`/verwaltung`: what there is to do, as cards; each says who may open it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from learn.accounts import methods, waiting
from learn.core.access import Rule, actor
from learn.core.db import session
from learn.core.i18n import ngettext
from learn.core.web import page
from learn.desk.blueprint import pages, staff
from learn.desk.policy import may_decide, may_help, may_read_log


def due_requests() -> str:
    """How many requests wait, in words; empty for none."""
    number = waiting.number(session())
    return ngettext("%(num)s wartet", "%(num)s warten", number) if number else ""


@dataclass(frozen=True, slots=True)
class Card:
    """A page of the desk: where, what for, for whom; `due` says what waits there."""

    href: str
    title: Any
    purpose: Any
    rule: Rule
    due: Callable[[], str] | None = None


CARDS = (
    Card(
        "/verwaltung/anfragen",
        _l("Anfragen"),
        _l("Wer aufgenommen werden oder wechseln möchte, wartet hier auf Ihr Ja."),
        may_decide,
        due_requests,
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
    due = {card.href: card.due() for card in mine if card.due}
    unsafe = methods.unsafe(session(), actor())
    return page("desk/overview.html", cards=mine, due=due, unsafe=unsafe)
