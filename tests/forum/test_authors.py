"""Under which name posts stand, for whom."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.core.access import VISITOR
from learn.forum import authors
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_question, make_reader

VISIT = Reader(VISITOR, ("oeffentlich",))


def person(session: Session, who: Reader) -> Person:
    return session.get_one(Person, who.actor.person_id)


@pytest.fixture
def who(db: Session) -> Reader:
    """Petra Muster of the Stadt Olpe, „Digitalisierung“."""
    found = make_reader(db, name="Petra Muster", town=make_municipality(db, name="Olpe", role="pionier"))
    person(db, found).office = "Digitalisierung"
    db.flush()
    return found


@pytest.fixture
def post(db: Session, who: Reader) -> Post:
    return make_answer(db, who, make_question(db, who, level="oeffentlich"))


def words(session: Session, reader: Reader, post: Post) -> str:
    return authors.bylines(session, reader, [post])[post.id].words


def test_names_for_members_functions_for_visitors(db: Session, who: Reader, post: Post) -> None:
    other = make_reader(db)
    assert words(db, other, post) == "Petra Muster, Stadt Olpe"
    assert words(db, VISIT, post) == "Digitalisierung, Stadt Olpe"
    person(db, who).name_public = True
    db.flush()
    assert words(db, VISIT, post) == "Petra Muster, Stadt Olpe"


def test_a_function_is_shown_to_all_in_place_of_the_name(db: Session, who: Reader, post: Post) -> None:
    post.attribution = "funktion"
    db.flush()
    assert words(db, make_reader(db), post) == "Digitalisierung, Stadt Olpe"
    person(db, who).office = ""
    db.flush()
    assert words(db, make_reader(db), post) == "Stadt Olpe"


def test_the_town_is_the_one_of_then(db: Session, who: Reader, post: Post) -> None:
    person(db, who).municipality_id = make_municipality(db, name="Brilon").id
    db.flush()
    assert words(db, make_reader(db), post) == "Petra Muster, Stadt Olpe"


def test_who_is_gone_is_a_former_member(db: Session, who: Reader, post: Post) -> None:
    db.execute(delete(PostAuthor).where(PostAuthor.post_id == post.id))
    line = authors.bylines(db, who, [post])[post.id]
    assert (line.words, line.mine) == ("Ehemaliges Mitglied, Stadt Olpe", False)


def test_imported_posts_bear_a_plain_name(db: Session, who: Reader, post: Post) -> None:
    db.execute(delete(PostAuthor).where(PostAuthor.post_id == post.id))
    post.by_name, post.municipality_id = "Alex aus dem Archiv", None
    db.flush()
    assert words(db, VISIT, post) == "Alex aus dem Archiv"


def test_staff_without_a_town_is_named_by_its_role(db: Session) -> None:
    staff = make_reader(db, "coordinator", name="Kora Linn")
    post = make_answer(db, staff, make_question(db, staff, level="oeffentlich"))
    post.municipality_id = None
    db.flush()
    assert words(db, make_reader(db), post) == "Kora Linn"
    assert words(db, VISIT, post) == "Koordination"


def test_a_byline_says_whose_it_is_and_of_which_town(db: Session, who: Reader, post: Post) -> None:
    line = authors.bylines(db, who, [post])[post.id]
    assert (line.mine, line.pioneer, line.demo) == (True, True, False)
    assert not authors.bylines(db, make_reader(db), [post])[post.id].mine
    assert authors.bylines(db, who, []) == {}
