"""`/werkstatt/kurse/<id>/zahlen`: what trainers read there, and what nobody reads."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.learning import figures
from learn.workshop.views.figures import said
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.site import sensors
from tests.site.test_budgets import counted

PAGE = "/werkstatt/kurse/kur_sensoren/zahlen"
COUNTS = {
    figures.ENROLLED: 40,
    figures.COMPLETED: 3,
    figures.done("les_messen00"): 38,
    figures.done("les_montiere"): 22,
    figures.unclear("les_messen00", 1): 7,
    figures.unclear("les_montiere", 1): 14,
    figures.asked("les_montiere"): 6,
}


@pytest.fixture
def trainer(client: CheckingClient, db: Session) -> CheckingClient:
    sensors.publish(db)
    sign_in(client, make_person(db, roles=["trainer"]))
    return client


def count(db: Session, counts: dict[str, int] = COUNTS) -> None:
    figures.store(db, "kur_sensoren", counts)
    db.flush()


def cells(page: str) -> list[list[str]]:
    """The table in words."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    hidden = re.compile(r'<span class="sc-vh">.*?</span>|<[^>]+>')
    return [[hidden.sub("", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_the_page_says_how_many_and_where_it_is_unclear(trainer: CheckingClient, db: Session) -> None:
    count(db)
    page = trainer.get(PAGE).text
    assert cells(page) == [
        ["7", "rund 40", "weniger als 5"],
        ["14", "22", "rund 7"],
        ["weniger als 5", "weniger als 5", "weniger als 5"],
    ]
    assert "40 Personen" in page
    assert page.index("Lektion 2: Montieren") < page.index("Lektion 1: Messen") < page.index("<svg role")
    assert "Unklar für 14 Personen. Im Forum gefragt haben rund 7." in page
    assert page.count('href="/forum?lektion=les_montiere"') == 2
    assert page.count('href="/werkstatt/lektionen/les_montiere"') == 2


def test_the_chart_shows_the_numbers_of_the_table(trainer: CheckingClient, db: Session) -> None:
    count(db)
    page = trainer.get(PAGE).text
    chart = page[page.index('<svg role="img"') : page.index("<table")]
    words = re.findall(r"<text [^>]*dx[^>]*>(.*?)</text>", chart)
    assert words == [word for row in cells(page) for word in row[:2]]
    widths = re.findall(r'<rect x="2.2em"[^>]*width="([\d.]+)%"', chart)
    assert widths == ["10.85", "62.0", "21.7", "34.1"]
    assert "style=" not in chart
    assert 'aria-labelledby="balken-t balken-d"' in chart


def test_before_it_is_counted_or_published_it_says_so(trainer: CheckingClient) -> None:
    assert "Noch nicht gezählt." in trainer.get(PAGE).text
    assert trainer.get(PAGE.replace("sensoren", "gibtsnic")).status_code == 404
    made = trainer.submit(
        "/werkstatt/kurse/neu", {"title": "Ganz neu", "ergebnis": "Etwas können", "lizenz": "CC0-1.0"}
    )
    page = trainer.get(f"{made.headers['Location'].partition('#')[0]}/zahlen")
    assert "Noch keine Zahlen." in page.text


def test_lessons_that_left_the_course_left_the_page(trainer: CheckingClient, db: Session) -> None:
    count(db)
    sensors.publish(db, sensors.ENTRIES[:1])
    page = trainer.get(PAGE).text
    assert cells(page) == [["7", "rund 40", "weniger als 5"]]
    assert "Montieren" not in page


def test_nobody_else_opens_it(app: Flask, db: Session) -> None:
    sensors.publish(db)
    count(db)
    for roles, status in (((), 403), (("expert",), 403), (("operator",), 403), (("coordinator",), 200)):
        client = app.test_client()
        sign_in(client, make_person(db, roles=roles))
        assert client.get(PAGE).status_code == status


def test_opening_it_costs_the_same_however_many_lessons(trainer: CheckingClient, db: Session) -> None:
    count(db)
    trainer.get(PAGE)
    assert counted(trainer, PAGE) <= 4


def test_figures_in_words() -> None:
    shown = (figures.NOBODY, figures.Figure(12), figures.Figure(12, about=True))
    assert [said(each) for each in shown] == ["weniger als 5", "12", "rund 12"]
