"""Notes: written once for each form, changed knowing what is stored, for their person alone."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.learning import notes
from learn.learning.models import Note
from learn.learning.notes import Conflict
from learn.learning.spots import Spot
from tests.learning.factories import make_actor

SPOT = Spot("kur_1", "les_1", 2, "takt", "Wie oft gemessen wird")


def bodies(session: Session, actor: Actor) -> list[str]:
    mine = select(Note.body).where(Note.person_id == actor.owner).order_by(Note.id)
    return list(session.scalars(mine))


def test_a_note_stands_at_its_spot_with_its_words(db: Session) -> None:
    jana = make_actor(db)
    number = notes.add(db, jana, SPOT, "  Frau Koch\r\nfragen\x0b\n\n<b>bald</b> ", "k1")
    held = notes.held(db, jana, number)
    assert held.body == "Frau Koch\nfragen\n\n<b>bald</b>"
    assert (held.spot, held.revision, held.day) == (SPOT, 1, clock.today())


def test_a_form_sent_twice_is_one_note(db: Session) -> None:
    jana, nils = make_actor(db), make_actor(db, "Nils Roth")
    first = notes.add(db, jana, SPOT, "Einmal", "k1")
    assert notes.add(db, jana, SPOT, "Einmal ", "k1") == first
    with pytest.raises(Conflict) as conflict:
        notes.add(db, jana, SPOT, "Weiter gedacht", "k1")
    assert conflict.value.saved.body == "Einmal"
    notes.add(db, jana, SPOT, "Einmal", "k2")
    notes.add(db, nils, SPOT, "Meine", "k1")
    assert (bodies(db, jana), bodies(db, nils)) == (["Einmal", "Einmal"], ["Meine"])


def test_changing_needs_what_is_stored(db: Session) -> None:
    jana = make_actor(db)
    number = notes.add(db, jana, SPOT, "Alt", "k1")
    notes.change(db, jana, number, "Neu", 1)
    assert notes.held(db, jana, number).revision == 2
    notes.change(db, jana, number, "Neu", 1)
    with pytest.raises(Conflict) as conflict:
        notes.change(db, jana, number, "Anders", 1)
    assert (conflict.value.saved.body, conflict.value.saved.revision) == ("Neu", 2)
    notes.change(db, jana, number, "Anders", 2)
    assert notes.held(db, jana, number).body == "Anders"


def test_notes_of_others_do_not_exist(db: Session) -> None:
    jana, nils = make_actor(db), make_actor(db, "Nils Roth")
    number = notes.add(db, jana, SPOT, "Meine", "k1")
    for act in (
        lambda: notes.held(db, nils, number),
        lambda: notes.change(db, nils, number, "Fremd", 1),
        lambda: notes.remove(db, nils, number),
    ):
        with pytest.raises(NotFound):
            act()
    assert bodies(db, jana) == ["Meine"]
    notes.remove(db, jana, number)
    assert bodies(db, jana) == []
    with pytest.raises(NotFound):
        notes.remove(db, jana, number)


@pytest.mark.parametrize(
    ("body", "key", "field"),
    [(" \n ", "k", "body"), ("ä" * 10_001, "k", "body"), ("x", "", "key"), ("x", "k" * 65, "key")],
)
def test_what_no_note_can_be_is_refused(db: Session, body: str, key: str, field: str) -> None:
    jana = make_actor(db)
    with pytest.raises(Refused) as refused:
        notes.add(db, jana, SPOT, body, key)
    assert refused.value.field == field
    assert bodies(db, jana) == []


def test_the_longest_note_is_kept_whole_and_a_thousand_are_enough(db: Session) -> None:
    jana = make_actor(db)
    number = notes.add(db, jana, SPOT, "ä" * 10_000, "k")
    assert len(notes.held(db, jana, number).body) == 10_000
    same = {**SPOT.columns(), "person_id": jana.owner, "body": "x", "revision": 1, "day": clock.today()}
    db.execute(insert(Note), [{**same, "key": f"n{each}"} for each in range(notes.LIMIT - 1)])
    with pytest.raises(Refused) as refused:
        notes.add(db, jana, SPOT, "Noch eine", "letzte")
    assert "1.000" in refused.value.message
    assert notes.add(db, jana, SPOT, "ä" * 10_000, "k") == number
