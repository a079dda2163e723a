"""The desk's list of people and the page of one account: account data, nothing of learning."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from learn.accounts import words
from learn.accounts.models import Passkey, Person, PersonTopic, TotpSecret
from learn.core.clock import today
from tests.client import CheckingClient, sign_in
from tests.factories import make_municipality, make_person

LIST = "/verwaltung/personen"


@pytest.fixture(params=["coordinator", "operator"])
def desk(client: CheckingClient, db: Session, request: pytest.FixtureRequest) -> CheckingClient:
    """The browser of somebody who may."""
    sign_in(client, named(db, "Zora Zuletzt", roles=[request.param]))
    return client


def named(db: Session, name: str, **values: object) -> Person:
    person = make_person(db, name=name, **values)  # type: ignore[arg-type]
    words.index(db, person.id, person.name, person.email)
    return person


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/verwaltung/personen/\d+">([^<]+)</a>', text)


def test_the_list_shows_account_data(desk: CheckingClient, db: Session) -> None:
    olpe = make_municipality(db, name="Olpe", role="pionier")
    named(db, "Anna Müller", municipality=olpe, roles=["expert"], email="anna@olpe.example")
    page = desk.get(LIST).text
    assert names(page) == ["Anna Müller", "Zora Zuletzt"]
    row = page.split("Anna Müller")[1].split("</tr>")[0]
    assert all(word in row for word in ("anna@olpe.example", "Olpe", "Kontakt", "aktiv"))


def test_search_and_filters_narrow_it(desk: CheckingClient, db: Session) -> None:
    olpe = make_municipality(db, name="Olpe", ags="05966024")
    named(db, "Anna Müller", municipality=olpe, roles=["trainer"])
    named(db, "Anna Weiß", active=False)
    named(db, "Berta Müller")
    cases = {
        "q=anna": ["Anna Müller", "Anna Weiß"],
        "q=M%C3%BCller,+anna": ["Anna Müller"],
        "q=anna&kommune=05966024": ["Anna Müller"],
        "kommune=Olpe": ["Anna Müller"],
        "rolle=trainer": ["Anna Müller"],
        "zustand=gesperrt": ["Anna Weiß"],
        "zustand=quatsch&rolle=quatsch&q=berta": ["Berta Müller"],
        "q=niemand": [],
    }
    for query, expected in cases.items():
        assert names(desk.get(f"{LIST}?{query}").text) == expected, query
    assert "Niemand gefunden." in desk.get(f"{LIST}?q=niemand").text


def test_an_unknown_town_is_said_and_lists_nobody(desk: CheckingClient) -> None:
    page = desk.get(f"{LIST}?kommune=Atlantis").text
    assert names(page) == []


def test_pages_of_25_keep_the_filters(desk: CheckingClient, db: Session) -> None:
    town = make_municipality(db)
    for number in range(30):
        named(db, f"Anna {number:02}", municipality=town)
    page = desk.get(f"{LIST}?q=anna").text
    (more,) = re.findall(r'href="(/verwaltung/personen\?[^"]*nach=[^"]*)"', page)
    rest = desk.get(more.replace("&amp;", "&")).text
    assert names(page) + names(rest) == [f"Anna {number:02}" for number in range(30)]
    assert 'value="anna"' in rest


def test_one_account(desk: CheckingClient, db: Session) -> None:
    olpe = make_municipality(db, name="Olpe", role="pionier")
    person = named(db, "Anna Müller", municipality=olpe, roles=["expert"], email="anna@olpe.example")
    person.office = "Klimaschutz"
    db.add(PersonTopic(person_id=person.id, topic="klima"))
    db.add(TotpSecret(person_id=person.id, sealed="x", confirmed=True, added_on=today()))
    db.add(
        Passkey(
            person_id=person.id,
            credential_hash="0" * 64,
            credential_id="x",
            public_key="x",
            name="Telefon",
            added_on=today(),
        )
    )
    db.flush()
    page = desk.get(f"{LIST}/{person.id}").text
    for word in (
        "anna@olpe.example",
        "Klimaschutz",
        "Olpe",
        "Kontakt",
        "Klima",
        "Authenticator-App, Passkey",
    ):
        assert word in page, word
    assert desk.get(f"{LIST}/999999").status_code == 404
    assert desk.get(f"{LIST}/99999999999").status_code == 404


def test_a_closed_account_can_only_be_looked_at(desk: CheckingClient, db: Session) -> None:
    person = named(db, "Anna Müller", active=False)
    person.erase_on = today() + timedelta(days=7)
    db.flush()
    page = desk.get(f"{LIST}/{person.id}").text
    assert "wird gelöscht" in page
    assert f"{LIST}/{person.id}/" not in page


def test_no_page_of_people_tells_of_learning_or_last_visits(desk: CheckingClient, db: Session) -> None:
    person = named(db, "Anna Müller")
    for path in (LIST, f"{LIST}/{person.id}"):
        text = desk.get(path).text.lower()
        for word in ("zuletzt angemeldet", "sitzung am", "begonnen", "abgeschlossen", "fortschritt"):
            assert word not in text, (path, word)
