"""Finds an address where it stands inside texts: in arguments of jobs, in what links carry, in mails."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core.owndata import Owner, Table

TOKEN = re.compile(r"""[^@\s<>,;"()\[\]]+@[^@\s<>,;"()\[\]]+""")
AROUND = "'`.:!?*_{}|„“‚‘»«"


def addresses(text: str) -> set[str]:
    """All mail addresses in a text, case-folded."""
    found = set()
    for token in TOKEN.findall(text.casefold()):
        local, _at, domain = token.partition("@")
        local = re.split("[:=]", local)[-1]  # mailto:…, to=…
        found.add(f"{local.strip(AROUND)}@{domain.strip(AROUND)}")
    return found


def texts(value: Any) -> Iterator[str]:
    """Every text inside a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def naming(
    session: Session,
    table: Table,
    key: InstrumentedAttribute[int],
    column: InstrumentedAttribute[Any],
    owner: Owner,
) -> list[int]:
    """Keys of the rows whose JSON column holds the owner's address; the database looks for its domain."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    domain = owner.email_key.rpartition("@")[2]
    needle = json.dumps(domain)[1:-1] if sqlite else domain  # SQLite keeps the text as Python wrote it
    stored = type_coerce(column, Text) if sqlite else cast(column, Text)
    likely = func.lower(stored).contains(f"@{needle}", autoescape=True)
    found = session.execute(
        select(key, column).select_from(table).where(likely).execution_options(yield_per=500)
    )
    return [
        number for number, value in found if any(owner.email_key in addresses(text) for text in texts(value))
    ]
