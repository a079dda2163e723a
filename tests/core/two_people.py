"""Rows of two people in every table, whatever its columns: what belongs to one names only her."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Integer, LargeBinary, String, Table

from learn.core import owndata, rows
from learn.core.owndata import Owner
from learn.courses.manifest import LessonEntry
from learn.workshop.history import packed
from tests.core.samples import INSTANT
from tests.learning.factories import manifest_of

MANIFEST = manifest_of([LessonEntry("les_1", "messen", "Was Sensoren messen", 1, 1, 5, required=True)])
FIXED: Mapping[tuple[str, str], Any] = {
    ("release", "manifest"): MANIFEST.as_json(),
    ("release", "sheet"): {"outcome": "", "html": ""},
    ("lesson_version", "sheet"): {"title": "Was Sensoren messen"},
    ("progress_entry", "object_id"): "les_1",
    ("certificate", "kept"): False,
    ("certificate_status", "revoked"): False,
    ("post", "number"): 1,  # each asked a question
    ("work_revision", "packed"): packed("Ein Fühler misst."),
}
STAY = frozenset(  # rows that lose her name alone
    {"moderation", "post", "post_revision", "question"}
    | {"work_course", "work_text", "work_revision", "work_picture", "review_comment", "course_step"}
    | {"local_value", "supplement"}
)


@dataclass(frozen=True)
class Somebody:
    """Number, name and address of a person."""

    number: int
    name: str
    email: str

    @property
    def owner(self) -> Owner:
        return Owner(self.number, self.email.casefold(), self.email)

    @property
    def words(self) -> tuple[str, ...]:
        """What must be found nowhere once she is erased, case-folded."""
        return (*self.name.casefold().split(), self.email.casefold(), self.email.casefold().split("@")[0])


HER = Somebody(1, "Änne-Marie O'Brüggemann", "Änne.O'Brüggemann+Rathaus@Grün-Stadt.example")
OTHER = Somebody(2, "Thorkild Tiedtke", "thorkild.tiedtke@grün-stadt.example")


def fill(connection: Connection, *people: Somebody) -> None:
    """Insert one row for each person into every table; references lead to the same person's rows."""
    found = rows.schema(connection)
    personal = {table.__tablename__ for table in owndata.REGISTRY.erasers}
    for table in found.tables:
        if table.name == rows.VERSIONS:
            continue
        late = found.late[table.name]
        for who in people:
            values = {
                column.name: None if column.name in late else _value(connection, table, column, who, personal)
                for column in table.columns
            }
            connection.execute(table.insert().values(values))
    rows.reset_sequences(connection, found.tables)


def _value(
    connection: Connection, table: Table, column: Column[Any], who: Somebody, personal: set[str]
) -> Any:
    special = {**FIXED, **_special(who)}
    place = (table.name, column.name)
    found = special.get(place, special.get(("", column.name)))
    if found is not None:
        return found
    if isinstance(column.type, JSON):
        return _json(place, who) if table.name in personal - STAY else {"n": who.number}
    if isinstance(column.type, String) and not column.foreign_keys:
        return _text(column, who, mine=table.name in personal - STAY)
    return _plain(connection, column, who.number)


def _special(who: Somebody) -> Mapping[tuple[str, str], Any]:
    """Columns whose values mean something; an empty table name stands for all."""
    said, shown = f"Guten Tag, [@{who.name}](person:{who.number})!", f"Guten Tag, @{who.name}!"
    parts = [{"html": f"<p>Guten Tag, <strong>@{who.name}</strong>!</p>"}]
    return {
        ("forum_picture", "key"): f"forum/netzwerk/{who.number}.webp",
        ("post", "body"): said,
        ("post", "excerpt"): shown,
        ("post", "parts"): parts,
        ("post_revision", "body"): said,
        ("post_revision", "tried"): said,
        ("question", "tried"): said,
        ("question", "tried_parts"): parts,
        ("", "email"): who.email,
        ("", "email_key"): who.owner.email_key,
        ("audit_entry", "subject"): f"person:{who.number}",
        ("erasure", "person_id"): 1000 + who.number,
    }


def _json(place: tuple[str, str], who: Somebody) -> Any:
    """Something that names her, in the shape that the table has."""
    shapes: Mapping[tuple[str, str], Any] = {
        ("saved_plan", "fields"): {"Wer": who.name, who.name: who.email},
        ("attempt", "questions"): [who.name],
        ("attempt", "answers"): {f"answer-{who.name}": [who.email]},
    }
    said = {"to": who.email, "text": f"Guten Tag, {who.name}!", "deep": [{who.name: [who.email]}]}
    return shapes.get(place, said)


def _text(column: Column[Any], who: Somebody, *, mine: bool) -> str:
    """Her name and address in every text long enough that is hers; keys of others are numbers."""
    length = getattr(column.type, "length", None) or 1000
    return f"{who.name} <{who.email}>" if mine and length > 100 else str(who.number)


def _plain(connection: Connection, column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, DateTime):
        return INSTANT.replace(tzinfo=None) if connection.dialect.name == "sqlite" else INSTANT
    plain: tuple[tuple[type, Any], ...] = (
        (LargeBinary, b"\x00\xff"),
        (Date, date(2026, 2, number)),
        (Boolean, True),
        (Integer, number),
    )
    return next((value for type_, value in plain if isinstance(kind, type_)), str(number))
