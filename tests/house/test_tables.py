"""Rules about tables: declared, handed out, erased and ended as declared, and no measuring of people."""

from typing import Any, ClassVar

import pytest
from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.orm import Mapped, registry

from learn import OWN_DATA
from learn.core import cleaning, jobs, owndata, register
from learn.core.db import Base, Declaration, Key, UtcDateTime
from tests.house import declarations, rules

HANDLED = OWN_DATA  # importing the program registers all handlers


def test_every_table_is_declared() -> None:
    models = [mapper.class_ for mapper in Base.registry.mappers]
    assert len(models) > 15
    assert rules.undeclared(models) == []


def test_an_undeclared_table_is_noticed() -> None:
    class Silent:
        """Says nothing."""

    class Vague:
        """Says too little."""

        declared = Declaration("Zweck", "Grundlage", "", "Ausgabe", "Löschung")

    assert rules.undeclared([Silent, Vague]) == ["Silent", "Vague"]


def test_no_column_measures_a_person() -> None:
    assert {table.name for table in rules.about_people(Base.metadata)} >= {
        "person",
        "enrolment",
        "progress_entry",
    }
    assert rules.measuring_columns(Base.metadata) == []
    columns = {
        f"{column.table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
    }
    assert rules.BESIDE_PEOPLE.keys() <= columns, "columns that are gone"


def test_measuring_columns_are_noticed() -> None:
    metadata = MetaData()
    Table("person", metadata, Column("id", Integer, primary_key=True), Column("born", Date))
    Table(
        "habit",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("person_id", ForeignKey("person.id")),
        Column("last_seen_on", Date),
        Column("begun_at", DateTime),
        Column("ended_at", UtcDateTime),
        Column("tries", Integer),
        Column("edition", Integer),
        Column("note", String),
    )
    Table("town", metadata, Column("id", Integer, primary_key=True), Column("visits", Integer))
    assert rules.measuring_columns(metadata) == [
        "habit.last_seen_on",
        "habit.begun_at",
        "habit.ended_at",
        "habit.tries",
    ]


def test_every_table_has_an_export_and_an_erasure_handler_or_says_why_not() -> None:
    assert declarations.unhandled(owndata.tables(), owndata.REGISTRY) == []


def test_every_declaration_says_what_its_handlers_do() -> None:
    assert declarations.contradicting(owndata.tables(), owndata.REGISTRY) == []


def test_every_declared_period_is_enforced() -> None:
    ends = {*cleaning.CONDITIONS, *cleaning.JOBS}
    assert declarations.unretained(owndata.tables(), ends, owndata.REGISTRY.erasers) == []
    assert set(cleaning.JOBS.values()) <= jobs.SCHEDULES.keys()
    assert not cleaning.CONDITIONS.keys() & cleaning.JOBS.keys()


def planted(**words: str) -> Any:
    """A table of its own, declared in these words."""

    class Lonely:
        __tablename__ = "lonely"
        declared: ClassVar = Declaration(
            **{
                "purpose": "Zweck",
                "basis": "Art. 6 Abs. 1 lit. e DSGVO",
                "retention": "Bis zur Löschung des Kontos",
                "export": "Alle Zeilen",
                "erasure": "Gelöscht",
                **words,
            }
        )
        id: Mapped[Key]

    return registry().mapped(Lonely)


def test_a_table_without_a_handler_is_noticed() -> None:
    table = planted()
    known = owndata.Registry()
    assert declarations.unhandled([table], known) == ["Lonely"]
    known.titles[table] = "Einsames"
    known.topics[table] = owndata.Topic(table, "x", "X", (), lambda _session, _owner: [])
    assert declarations.unhandled([table], known) == ["Lonely"], "nothing erases it"
    known.erasers[table] = lambda _session, _owner: None
    assert declarations.unhandled([table], known) == []
    known.impersonal.add(table)
    assert declarations.unhandled([table], known) == ["Lonely"], "personal and not"


@pytest.mark.parametrize(
    "words",
    [
        {"export": "Keine Ausgabe: unlesbar"},
        {"export": "Entfällt"},
        {"erasure": "Entfällt"},
        {"erasure": "Bleibt ein Jahr"},
        {"erasure": "Wird irgendwann entfernt"},
    ],
)
def test_a_declaration_that_contradicts_its_handlers_is_noticed(words: dict[str, str]) -> None:
    known = owndata.Registry()
    for table in (planted(), planted(**words)):
        known.topics[table] = owndata.Topic(table, "x", "X", (), lambda _session, _owner: [])
        known.erasers[table] = lambda _session, _owner: None
        expected = [] if table.declared == planted().declared else ["Lonely"]
        assert declarations.contradicting([table], known) == expected


def test_a_period_that_nobody_enforces_is_noticed() -> None:
    table = planted(retention="Ein Jahr")
    assert declarations.unretained([table], set(), {table: None}) == ["Lonely"]
    assert declarations.unretained([table], {table}, {}) == []
    loose = planted()
    assert declarations.unretained([loose], set(), {}) == ["Lonely"], "leaves with an account nobody erases"
    assert declarations.unretained([loose], set(), {loose: None}) == []
    assert declarations.unretained([planted(retention="Solange nötig")], set(), {}) == ["Lonely"]


def test_the_register_names_every_table_once() -> None:
    named = [table for group in register.entries() for entry in group.entries for table in entry.tables]
    assert sorted(named) == sorted(Base.metadata.tables)
    for group in register.entries():
        for entry in group.entries:
            assert entry.title
            assert entry.data or not entry.personal, entry.title
