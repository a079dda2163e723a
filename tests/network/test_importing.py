"""The import of towns adds and updates, and leaves alone what the list does not state; all or nothing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.models import AuditEntry
from learn.network import export, importing, parse, queries
from learn.network.models import Municipality
from tests.network.rows import town


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


HEAD = "ags,name,postfach,phase,themen,domains\n"
FIRST = (
    HEAD
    + "05958004,Arnsberg,smart@arnsberg.example,konzept,klima ki,arnsberg.example\n05958008,Bestwig,,,,\n"
)


def entries(session: Session) -> list[tuple[str, str, str, str]]:
    return [
        (entry.actor, entry.action, entry.subject, entry.reason)
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def stored(session: Session, ags: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    found = town(session, ags)
    topics, domains = queries.topics(session, found.id), queries.mail_domains(session, found.id)
    return found.mailbox, found.phase, topics, domains


def test_mailbox_phase_topics_and_domains_are_what_the_list_states(db: Session) -> None:
    imported(db, FIRST)
    assert stored(db, "05958004") == (
        "smart@arnsberg.example",
        "konzept",
        ("ki", "klima"),
        ("arnsberg.example",),
    )
    assert imported(db, FIRST) == importing.Imported(added=0, changed=0, same=2)
    imported(db, "ags,name,themen\n05958004,Arnsberg,steuerung\n")
    assert stored(db, "05958004")[2:] == (("steuerung",), ("arnsberg.example",))
    imported(db, "ags,name,domains,postfach\n05958004,Arnsberg,,\n")
    assert stored(db, "05958004") == ("", "konzept", ("steuerung",), ())


def test_a_domain_passes_between_towns_of_the_list_only(db: Session) -> None:
    imported(db, FIRST)
    moved = HEAD + "05958008,Bestwig,,,,arnsberg.example\n05958004,Arnsberg,,,,neu.example\n"
    assert imported(db, moved) == importing.Imported(added=0, changed=2, same=0)
    assert stored(db, "05958008")[3] == ("arnsberg.example",)
    assert stored(db, "05958004")[3] == ("neu.example",)
    with pytest.raises(parse.BadTownsError) as caught:
        imported(db, "ags,name,domains\n05958012,Brilon,neu.example\n05958016,Eslohe,arnsberg.example\n")
    assert [str(fault) for fault in caught.value.faults] == [
        "Zeile 2: Die Domain neu.example gehört schon zu Arnsberg. Entfernen Sie sie zuerst dort.",
        "Zeile 3: Die Domain arnsberg.example gehört schon zu Bestwig. Entfernen Sie sie zuerst dort.",
    ]
    assert queries.town(db, "05958012") is None


def test_comparing_says_what_an_import_would_do_and_writes_nothing(db: Session) -> None:
    imported(db, FIRST)
    rows = parse.towns(
        (HEAD + "05958004,Arnsberg,,konzept,ki klima,arnsberg.example\n05958012,Brilon,,,,\n").encode()
    )
    found = importing.compared(db, rows)
    assert [(change.row.ags, change.town is None, change.columns) for change in found] == [
        ("05958004", False, ("postfach",)),
        ("05958012", True, ("name", "postfach", "phase", "themen", "domains")),
    ]
    assert stored(db, "05958004")[0] == "smart@arnsberg.example"
    assert queries.town(db, "05958012") is None


def test_an_import_by_somebody_is_recorded_with_the_towns_whose_people_may_do_something_else(
    db: Session,
) -> None:
    imported(db, FIRST)
    assert entries(db) == []
    rows = parse.towns(
        b"ags,name,rolle,phase\n05958004,Arnsberg,pionier,\n05958008,Bestwig,gast,idee\n05958012,Brilon,,\n"
    )
    importing.import_towns(db, rows, by="kommandozeile")
    importing.import_towns(db, rows, by="kommandozeile")
    assert entries(db) == [
        ("kommandozeile", "kommune.geaendert", "kommune:05958004", "rolle"),
        ("kommandozeile", "kommunen.eingelesen", "instanz", "1 neu, 2 geändert, 0 unverändert"),
    ]


def test_large_lists_are_read_part_by_part(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = [f"{number:08},Ort {number},ort{number}.example" for number in range(5)]
    rows = parse.towns("\n".join(["ags,name,domains", *lines]).encode())
    steps: list[int] = []
    done = importing.import_towns(db, rows, advance=steps.append)
    assert (done.added, steps) == (5, [2, 2, 1])
    assert stored(db, "00000004")[3] == ("ort4.example",)


def test_what_is_exported_can_be_imported_again(db: Session) -> None:
    imported(db, FIRST)
    imported(
        db, "ags,name,einwohner,einwohner_stand,einwohner_geprueft\n05958004,Arnsberg,74300,2023-06-30,ja\n"
    )
    text = export.table(db)
    assert text.splitlines()[0] == ",".join(parse.COLUMNS)
    assert imported(db, text) == importing.Imported(added=0, changed=0, same=2)
    assert "smart@arnsberg.example,konzept,ki klima,arnsberg.example" in text
