"""The list of towns, a town's page, and the ways that lead there."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonTopic
from learn.courses.models import Course
from learn.network import cohorts
from learn.network.models import Municipality, TownTopic
from learn.site import districts
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.network.rows import import_towns, town

LIST = """ags,name,kreis,einwohner,einwohner_geprueft,einwohner_stand,rolle,themen
05966024,Olpe,Kreis Olpe,25000,ja,2024-12-31,pionier,klima ki
05966028,Wenden,Kreis Olpe,19800,nein,,mitglied,klima
05974012,Ense,Kreis Soest,12500,nein,,gast,
05974036,Rüthen,Kreis Soest,11023,nein,,gast,
"""


@pytest.fixture
def towns(app: Flask, db: Session) -> None:
    """Four towns of two districts."""
    import_towns(db, LIST)
    with app.app_context():
        districts.forget()


def listed(page: str) -> list[str]:
    return re.findall(r'<li><a href="/kommunen/\d+">(.*?)</a>', page)


def person(session: Session, home: Municipality, name: str, *roles: str, office: str = "") -> Person:
    """Somebody who agreed to be listed."""
    found = make_person(session, name=name, municipality=home, roles=roles)
    found.listed, found.office = True, office
    session.flush()
    return found


def test_towns_are_listed_under_their_districts(client: CheckingClient, towns: None) -> None:
    page = client.get("/kommunen").text
    assert listed(page) == ["Olpe", "Wenden", "Ense", "Rüthen"]
    assert re.findall(r"<h2[^>]*>(Kreis \w+)</h2>", page) == ["Kreis Olpe", "Kreis Soest"]
    assert page.count("Pionierkommune</small>") + page.count("Pionierkommune, ") == 1
    assert "25.000\N{NO-BREAK SPACE}Einwohner" in page
    assert "bis 25.000\N{NO-BREAK SPACE}Einwohner" in page
    assert "19.800" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kreis=Kreis+Soest", ["Ense", "Rüthen"]),
        ("groesse=25000", ["Olpe", "Wenden"]),
        ("groesse=15000&rolle=gast", ["Ense", "Rüthen"]),
        ("rolle=pionier", ["Olpe"]),
        ("thema=klima", ["Olpe", "Wenden"]),
        ("q=üth", ["Rüthen"]),
        ("groesse=viel&rolle=chef&thema=wetter&nach=x", ["Olpe", "Wenden", "Ense", "Rüthen"]),
    ],
)
def test_filters_work_by_address(
    client: CheckingClient, towns: None, query: str, expected: list[str]
) -> None:
    assert listed(client.get(f"/kommunen?{query}").text) == expected


def test_filters_stay_chosen_and_travel_to_the_next_rows(client: CheckingClient, db: Session) -> None:
    lines = [f"05966{number:03},Ort {number:03},Kreis & Olpe,gast" for number in range(30)]
    import_towns(db, "\n".join(["ags,name,kreis,rolle", *lines]))
    with client.application.app_context():
        districts.forget()
    page = client.get("/kommunen?kreis=Kreis+%26+Olpe&rolle=gast&q=ort").text
    assert '<option value="Kreis &amp; Olpe" selected>' in page
    assert '<option value="gast" selected>' in page
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following is not None
    href = following[1].replace("&amp;", "&")
    assert href.startswith("/kommunen?q=ort&kreis=Kreis+%26+Olpe&rolle=gast&nach=")
    assert listed(client.get(href).text) == [f"Ort {number:03}" for number in range(25, 30)]


def test_nothing_found_offers_a_way_out(client: CheckingClient, towns: None) -> None:
    page = client.get("/kommunen?q=%3Cb%3Enirgends").text
    assert "Keine Kommune zu „&lt;b&gt;nirgends“ gefunden." in page
    assert "Filter zurücksetzen" in page
    assert "Keine Kommune passt zu diesen Filtern." in client.get("/kommunen?thema=mobilitaet").text


def test_an_empty_network_says_so(client: CheckingClient) -> None:
    page = client.get("/kommunen").text
    assert "Noch keine Kommune eingetragen." in page
    assert "Filter zurücksetzen" not in page


def test_a_new_district_is_offered_at_once_after_an_import_here(
    client: CheckingClient, db: Session, towns: None
) -> None:
    assert "Märkischer Kreis" not in client.get("/kommunen").text
    import_towns(db, "ags,name,kreis\n05962016,Hemer,Märkischer Kreis\n")
    with client.application.app_context():
        districts.forget()
    assert '<option value="Märkischer Kreis">' in client.get("/kommunen").text


def test_a_town_says_what_is_known_of_it(client: CheckingClient, db: Session, towns: None) -> None:
    found = town(db, "05966024")
    found.mailbox, found.phase = "smart+city@olpe.example", "betrieb"
    db.flush()
    page = client.get("/kommunen/05966024").text
    assert 'class="sc-pioneer"' in page
    assert "Kreis Olpe, Nordrhein-Westfalen" in page
    assert "25.000\N{NO-BREAK SPACE}Einwohner, Stand 31.\N{NO-BREAK SPACE}Dezember 2024" in page
    assert 'href="mailto:smart%2Bcity@olpe.example"' in page
    assert "<dd>Betrieb</dd>" in page
    assert '<a href="/kommunen?thema=klima">Klima</a>' in page
    page = client.get("/kommunen/05966028").text
    assert "sc-pioneer" not in page
    assert "bis 25.000\N{NO-BREAK SPACE}Einwohner" in page
    assert "19.800" not in page


@pytest.mark.parametrize("ags", ["05966999", "5966024", "olpe", "05966024x"])
def test_an_unknown_town_does_not_exist(client: CheckingClient, towns: None, ags: str) -> None:
    assert client.get(f"/kommunen/{ags}").status_code == 404


def test_contacts_stand_by_topic_with_their_names_for_who_is_signed_in(
    client: CheckingClient, db: Session, towns: None
) -> None:
    olpe = town(db, "05966024")
    anna = person(db, olpe, "Anna Amsel", "expert", office="Stabsstelle Digitales")
    db.add(PersonTopic(person_id=anna.id, topic="klima"))
    berta = person(db, olpe, "Berta Buche", "expert")
    berta.name_public = True
    carla = person(db, olpe, "Carla Dohle", "expert")
    db.add(PersonTopic(person_id=carla.id, topic="ki"))
    db.flush()
    page = client.get("/kommunen/05966024").text
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert found[1:] == [
        ("KI", "Kontakt"),
        ("Klima", "Stabsstelle Digitales"),
        ("Allgemeine Fragen", "Berta Buche"),
    ]
    assert "Amsel" not in page
    sign_in(client, make_person(db))
    page = client.get("/kommunen/05966024").text
    assert "Anna Amsel, Stabsstelle Digitales" in page
    assert "Carla Dohle" in page


def test_people_who_are_no_contacts_are_not_named(client: CheckingClient, db: Session, towns: None) -> None:
    olpe = town(db, "05966024")
    person(db, olpe, "Lena Lernt")
    make_person(db, name="Nora Nein", municipality=olpe, roles=["expert"])
    sign_in(client, make_person(db))
    page = client.get("/kommunen/05966024").text
    assert "Lena" not in page
    assert "Nora" not in page
    assert "Noch niemand hat zugestimmt" in page


def test_klassen_are_named_and_linked_for_who_may_open_them(
    app: Flask, client: CheckingClient, db: Session, towns: None
) -> None:
    olpe = town(db, "05966024")
    klasse = cohorts.create(db, "Klasse Eins", "", by="person:1")
    cohorts.join(db, klasse, olpe, by="person:1")
    db.flush()
    link = f'<a href="/klassen/{klasse.id}">Klasse Eins</a>'
    page = client.get("/kommunen/05966024").text
    assert "Klasse Eins" in page
    assert link not in page
    for actor, opened in (
        (make_person(db, municipality=olpe), True),
        (make_person(db), False),
        (make_person(db, roles=["operator"]), False),
        (make_person(db, roles=["coordinator"]), True),
        (make_person(db, roles=["trainer"]), True),
    ):
        browser = app.test_client()
        sign_in(browser, actor)
        assert (link in browser.get("/kommunen/05966024").text) is opened


def test_only_the_koordination_is_led_to_the_desk(client: CheckingClient, db: Session, towns: None) -> None:
    href = 'href="/verwaltung/kommunen/05966024"'
    assert href not in client.get("/kommunen/05966024").text
    sign_in(client, make_person(db, roles=["coordinator"]))
    assert href in client.get("/kommunen/05966024").text


def test_courses_lead_to_their_town_and_back(
    client: CheckingClient, db: Session, towns: None, sensoren: str
) -> None:
    course = db.query(Course).one()
    course.municipality = "Olpe"
    db.flush()
    page = client.get("/kommunen/05966024").text
    assert "Kurse aus dieser Kommune" in page
    assert 'href="/kurse/sensoren"' in page
    assert "Kurse aus dieser Kommune" not in client.get("/kommunen/05966028").text


def test_a_large_network_starts_with_its_pioneers(client: CheckingClient, db: Session) -> None:
    lines = [
        f"05966{number:03},Ort {number:03},{'pionier' if number == 7 else 'gast'}" for number in range(101)
    ]
    import_towns(db, "\n".join(["ags,name,rolle", *lines]))
    page = client.get("/").text
    assert re.findall(r'href="(/kommunen/\d+)"', page) == ["/kommunen/05966007"]
    assert 'href="/kommunen"' in page


def test_a_topic_that_left_the_vocabulary_is_shown_as_written(
    client: CheckingClient, db: Session, towns: None
) -> None:
    found = town(db, "05966028")
    db.add(TownTopic(municipality_id=found.id, topic="wetter"))
    found.population_day = date(2024, 1, 1)
    db.flush()
    assert ">wetter</a>" in client.get("/kommunen/05966028").text
