"""The first page of the desk: each card for those who may open it, and for nobody else."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.core.web import RULES
from learn.desk.overview import CARDS
from tests.client import CheckingClient, sign_in
from tests.factories import make_person


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.href)
def test_a_card_is_shown_to_whom_its_page_opens(app: Flask, card: object) -> None:
    endpoint, _values = app.url_map.bind("localhost").match(card.href, "GET")  # type: ignore[attr-defined]
    for roles in ((), ("expert",), ("trainer",), ("coordinator",), ("operator",)):
        actor = Actor(person_id=1, roles=frozenset(roles))
        assert card.rule(actor) == RULES[endpoint](actor), roles  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (
            "coordinator",
            [
                "Anfragen",
                "Meldungen",
                "Unbeantwortet",
                "Moderation",
                "Freigaben",
                "Themen",
                "Personen und Rollen",
                "Einladungen",
                "Kommunen",
                "Klassen",
                "Anmeldedienste",
                "Protokoll",
            ],
        ),
        ("operator", ["Personen und Rollen", "Anmeldedienste", "Protokoll"]),
    ],
)
def test_each_role_sees_its_cards(client: CheckingClient, db: Session, role: str, titles: list[str]) -> None:
    sign_in(client, make_person(db, roles=[role]))
    page = client.get("/verwaltung").text
    assert [str(card.title) for card in CARDS if f'<a href="{card.href}">{card.title}</a>' in page] == titles


@pytest.mark.parametrize("role", ["learner", "expert", "trainer"])
def test_nobody_else_enters(client: CheckingClient, db: Session, role: str) -> None:
    sign_in(client, make_person(db, roles=[role] if role != "learner" else []))
    assert client.get("/verwaltung").status_code == 403
