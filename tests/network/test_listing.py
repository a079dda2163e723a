"""The list of towns: order, filters, pages; rare and common filters find the same."""

import itertools

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.core.folding import fold
from learn.network import listing
from learn.network.listing import Wanted
from learn.network.models import Municipality
from tests.network.rows import import_towns

NAMES = ("Ähren", "Bad Linden", "Lindenberg", "Neu Ährental", "Zell (Sauerland)", "Ortsberg")
KREISE = ("Kreis Berg", "Kreis Tal", "")
ROLES = ("gast", "mitglied", "pionier")
POPULATIONS = (900, 12_000, 250_000, "")
TOPICS = ("", "klima", "klima ki")


@pytest.fixture(params=[0, 300], ids=["common", "rare"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Both ways of applying topic and text."""
    number: int = request.param
    monkeypatch.setattr(listing, "FEW", number)
    return number


@pytest.fixture
def towns(app: Flask, db: Session) -> list[Municipality]:
    """Seventy towns of every kind."""
    rows = itertools.islice(itertools.cycle(itertools.product(NAMES, KREISE, ROLES)), 70)
    lines = [
        f'{number:08},"{name}",{kreis},{role},{POPULATIONS[number % 4]},{TOPICS[number % 3]}'
        for number, (name, kreis, role) in enumerate(rows)
    ]
    import_towns(db, "\n".join(["ags,name,kreis,rolle,einwohner,themen", *lines]))
    return sorted(db.query(Municipality), key=lambda town: (town.district, fold(town.name), town.ags))


def listed(app: Flask, session: Session, asked: Wanted) -> list[str]:
    """Keys of all pages in order."""
    found: list[str] = []
    after: str | None = None
    with app.test_request_context():
        while after != "":
            part = listing.towns(session, asked, after)
            assert len(part.rows) <= 25
            found += [town.ags for town in part.rows]
            after = part.after
    return found


def fits(town: Municipality, asked: Wanted) -> bool:
    """The same filters, said in Python."""
    topics = TOPICS[int(town.ags) % 3].split()
    return all(
        (
            not asked.district or town.district == asked.district,
            not asked.size or town.size == asked.size,
            not asked.role or town.role == asked.role,
            not asked.topic or asked.topic in topics,
            all(word in fold(town.name) for word in fold(asked.q).split()),
        )
    )


def test_towns_come_by_district_and_name_as_germans_sort(
    app: Flask, db: Session, towns: list[Municipality]
) -> None:
    assert listed(app, db, Wanted()) == [town.ags for town in towns]
    assert [town.name for town in towns][:1] == ["Ähren"]


@pytest.mark.parametrize(
    "asked",
    [
        Wanted(district="Kreis Tal"),
        Wanted(size="15000"),
        Wanted(size="mehr", role="gast"),
        Wanted(role="pionier"),
        Wanted(topic="ki"),
        Wanted(topic="klima", role="mitglied", size="5000"),
        Wanted(topic="klima", district="Kreis Berg", q="linden"),
        Wanted(q="linden"),
        Wanted(q="BAD lind"),
        Wanted(q="ähren"),
        Wanted(q="berg", role="gast"),
        Wanted(q="berg linden", topic="klima"),
        Wanted(q="nirgends"),
        Wanted(topic="mobilitaet"),
        Wanted(district="Kreis Nirgendwo"),
    ],
    ids=str,
)
def test_filters_narrow_and_keep_the_order(
    app: Flask, db: Session, towns: list[Municipality], few: int, asked: Wanted
) -> None:
    assert listed(app, db, asked) == [town.ags for town in towns if fits(town, asked)]


def test_a_key_finds_its_town(app: Flask, db: Session, towns: list[Municipality]) -> None:
    assert listed(app, db, Wanted(q="00000042")) == ["00000042"]


def test_a_renamed_town_is_found_by_its_new_name_only(app: Flask, db: Session) -> None:
    import_towns(db, "ags,name\n05958004,Arnsberg\n")
    import_towns(db, "ags,name\n05958004,Neheim\n")
    assert listed(app, db, Wanted(q="neh")) == ["05958004"]
    assert listed(app, db, Wanted(q="arns")) == []


def test_a_cursor_that_is_not_ours_leads_to_the_first_page(
    app: Flask, db: Session, towns: list[Municipality]
) -> None:
    with app.test_request_context():
        assert listing.towns(db, Wanted(), "gefälscht").rows == towns[:25]


def test_districts_are_named_once_and_in_order(db: Session, towns: list[Municipality]) -> None:
    assert listing.districts(db) == ("Kreis Berg", "Kreis Tal")


def test_without_towns_there_are_no_districts(db: Session) -> None:
    assert listing.districts(db) == ()
