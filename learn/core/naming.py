"""Finds an address where it stands inside texts: in arguments of jobs, in what links carry, in mails."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.core.owndata import Owner, Table

TOKEN = re.compile(r"""[^@\s<>,;"()\[\]]+@[^@\s<>,;"()\[\]]+""")
ASCII_END = re.compile(r"[\x21-\x3f\x41-\x7e]+$")
AROUND = "'`.:!?*_{}|„“‚‘»«"


def addresses(text: str) -> set[str]:
    """All mail addresses in a text, as they are written there."""
    found = set()
    for token in TOKEN.findall(text):
        local, _at, domain = token.partition("@")
        local, domain = re.split("[:=]", local)[-1], re.split("[?&/]", domain)[0]  # mailto:a@b?subject=…
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
    """Keys of the rows whose JSON column holds the owner's address; the database narrows them down.

    It looks for the end of the domain that is ASCII: SQLite keeps other letters escaped and never folds them.
    """
    end = ASCII_END.search(owner.email.lower())
    stored = type_coerce(column, Text) if _is_sqlite(session) else cast(column, Text)
    likely = func.lower(stored).contains(end[0] if end else "", autoescape=True)
    found = session.execute(
        select(key, column).select_from(table).where(likely).execution_options(yield_per=500)
    )
    return [number for number, value in found if _is_named(owner, value)]


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _is_named(owner: Owner, value: Any) -> bool:
    return any(address.casefold() == owner.email_key for text in texts(value) for address in addresses(text))
