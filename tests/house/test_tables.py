"""Rules about tables: declared for the register of processing, and no measuring of people."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table

from learn.accounts import models as account_models
from learn.core.db import Base, Declaration
from learn.courses import models as course_models
from learn.learning import models as learning_models
from tests.house import rules

WITH_TABLES = (account_models, course_models, learning_models)


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
        Column("tries", Integer),
        Column("edition", Integer),
        Column("note", String),
    )
    Table("town", metadata, Column("id", Integer, primary_key=True), Column("visits", Integer))
    assert rules.measuring_columns(metadata) == ["habit.last_seen_on", "habit.begun_at", "habit.tries"]
