"""Browsers of people who write in the forum, for tests of the desk and of moderation."""

from flask import Flask
from sqlalchemy.orm import Session

from learn.forum.audience import Reader
from learn.network.models import Municipality
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person
from tests.forum.factories import reader_of


def browser(
    app: Flask,
    db: Session,
    *roles: str,
    name: str = "Jana Hellweg",
    town: Municipality | None = None,
) -> tuple[CheckingClient, Reader]:
    """A signed-in browser of a new person, and the person as a reader of the forum."""
    town = town or make_municipality(db, name=f"Ort von {name}")
    person = make_person(db, name=name, municipality=town, roles=roles)
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    sign_in(client, person)
    return client, reader_of(db, person)
