"""Saving: in order, each state kept, two savers both heard, unsaved texts of each window."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learn.core.access import Actor, NotFound, Refused
from learn.workshop import copies, saving
from tests.courses.folders import Shelf, small
from tests.factories import make_person

COURSE, ONE, TWO = "kur_aaaaaaaa", "les_aaaaaaaa", "les_bbbbbbbb"


def somebody(db: Session, name: str = "Jana Hellweg") -> Actor:
    person = make_person(db, name=name, roles=["trainer"])
    return Actor(person.id, name, roles=frozenset({"trainer"}))


def test_a_saved_text_is_published(shelf: Shelf, db: Session, tmp_path: Path) -> None:
    shelf.publish(small(tmp_path))
    who = somebody(db)
    text = copies.text(db, TWO)
    assert text is not None
    number = saving.save(db, who, TWO, text.text.replace("Noch ein", "Kein"), base_revision=text.revision)
    assert number == 2
    draft = copies.draft(db, shelf.storage, COURSE)
    assert list(draft.changes) == ["01-anfang/02-zwei.md"]
    assert shelf.drafts(draft).published
    saving.published(db, COURSE, 2)
    outline = copies.copy(db, COURSE)
    assert outline is not None
    assert not outline.changed
