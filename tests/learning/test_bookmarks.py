"""Bookmarks: kept once, dropped again, for their person alone; spots are found again in later versions."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, NotFound, Refused
from learn.learning import bookmarks, spots
from learn.learning.models import Bookmark
from learn.learning.spots import Spot
from learn.markup.model import Heading
from tests.learning.factories import make_actor

LESSON = Spot("kur_1", "les_1", 1)
HEADING = Spot("kur_1", "les_1", 1, "takt", "Wie oft gemessen wird")


def kept(session: Session, actor: Actor) -> list[str]:
    mine = select(Bookmark.slug).where(Bookmark.person_id == actor.owner).order_by(Bookmark.slug)
    return list(session.scalars(mine))


def test_places_are_kept_once_and_dropped(db: Session) -> None:
    jana, nils = make_actor(db), make_actor(db, "Nils Roth")
    for spot in (LESSON, LESSON, HEADING):
        bookmarks.keep(db, jana, spot)
    bookmarks.keep(db, nils, LESSON)
    assert (kept(db, jana), kept(db, nils)) == (["", "takt"], [""])
    bookmarks.drop(db, jana, "les_1")
    bookmarks.drop(db, jana, "les_1")
    assert (kept(db, jana), kept(db, nils)) == (["takt"], [""])
    bookmarks.drop(db, jana, "les_1", "takt")
    assert kept(db, jana) == []


def test_bookmarks_of_others_do_not_exist(db: Session) -> None:
    jana, nils = make_actor(db), make_actor(db, "Nils Roth")
    bookmarks.keep(db, jana, LESSON)
    number = db.scalars(select(Bookmark.id)).one()
    with pytest.raises(NotFound):
        bookmarks.remove(db, nils, number)
    bookmarks.remove(db, jana, number)
    assert kept(db, jana) == []


def test_a_thousand_are_enough(db: Session) -> None:
    jana = make_actor(db)
    row = {**LESSON.columns(), "person_id": jana.owner, "day": clock.today()}
    many = [{**row, "lesson_id": f"les_{each}"} for each in range(100, 100 + bookmarks.LIMIT)]
    db.execute(insert(Bookmark), many)
    with pytest.raises(Refused) as refused:
        bookmarks.keep(db, jana, LESSON)
    assert "1.000" in refused.value.message


def test_a_spot_is_found_by_slug_then_by_words() -> None:
    old, again = Heading(2, "takt", "Takt"), Heading(3, "takt-1", "Takt")
    assert spots.index([Heading(2, "alt", "Alt"), old], "takt", "Früher") == 1
    assert spots.index([again, Heading(2, "x", "X")], "takt", "Takt") == 0
    assert spots.index([Heading(2, "x", "X")], "takt", "Takt") is None
    assert spots.index([Heading(2, "", "")], "", "") is None
    long = Heading(2, "s" * 300, "w" * 300)
    assert spots.heading([long], "s" * 200, "") is long
    assert spots.heading([long], "fort", "w" * 200) is long
