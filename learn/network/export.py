"""All towns as a list that the import takes back."""

import csv
import io
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.export import cell
from learn.network.importing import LISTS, lists
from learn.network.models import Municipality
from learn.network.parse import COLUMNS


def table(session: Session) -> str:
    """Every column of the import, a row for each town by AGS; what is unknown stays empty."""
    known = lists(session)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    names = [column for column, _convert, _expected in COLUMNS.values()]
    for town in session.scalars(select(Municipality).order_by(Municipality.ags)):
        stated: Mapping[str, object] = {
            name: " ".join(known.of(name, town)) if name in LISTS else getattr(town, name) for name in names
        }
        writer.writerow([cell(value) for value in stated.values()])
    return text.getvalue()
