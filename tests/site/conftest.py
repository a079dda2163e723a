"""For the lesson pages: the published course, and a browser signed in."""

import pytest
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.site import sensors


@pytest.fixture
def sensoren(db: Session) -> str:
    """The address of the published course."""
    sensors.publish(db)
    return "/kurse/sensoren"


@pytest.fixture
def jana(db: Session) -> Person:
    return make_person(db, municipality=make_municipality(db, name="Lindenhagen"))


@pytest.fixture
def learner(client: CheckingClient, jana: Person) -> CheckingClient:
    """Jana's browser, signed in."""
    sign_in(client, jana)
    return client
