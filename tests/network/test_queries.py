"""What may be shown of a town."""

from datetime import date

from sqlalchemy.orm import Session

from learn.network import queries
from learn.network.models import Municipality
from tests.factories import make_municipality


def test_an_unconfirmed_population_shows_as_its_class_only() -> None:
    day = date(2023, 6, 30)
    town = Municipality(population=11_023, population_day=day, population_verified=False)
    assert queries.population(town) == queries.Population("bis 15.000", None, None)
    town.population_verified = True
    assert queries.population(town) == queries.Population("bis 15.000", 11_023, day)
    assert queries.population(Municipality(population=None)) is None


def test_towns_are_found_by_key_name_and_id(db: Session) -> None:
    town = make_municipality(db, ags="05958004", name="Arnsberg")
    assert queries.town(db, "05958004") is town
    assert queries.town(db, "05958008") is None
    assert queries.town_named(db, "Arnsberg") is town
    assert queries.town_named(db, "Neheim") is None
    assert queries.town_name(db, town.id) == "Arnsberg"
    assert queries.town_name(db, None) == ""
