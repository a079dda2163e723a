"""Notes and bookmarks sent several times at once, on real databases."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.db import Database
from learn.learning import bookmarks, notes
from learn.learning.models import Bookmark, Note
from learn.learning.spots import Spot
from tests.learning.factories import make_actor
from tests.learning.test_concurrency import at_once

SPOT = Spot("kur_1", "les_1", 1, "takt", "Wie oft gemessen wird")


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


def test_double_clicks_are_one_note_and_one_bookmark(database: Database) -> None:
    with database.writing() as session:
        jana = make_actor(session)
    clicks: list[Callable[[Session], object]] = [
        lambda session: notes.add(session, jana, SPOT, "Einmal", "k1"),
        lambda session: bookmarks.keep(session, jana, SPOT),
    ]
    found = at_once(database, *clicks * 5)
    assert len({number for number in found if number is not None}) == 1
    with database.reading() as session:
        assert session.scalars(select(Note.body)).all() == ["Einmal"]
        assert session.scalars(select(Bookmark.slug)).all() == ["takt"]


def test_of_two_changes_at_once_one_is_shown_the_other(database: Database) -> None:
    with database.writing() as session:
        jana = make_actor(session)
        number = notes.add(session, jana, SPOT, "Alt", "k1")

    def saying(words: str) -> Callable[[Session], object]:
        def act(session: Session) -> object:
            try:
                notes.change(session, jana, number, words, 1)
            except notes.Conflict as conflict:
                return conflict.saved.body
            return words

        return act

    found = at_once(database, saying("Eins"), saying("Zwei"))
    assert len(set(found)) == 1  # the one refused was shown what the other had stored
    with database.reading() as session:
        assert notes.held(session, jana, number).revision == 2
