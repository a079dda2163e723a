"""The import of towns adds and updates, and leaves alone what the list does not state."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.network import importing, parse, queries
from learn.network.models import Municipality


def imported(session: Session, text: str) -> importing.Imported:
    return importing.import_towns(session, parse.towns(text.encode()))


def test_a_second_import_updates_what_it_states(db: Session) -> None:
    head = "ags,name,einwohner,einwohner_geprueft,rolle\n"
    first = head + "05958004,Arnsberg,74300,yes,pionier\n05958008,Bestwig,,,\n"
    assert imported(db, first) == importing.Imported(added=2, changed=0, same=0)
    assert imported(db, first) == importing.Imported(added=0, changed=0, same=2)
    assert imported(db, "ags,name\n05958004,Neheim\n") == importing.Imported(added=0, changed=1, same=0)
    towns = {town.ags: town for town in db.scalars(select(Municipality))}
    assert (towns["05958004"].name, towns["05958004"].population, towns["05958004"].role) == (
        "Neheim",
        74300,
        "pionier",
    )
    assert (towns["05958008"].population, towns["05958008"].role) == (None, "gast")
    assert [town.name for town in queries.towns(db)] == ["Bestwig", "Neheim"]
