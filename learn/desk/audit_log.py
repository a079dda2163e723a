"""`/verwaltung/protokoll`: what staff did with accounts and towns; filters, an extract to print, CSV.

Looking is not logged: reading writes nothing, and the log names accounts by number.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Response, request, send_file, url_for
from flask.typing import ResponseReturnValue

from learn.accounts import audit_queries
from learn.accounts.audit_queries import Asked, Entry
from learn.core import clock
from learn.core.audit_words import ACTIONS
from learn.core.db import session
from learn.core.export import cell
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.desk.blueprint import pages
from learn.desk.policy import may_read_log

LOG = "/verwaltung/protokoll"
IN_MEMORY = 2 * 1024 * 1024  # a longer extract waits on disk
PRINTED = 500  # entries of a printed extract; the file holds all
YEARS = range(1900, 3000)  # the calendar's ends have no day before or after
HEAD = ("Nummer", "Zeitpunkt", "Wer", "Name", "Was", "Wen oder was", "Name", "Grund")


@dataclass(frozen=True, slots=True)
class Filters:
    """What was typed, and what is asked for; `faults` by field."""

    typed: dict[str, str]
    asked: Asked
    faults: dict[str, str]

    @property
    def query(self) -> dict[str, Any]:
        """For addresses of the same entries."""
        return {name: text for name, text in self.typed.items() if text}


@pages.get(LOG, access=may_read_log)
def audit_log() -> ResponseReturnValue:
    filters = sent()
    found = audit_queries.entries(session(), filters.asked, request.args.get("nach"))
    more = url_for(".audit_log", **filters.query, nach=found.after) if found.after else ""
    return page(
        "desk/audit_log.html",
        422 if filters.faults else 200,
        entries=[] if filters.faults else found.rows,
        filters=filters,
        actions=ACTIONS,
        more="" if filters.faults else more,
    )


@pages.get(f"{LOG}/auszug", access=may_read_log)
def audit_extract() -> ResponseReturnValue:
    filters = sent()
    entries = list(audit_queries.extract(session(), filters.asked, PRINTED + 1))
    return page(
        "desk/audit_extract.html",
        entries=entries[:PRINTED],
        cut=len(entries) > PRINTED,
        filters=filters,
        actions=ACTIONS,
        now=clock.local(clock.now()),
    )


@pages.get(f"{LOG}/auszug.csv", access=may_read_log)
def audit_file() -> ResponseReturnValue:
    """Written before it is sent, on disk where it is long: reading ends with the request."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    for text in as_csv(audit_queries.extract(session(), sent().asked)):
        file.write(text.encode())
    file.seek(0)
    response: Response = send_file(
        file, "text/csv", as_attachment=True, download_name=f"protokoll-{clock.today()}.csv"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """A table as German spreadsheets open it; no cell is a formula."""
    yield "\ufeff" + line(HEAD)
    for one in entries:
        at = f"{one.at:%d.%m.%Y %H:%M}"
        who, what = (one.actor, one.actor_name), (one.action, one.subject, one.subject_name, one.reason)
        yield line((one.number, at, *who, *what))


def line(values: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(map(cell, values))
    return written.getvalue()


def sent() -> Filters:
    """The filters of this request."""
    typed = {name: request.args.get(name, "").strip()[:50] for name in ("von", "bis", "aktion", "konto")}
    faults: dict[str, str] = {}
    number = typed["konto"].removeprefix("Konto").strip()
    if number and not (number.isascii() and number.isdigit()):
        faults["konto"] = _("Geben Sie die Nummer des Kontos an, zum Beispiel 12.")
    asked = Asked(
        since=day_of("von", typed, faults),
        until=day_of("bis", typed, faults),
        action=typed["aktion"] if typed["aktion"] in ACTIONS else "",
        person_id=int(number[:9]) if number and not faults.get("konto") else None,
    )
    return Filters(typed, asked, faults)


def day_of(name: str, typed: dict[str, str], faults: dict[str, str]) -> date | None:
    if not typed[name]:
        return None
    try:
        day = date.fromisoformat(typed[name])
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        faults[name] = _("Schreiben Sie den Tag wie 2026-03-31.")
        return None
    return day
