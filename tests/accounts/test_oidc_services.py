"""What the sign-in page offers of the towns' services: a few as links, many behind a search."""

from sqlalchemy.orm import Session

from tests.accounts.towns import make_town, open_provider
from tests.client import CheckingClient, sign_in
from tests.factories import make_person


def test_without_services_the_page_says_nothing_of_them(client: CheckingClient) -> None:
    assert "/anmelden/dienst" not in client.get("/anmelden").text
    assert "/anmelden/kommune" not in client.get("/anmelden").text


def test_a_few_services_are_links(client: CheckingClient, db: Session) -> None:
    town = make_town(db)
    first = open_provider(db, town, "https://a.example")
    page = client.get("/anmelden?weiter=/kurse").text
    assert f'href="/anmelden/dienst/{first.id}?weiter=/kurse"' in page
    assert "Mit der Anmeldung der Stadt Olpe</span>" in page
    open_provider(db, town, "https://b.example", name="Bauhof")
    page = client.get("/anmelden").text
    assert "Mit der Anmeldung der Stadt Olpe – Bauhof" in page
    assert "Mit der Anmeldung der Stadt Olpe – Dienstkonto" in page


def test_many_are_looked_for(client: CheckingClient, db: Session) -> None:
    towns = [make_town(db, f"Ort {number:02}", f"ort{number}.example") for number in range(30)]
    for town in towns:
        open_provider(db, town, "https://a.example")
    page = client.get("/anmelden?weiter=/kurse").text
    assert "/anmelden/dienst" not in page
    assert 'href="/anmelden/kommune?weiter=/kurse"' in page
    first = client.get("/anmelden/kommune?weiter=/kurse").text
    assert first.count("/anmelden/kommune?ags=") == 25
    assert "Weitere Kommunen" in first
    one = client.get(f"/anmelden/kommune?ags={towns[7].ags}&weiter=/kurse").text
    assert "Mit der Anmeldung der Stadt Ort 07" in one
    assert "?weiter=/kurse" in one
    assert "keinen eigenen Anmeldedienst" in client.get("/anmelden/kommune?ags=00000000").text
    assert "Keine Kommune gefunden" in client.get("/anmelden/kommune?q=nirgendwo").text


def test_signed_in_people_need_no_service(client: CheckingClient, db: Session) -> None:
    provider = open_provider(db, make_town(db), "https://a.example")
    sign_in(client, make_person(db))
    assert client.get(f"/anmelden/dienst/{provider.id}?weiter=/kurse").headers["Location"] == "/kurse"
