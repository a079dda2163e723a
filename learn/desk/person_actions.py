"""What staff may do with one account: each action a page that says first what will happen, and asks why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from learn.accounts import account, staff
from learn.accounts.account import Account
from learn.accounts.views.changes import config
from learn.core import audit
from learn.core.access import Rule, actor, require
from learn.core.db import session, writing
from learn.core.web import page, to
from learn.desk.blueprint import pages
from learn.desk.person_forms import options
from learn.desk.policy import may_decide, may_help

PERSON = "/verwaltung/personen/<int(max=2147483647):person_id>"
ACTION = f"{PERSON}/<slug:aktion>"
NO_REASON = _l("Wählen Sie einen Grund aus der Liste.")


@dataclass(frozen=True, slots=True)
class Action:
    """`title` asks, `happens` answers what it does, `fits` says for which accounts, `reasons` why one may."""

    title: Any
    happens: tuple[Any, ...]
    button: Any
    done: Any
    reasons: tuple[str, ...]
    fits: Callable[[Account], bool]
    do: Callable[..., object]  # session, number of the person, by=, reason=
    rule: Rule = may_help


def is_open(found: Account) -> bool:
    return found.state in {"aktiv", "ohne-passwort"}


def close(db: Any, person_id: int, *, by: str, reason: str) -> None:
    staff.close(db, config(), person_id, by=by, reason=reason)


def send_link(db: Any, person_id: int, *, by: str, reason: str) -> None:
    staff.send_link(db, config(), person_id, by=by, reason=reason)


def remove_app(db: Any, person_id: int, *, by: str, reason: str) -> None:
    staff.remove_second_factor(db, config(), person_id, by=by, reason=reason)


ACTIONS: Mapping[str, Action] = {
    "einladung": Action(
        title=_l("Einladung schicken"),
        happens=(
            _l("Die Person bekommt eine E-Mail mit einem Link und wählt ihr Passwort."),
            _l("Der Link gilt sieben Tage. Ein früherer gilt dann nicht mehr."),
        ),
        button=_l("Einladung schicken"),
        done=_l("Die Einladung ist unterwegs."),
        reasons=("passwort", "wunsch"),
        fits=lambda found: found.state == "ohne-passwort",
        do=send_link,
    ),
    "passwort-link": Action(
        title=_l("Link für ein neues Passwort schicken"),
        happens=(
            _l("Die Person bekommt eine E-Mail mit einem Link. Er gilt eine Stunde."),
            _l("Bis sie ein neues Passwort wählt, gilt das bisherige."),
        ),
        button=_l("Link schicken"),
        done=_l("Der Link ist unterwegs."),
        reasons=("passwort", "wunsch", "verdacht"),
        fits=lambda found: found.state == "aktiv",
        do=send_link,
    ),
    "abmelden": Action(
        title=_l("Überall abmelden"),
        happens=(
            _l("Alle Sitzungen der Person enden sofort, auf allen Geräten."),
            _l("Passwort und Passkeys bleiben. Die Person kann sich wieder anmelden."),
        ),
        button=_l("Überall abmelden"),
        done=_l("Alle Sitzungen sind beendet."),
        reasons=("geraet", "verdacht", "wunsch"),
        fits=is_open,
        do=staff.end_sessions,
    ),
    "app-entfernen": Action(
        title=_l("Authenticator-App entfernen"),
        happens=(
            _l("Zum Anmelden genügt wieder das Passwort. Die Wiederherstellungscodes gelten nicht mehr."),
            _l("Alle Sitzungen enden. Die Person bekommt eine E-Mail darüber."),
            _l("Fragen Sie vorher nach: Rufen Sie die Person unter der Nummer ihres Rathauses an."),
        ),
        button=_l("App entfernen"),
        done=_l("Die App ist entfernt, alle Sitzungen sind beendet."),
        reasons=("geraet", "wunsch"),
        fits=lambda found: is_open(found) and "app" in found.ways,
        do=remove_app,
    ),
    "sperren": Action(
        title=_l("Konto sperren"),
        happens=(
            _l("Die Person kann sich nicht mehr anmelden. Alle Sitzungen enden sofort."),
            _l("Nichts wird gelöscht. Die Sperre lässt sich aufheben."),
        ),
        button=_l("Konto sperren"),
        done=_l("Das Konto ist gesperrt."),
        reasons=("ausgeschieden", "verdacht", "regeln", "wunsch", "versehen"),
        fits=is_open,
        do=staff.disable,
    ),
    "entsperren": Action(
        title=_l("Sperre aufheben"),
        happens=(_l("Die Person kann sich wieder anmelden wie zuvor."),),
        button=_l("Sperre aufheben"),
        done=_l("Die Sperre ist aufgehoben."),
        reasons=("geklaert", "wunsch", "versehen"),
        fits=lambda found: found.state == "gesperrt",
        do=staff.enable,
    ),
    "schliessen": Action(
        title=_l("Konto schließen und löschen"),
        happens=(
            _l("Das Konto ist sofort geschlossen und für niemanden mehr sichtbar."),
            _l("In sieben Tagen wird es gelöscht, mit Lernstand und Fahrplänen."),
            _l("Die Person bekommt eine E-Mail. Mit dem Link darin macht sie das rückgängig."),
        ),
        button=_l("Konto schließen"),
        done=_l("Das Konto ist geschlossen. In sieben Tagen wird es gelöscht."),
        reasons=("wunsch", "ausgeschieden", "versehen"),
        fits=is_open,
        do=close,
        rule=may_decide,
    ),
}


def possible(found: Account) -> dict[str, Action]:
    """What the one who looks may do with this account now; with her own nothing."""
    if found.id == actor().person_id:
        return {}
    return {slug: each for slug, each in ACTIONS.items() if each.rule(actor()) and each.fits(found)}


@pages.get(ACTION, access=may_help)
def ask_action(person_id: int, aktion: str) -> ResponseReturnValue:
    found, action = chosen(person_id, aktion)
    if not action.fits(found):
        return to(".person", person_id=person_id)
    return asked(found, aktion, action)


@pages.post(ACTION, access=may_help)
def act(person_id: int, aktion: str) -> ResponseReturnValue:
    found, action = chosen(person_id, aktion)
    reason = request.form.get("reason", "")
    if reason not in action.reasons:
        return asked(found, aktion, action, 422, NO_REASON)
    with writing() as db:
        action.do(db, person_id, by=audit.person(actor().owner), reason=reason)
    flash(str(action.done), "success")
    return to(".person", person_id=person_id)


def chosen(person_id: int, slug: str) -> tuple[Account, Action]:
    """The account and the action. Raises NotFound, or Forbidden for the own account and for who may not."""
    found, action = require(account.account(session(), person_id)), require(ACTIONS.get(slug))
    require(action, allowed=action.rule(actor()) and found.id != actor().person_id)
    return found, action


def asked(
    found: Account, slug: str, action: Action, status: int = 200, error: Any = ""
) -> ResponseReturnValue:
    return page(
        "desk/person_action.html",
        status,
        account=found,
        slug=slug,
        action=action,
        reasons=options(action.reasons),
        error=error,
    )
