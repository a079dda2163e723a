"""The desk's list of people: found by words and filters, nobody twice, nobody missed, over all pages."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from learn.accounts import directory, words
from learn.accounts.directory import Wanted
from learn.accounts.models import Person
from learn.core.clock import today
from tests.factories import make_municipality, make_person

FIRST = ("Anna", "Änne", "Jana", "Jan", "Bernd", "Maria Anna")
LAST = ("Müller", "Muellner", "Weiß", "Anders", "Jansen-Müller")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Cursors are signed with the application's key."""
    with app.app_context():
        yield


def named(db: Session, name: str, **values: object) -> Person:
    person = make_person(db, name=name, **values)  # type: ignore[arg-type]
    words.index(db, person.id, person.name, person.email)
    return person


def pages(db: Session, wanted: Wanted) -> list[list[str]]:
    """The names on each page."""
    found, after = [], ""
    while True:
        page = directory.people(db, wanted, after)
        found.append([row.name for row in page.people])
        assert len(page.people) <= 25
        if not page.after:
            return found
        assert page.after != after
        after = page.after


def names(db: Session, query: str = "", **values: object) -> list[str]:
    return [name for page in pages(db, Wanted(query=query, **values)) for name in page]  # type: ignore[arg-type]


def test_everybody_is_listed_by_name_once(db: Session) -> None:
    town = make_municipality(db)
    expected = sorted(named(db, f"Person {number:02}", municipality=town).name for number in range(60))
    found = pages(db, Wanted())
    assert [len(page) for page in found] == [25, 25, 10]
    assert [name for page in found for name in page] == expected


@pytest.mark.parametrize(
    "query",
    ["anna", "ANN", "müller", "Mueller", "anna mü", "Müller, Anna", "mü an", "anna.mueller@", "an mu", "a m"],
)
def test_any_beginning_of_any_word_finds(db: Session, query: str) -> None:
    chance = random.Random(query)
    town = make_municipality(db)
    people = [
        named(
            db,
            f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            email=f"{chance.choice(('anna.mueller', 'post', 'it'))}{number}@stadt.example",
            municipality=town,
        )
        for number in range(40)
    ]

    def fits(person: Person) -> bool:
        entries = words.words_of(person.name, person.email)
        return all(any(entry.startswith(word) for entry in entries) for word in words.asked(query))

    found = [row for page in pages(db, Wanted(query=query)) for row in page]
    assert sorted(found) == sorted(person.name for person in people if fits(person))


