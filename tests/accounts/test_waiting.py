"""Open requests as the Koordination reads them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.accounts import waiting
from learn.accounts.models import JoinRequest
from learn.core.clock import today
from learn.network.models import MailDomain, Municipality
from tests.factories import make_municipality, make_person


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Cursors are signed with the application's key."""
    with app.app_context():
        yield


def ask(db: Session, town: Municipality, email: str, **values: object) -> JoinRequest:
    fields = {"kind": "konto", "name": "Jana", "message": "", "office": "", **values}
    request = JoinRequest(email=email, email_key=email, municipality_id=town.id, asked_on=today(), **fields)
    db.add(request)
    db.flush()
    return request


def test_whether_the_address_speaks_for_the_town(db: Session) -> None:
    olpe, soest = make_municipality(db, name="Olpe"), make_municipality(db, name="Soest")
    db.add(MailDomain(domain="soest.example", municipality_id=soest.id))
    for email in ("a@soest.example", "b@olpe-rathaus.de", "c@gmx.de"):
        ask(db, olpe, email)
    ask(db, soest, "d@soest.example")
    found = waiting.waiting(db, None).rows
    assert [(one.domain, one.domain_of, one.can_list) for one in found] == [
        ("soest.example", "Soest", False),
        ("olpe-rathaus.de", "", True),
        ("gmx.de", "", False),
        ("soest.example", "Soest", False),
    ]
    assert waiting.number(db) == 4


def test_who_wants_to_change_is_shown_with_her_present_town(db: Session) -> None:
    olpe, soest = make_municipality(db, name="Olpe"), make_municipality(db, name="Soest")
    person = make_person(db, municipality=olpe)
    request = ask(db, soest, person.email, kind="wechsel", person_id=person.id)
    found = waiting.one(db, request.id)
    assert found is not None
    assert (found.former, found.town, found.person_id) == ("Olpe", "Soest", person.id)
    assert waiting.one(db, request.id + 1) is None


def test_the_oldest_come_first_25_at_a_time(db: Session) -> None:
    town = make_municipality(db)
    expected = [ask(db, town, f"p{number}@example.org").id for number in range(30)]
    first = waiting.waiting(db, None)
    rest = waiting.waiting(db, first.after)
    assert [one.id for one in (*first.rows, *rest.rows)] == expected
    assert rest.after == ""
