"""Rules about what tables declare: each has its handlers, and the words say what the handlers do."""

import re
from collections.abc import Collection, Iterable, Mapping

from learn.core.db import Declaration
from learn.core.models import NOTHING_PERSONAL
from learn.core.owndata import Registry, Table

PERIOD = re.compile(r"\d+ (Stunden|Tagen?|Jahren?)|\b[Ee]in(en)? (Tag|Jahr)\b")
WITH_ACCOUNT = "Löschung des Kontos"
UNBOUND = ("Solange", "Unbegrenzt")


def unhandled(tables: Iterable[Table], registry: Registry) -> list[str]:
    """Tables without a name, or without exactly one way out on articles 15 and 17."""
    return [
        table.__name__
        for table in tables
        if table not in registry.titles
        or [table in registry.topics, table in registry.kept_back, table in registry.impersonal].count(True)
        != 1
        or [table in registry.erasers, table in registry.expiring, table in registry.impersonal].count(True)
        != 1
    ]


def contradicting(tables: Iterable[Table], registry: Registry) -> list[str]:
    """Tables whose declaration says something else than their handlers do."""
    return [
        table.__name__
        for table in tables
        if _export_said(table.declared)
        != ("none" if table in registry.impersonal else "back" if table in registry.kept_back else "out")
        or _erasure_said(table.declared)
        != ("none" if table in registry.impersonal else "stays" if table in registry.expiring else "gone")
    ]


def _export_said(declared: Declaration) -> str:
    if declared.export.startswith("Entfällt"):
        return "none" if declared.basis.startswith(NOTHING_PERSONAL) else "personal without export"
    return "back" if declared.export.startswith("Keine Ausgabe") else "out"


def _erasure_said(declared: Declaration) -> str:
    for beginning, meaning in {"Entfällt": "none", "Gelöscht": "gone", "Bleibt": "stays"}.items():
        if declared.erasure.startswith(beginning):
            return meaning
    return "unknown words"


def unretained(
    tables: Iterable[Table], ends: Collection[Table], erasers: Mapping[Table, object]
) -> list[str]:
    """Tables whose declared period nothing enforces: a condition or job, the account, or no person in it."""
    found = []
    for table in tables:
        words = table.declared.retention
        bound = WITH_ACCOUNT in words and table in erasers
        endless = words.startswith(UNBOUND) and table.declared.basis.startswith(NOTHING_PERSONAL)
        if not (table in ends if PERIOD.search(words) else bound or endless):
            found.append(table.__name__)
    return found
