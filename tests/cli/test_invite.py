"""`learn user invite`: the letter and the link, for a person and for a Kommune."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from learn.accounts.models import Ticket
from learn.config import Config
from learn.core.db import Database
from tests.accounts.mailbox import Mailbox, path_in
from tests.cli.conftest import Learn
from tests.factories import make_person

OLPE = "05966024"


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    database = Database.of(instance)
    yield database
    database.dispose()


def invited(database: Database) -> list[dict[str, Any]]:
    """What the open invitations offer."""
    with database.reading() as session:
        return list(session.scalars(select(Ticket.data).order_by(Ticket.id)))


def test_a_person_gets_a_letter_and_the_link_is_printed(
    learn: Learn, instance: Config, database: Database
) -> None:
    towns = "learn/network/suedwestfalen.csv"
    assert learn("municipality", "import", towns, config=instance).code == 0
    words = ("--name", "Petra", "--municipality", OLPE, "--role", "expert", "--role", "trainer")
    said = learn("user", "invite", "petra@example.org", *words, config=instance)
    assert said.code == 0
    sentence, link = said.out.splitlines()
    assert sentence == "Einladung verschickt: petra@example.org"
    assert re.fullmatch(r"http://127\.0\.0\.1:5000/einladung/[\w-]{22}", link)
    assert [(one["name"], one["municipality"], one["roles"]) for one in invited(database)] == [
        ("Petra", OLPE, ["expert", "trainer"])
    ]
    mail = Mailbox(instance, database).one()
    assert mail["To"] == "petra@example.org"
    assert path_in(mail) == link.removeprefix("http://127.0.0.1:5000")


def test_a_kommune_gets_a_link_only(learn: Learn, instance: Config, database: Database) -> None:
    learn("municipality", "import", "learn/network/suedwestfalen.csv", config=instance)
    said = learn(
        "user", "invite", "--municipality", OLPE, config=instance, LEARN_BASE_URL="https://a.example"
    )
    assert said.code == 0
    assert said.out.splitlines()[1].startswith("https://a.example/einladung/")
    assert Mailbox(instance, database).new() == []


def test_what_is_refused(learn: Learn, instance: Config, database: Database) -> None:
    for words, sentence in (
        (("petra@example.org",), "Geben Sie die Kommune der Person an."),
        (("petra@example.org", "--municipality", "1"), "Eine Kommune mit dem Schlüssel 1 gibt es nicht."),
        (("petra", "--role", "operator"), "„petra“ ist keine E-Mail-Adresse."),
        (("--role", "operator"), "Eine Einladung ohne Adresse"),
    ):
        said = learn("user", "invite", *words, config=instance)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith(sentence)
    assert invited(database) == []


def test_an_imported_person_keeps_her_town(learn: Learn, instance: Config, database: Database) -> None:
    with database.writing() as session:
        make_person(session, email="petra@example.org").password_hash = None
    said = learn("user", "invite", "petra@example.org", config=instance)
    assert said.code == 0
    assert [one["municipality"] for one in invited(database)] == [None]
