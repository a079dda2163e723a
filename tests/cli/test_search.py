"""`learn search rebuild`: the index from the data, again without a change."""

from sqlalchemy import delete, func, select

from learn.config import Config
from learn.core.db import Database
from learn.search import rebuilding, words
from learn.search.models import SearchDocument, SearchPosting
from tests.factories import make_municipality


def test_it_builds_what_the_data_say(instance: Config) -> None:
    database = Database.of(instance)
    with database.writing() as session:
        make_municipality(session, name="Pegelburg", ags="99000123")
    assert rebuilding.database_version(database) is None
    assert rebuilding.rebuild(database) == 1
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(SearchPosting))
    assert rebuilding.database_version(database) == words.VERSION
    assert rebuilding.rebuild(database) == 1
    with database.writing() as session:
        assert session.scalar(select(func.count()).select_from(SearchPosting)) == before
        assert session.scalars(select(SearchDocument.ref)).all() == ["kommune:99000123"]
        session.execute(delete(SearchDocument))
        session.execute(delete(SearchPosting))
    rebuilding.rebuild(database)
    with database.reading() as session:
        assert session.scalars(select(SearchDocument.ref)).all() == ["kommune:99000123"]
    database.dispose()