def test_who_is_called_just_so_comes_first(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learn.core.paging.ROWS", 2)
    for name in ("Anna Lena Müller", "Anna Müller", "Müller Anna", "Annalena Müllner", "Anna Weiß"):
        named(db, name)
    found = pages(db, Wanted(query="anna müll"))
    assert set(found[0]) == {"Anna Müller", "Müller Anna"}
    assert [len(page) for page in found] == [2, 2]


def test_filters_narrow_each_other(db: Session) -> None:
    olpe, soest = make_municipality(db, name="Olpe"), make_municipality(db, name="Soest")
    named(db, "Anna Eins", municipality=olpe, roles=["expert"])
    named(db, "Anna Zwei", municipality=soest, roles=["expert", "coordinator"])
    named(db, "Berta Drei", municipality=soest, active=False)
    closed = named(db, "Carla Vier", municipality=soest, active=False)
    closed.erase_on = today() + timedelta(days=7)
    invited = named(db, "Dora Fünf", municipality=olpe, roles=["expert"])
    invited.password_hash = None
    db.flush()
    assert names(db, municipality_id=soest.id) == ["Anna Zwei", "Berta Drei", "Carla Vier"]
    assert names(db, role="expert") == ["Anna Eins", "Anna Zwei", "Dora Fünf"]
    assert names(db, role="expert", municipality_id=olpe.id) == ["Anna Eins", "Dora Fünf"]
    assert names(db, role="expert", state="ohne-passwort") == ["Dora Fünf"]
    assert names(db, "anna", role="coordinator") == ["Anna Zwei"]
    assert names(db, "anna", municipality_id=olpe.id, state="aktiv") == ["Anna Eins"]
    assert names(db, state="gesperrt") == ["Berta Drei"]
    assert names(db, state="geloescht") == ["Carla Vier"]
    assert names(db, state="ohne-passwort") == ["Dora Fünf"]
    assert names(db, state="gesperrt", municipality_id=olpe.id) == []
    assert names(db, state="aktiv", municipality_id=soest.id) == ["Anna Zwei"]
    assert names(db, "?!") == []


def test_a_row_tells_town_roles_and_state_and_nothing_more(db: Session) -> None:
    town = make_municipality(db, name="Olpe")
    person = named(db, "Anna Eins", municipality=town, roles=["trainer", "expert"], email="a@olpe.example")
    (row,) = directory.people(db, Wanted(query="anna"), None).people
    assert row == directory.Listed(
        person.id, "Anna Eins", "a@olpe.example", "Olpe", ("expert", "trainer"), "aktiv"
    )


def test_no_page_looks_at_more_than_so_many(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "LOOK", 10)
    olpe, soest = make_municipality(db), make_municipality(db)
    for number in range(30):
        named(db, f"Anna Soest{number:02}", municipality=soest, email=f"x{number}@soest.example")
    late = named(db, "Anna Zuletzt", municipality=olpe, roles=["expert"], email="y@olpe.example")
    for wanted in (Wanted(query="anna", municipality_id=olpe.id), Wanted(query="anna", role="expert")):
        found = pages(db, wanted)
        assert found == [[], [], [], [late.name]]
    assert pages(db, Wanted(state="aktiv", role="expert", municipality_id=olpe.id)) == [[late.name]]


def test_a_cursor_of_another_search_leads_to_the_first_page(db: Session) -> None:
    for number in range(30):
        named(db, f"Anna {number:02}")
        named(db, f"Berta {number:02}")
    after_anna = directory.people(db, Wanted(query="anna"), None).after
    assert after_anna
    page = directory.people(db, Wanted(query="berta"), after_anna)
    assert [row.name for row in page.people] == [f"Berta {number:02}" for number in range(25)]


def test_a_foreign_cursor_leads_to_the_first_page(db: Session) -> None:
    for number in range(30):
        named(db, f"Anna {number:02}", roles=["expert"])
    by_role = directory.people(db, Wanted(role="expert"), None).after
    first = directory.people(db, Wanted(), None).people
    assert by_role
    for cursor in (by_role, "", "x", None):
        assert directory.people(db, Wanted(), cursor).people == first


PLANS = {
    Wanted(): "ix_person_name_id",
    Wanted(state="aktiv"): "ix_person_name_id",
    Wanted(municipality_id=1): "ix_person_municipality_id_name_id",
    Wanted(municipality_id=1, state="ohne-passwort"): "ix_person_municipality_id_name_id",
    Wanted(state="gesperrt"): "ix_person_disabled",
    Wanted(state="gesperrt", municipality_id=1): "ix_person_disabled",
    Wanted(state="geloescht"): "ix_person_closed",
    Wanted(state="ohne-passwort"): "ix_person_no_password",
    Wanted(role="expert"): "ix_person_role_role_person_id",
    Wanted(role="expert", municipality_id=1, state="aktiv"): "ix_person_role_role_person_id",
    Wanted(query="anna"): "sqlite_autoindex_person_word_1",
    Wanted(
        query="anna mueller", municipality_id=1, role="expert", state="gesperrt"
    ): "sqlite_autoindex_person_word_1",
}


BOUNDS = {  # both ends of a look are ends of what is walked, by the name of the way
    "name": "name>? AND name<?",
    "rolle": "person_id>? AND person_id<?",
    "wort": "(word,person_id)>(?,?) AND (word,person_id)<(?,?)",
}


def bound(name: str) -> str:
    return "wort" if name.startswith("wort") else name


@pytest.mark.parametrize("wanted", PLANS)
def test_sqlite_walks_the_index_of_each_list(db: Session, kind: str, wanted: Wanted) -> None:
    """Without figures about its tables it must not choose another, nor sort."""
    if kind == "postgres":
        return
    for way in directory._ways(db, wanted, words.asked(wanted.query), ""):
        for key, stop in ((None, None), (("m", 1), ("z", 1))):
            statement = directory._rows(way, key, stop, 25)
            written = str(statement.compile(db.get_bind(), compile_kwargs={"literal_binds": True}))
            plan = [row[3] for row in db.execute(text(f"EXPLAIN QUERY PLAN {written}"))]
            assert PLANS[wanted] in plan[0].split(), plan
            assert key is None or BOUNDS[bound(way.name)] in plan[0], plan
            assert not any("TEMP B-TREE" in step for step in plan), plan
