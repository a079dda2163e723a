"""Rows of questions in words, for lists of the forum and for other pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from learn.core import clock
from learn.core.i18n import gettext as _
from learn.core.i18n import ngettext
from learn.forum import audience, counting, walks
from learn.forum.lists import Row


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the template shows it; `reasons` say why it stands where it does in „Offen“."""

    row: Row
    state: str
    kind: str
    answers: str
    waits: str
    level: str
    towns: str
    reasons: Sequence[str]


def shape(row: Row, *, waiting: bool = False) -> Line:
    """The words of a row."""
    state, kind = state_of(row.state, row.answers)
    return Line(
        row=row,
        state=state,
        kind=kind,
        answers=ngettext("%(num)s Antwort", "%(num)s Antworten", row.answers) if row.answers else "",
        waits=waits(row) if row.state in walks.OPEN else "",
        level=level_of(row.level, row.cohort),
        towns=towns_too(row.me_too),
        reasons=reasons(row) if waiting else (),
    )


def state_of(state: str, answers: int) -> tuple[str, str]:
    """A state in words, and how it looks."""
    if state == "uebernommen":
        return _("Übernommen"), "ok"
    if state == "beantwortet":
        return _("Beantwortet"), "ok"
    return (_("Offen"), "") if answers else (_("Ohne Antwort"), "wait")


def level_of(level: str, cohort: str) -> str:
    """Who reads a question, in a word; nothing where everybody does."""
    if level == audience.PUBLIC:
        return ""
    return cohort if level == audience.COHORT and cohort else _("Netzwerk")


def towns_too(number: int) -> str:
    """How many towns have the same question."""
    if not number:
        return ""
    return ngettext("%(num)s Kommune fragt das auch", "%(num)s Kommunen fragen das auch", number)


def waits(row: Row) -> str:
    """How long a question waits, in whole hours or days."""
    hours = int((clock.now() - row.asked_at).total_seconds() // 3600)
    if hours < 1:
        return _("wartet seit weniger als 1 Stunde")
    if hours < 24:
        return ngettext("wartet seit %(num)s Stunde", "wartet seit %(num)s Stunden", hours)
    return ngettext("wartet seit %(num)s Tag", "wartet seit %(num)s Tagen", hours // 24)


def reasons(row: Row) -> list[str]:
    """„Warum hier?“: what moves a question up or down, in the order of the sum."""
    waiting = row.waiting
    found = [_("Die Frage %(waits)s.", waits=waits(row))]
    if waiting.towns:
        found.append(
            ngettext(
                "%(num)s Kommune fragt das auch: %(days)s Tage weiter oben.",
                "%(num)s Kommunen fragen das auch: %(days)s Tage weiter oben.",
                waiting.towns,
                days=min(waiting.towns, counting.TOWNS) * counting.PER_TOWN.days,
            )
        )
    if not waiting.competent:
        found.append(_("Für das Thema gibt es noch keinen Kontakt: 5 Tage weiter oben."))
    if waiting.asks_back:
        found.append(_("Eine Rückfrage wartet auf die fragende Kommune: 10 Tage weiter unten."))
    return found
