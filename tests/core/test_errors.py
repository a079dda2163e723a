"""Each refusal has its page; 500 and 503 depend on nothing."""

import io
import json
import re

import pytest
from flask import Flask

from learn.core import errors
from tests.client import CheckingClient
from tests.core import pages


@pytest.fixture
def kind() -> str:
    """What is tested here asks no database."""
    return "sqlite"


WORDS = {
    "403": "nicht für Ihre Rolle freigegeben",
    "404": "Diese Seite gibt es nicht",
    "409": "Inzwischen hat sich etwas geändert",
    "422": "Nehmen Sie einen anderen Wert.",
    "429": "in 2\u00a0Minuten noch einmal",
    "500": "Auf dem Server ist ein Fehler passiert",
}


@pytest.mark.parametrize("status", WORDS)
def test_each_status_has_its_page(reader: CheckingClient, status: str) -> None:
    reader.failing = True
    answer = reader.get(f"/problem/{status}")
    assert answer.status_code == int(status)
    assert WORDS[status] in answer.text
    assert "geheim" not in answer.text
    assert re.search(r"<b>[0-9A-F]{8}</b>", answer.text)


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/gibt-es-nicht", "GET", 404),
        ("/anmelden/", "GET", 404),
        ("/abmelden", "GET", 405),
        ("/anmelden", "PUT", 405),
        ("/abmelden", "POST", 400),
    ],
)
def test_what_the_router_refuses(reader: CheckingClient, address: str, method: str, status: int) -> None:
    assert reader.open(address, method=method).status_code == status


def test_405_names_what_is_allowed(reader: CheckingClient) -> None:
    assert "POST" in reader.get("/abmelden").headers["Allow"]


@pytest.mark.parametrize("kind_of_trouble", ["busy", "away"])
def test_a_database_in_trouble_says_when_to_come_back(reader: CheckingClient, kind_of_trouble: str) -> None:
    reader.failing = True
    answer = reader.get(f"/problem/{kind_of_trouble}")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "geheim" not in answer.text


def test_too_many_tries_say_when(reader: CheckingClient) -> None:
    assert reader.get("/problem/429").headers["Retry-After"] == "90"


def test_the_number_on_the_page_is_in_the_log(small: Flask) -> None:
    client, log = pages.browser(small), io.StringIO()
    pages.logged(small, log)
    client.failing = True
    page = client.get("/problem/500").text
    number = re.search(r"<b>([0-9A-F]{8})</b>", page)
    assert number
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    fault = next(line for line in lines if line["event"] == "error")
    assert fault["request"] == number[1]
    assert "ZeroDivisionError" in fault["exception"]


def test_the_static_pages_are_files() -> None:
    for status in (500, 503):
        text = errors.plain_page(status)
        assert errors.PLACEHOLDER in text
        assert "{{" not in text
        assert "<script" not in text


@pytest.mark.parametrize("status", ["404", "500"])
def test_a_part_asked_for_is_answered_by_the_whole_page(reader: CheckingClient, status: str) -> None:
    reader.failing = True
    plain = reader.get(f"/problem/{status}")
    assert "HX-Retarget" not in plain.headers
    part = reader.get(f"/problem/{status}", headers={"HX-Request": "true"})
    assert (part.headers["HX-Retarget"], part.headers["HX-Reselect"]) == ("main", "main")
