"""One line per request: the rule, not the address; nothing about persons."""

import io
import json

import pytest
from flask import Flask

from learn.core import logs
from tests.client import sign_in
from tests.core import pages
from tests.factories import make_person

FIELDS = {"time", "level", "event", "request", "method", "route", "status", "ms"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [
        ("/vokabelheft/jana-hellweg?q=geheim", "/vokabelheft/<slug>", 404),
        ("/jana@example.org?q=geheim", "-", 404),
        ("/static/fehlt.css", "/static/<name>", 404),
        ("/notizen?nach=geheim", "/notizen", 200),
    ],
)
def test_a_line_holds_these_fields_and_no_others(small: Flask, address: str, route: str, status: int) -> None:
    client = pages.browser(small)
    with small.extensions["learn.database"].current().writing() as session:
        person = make_person(session, name="Jana Hellweg", email="jana@example.org")
    sign_in(client, person)
    capture = io.StringIO()
    pages.logged(small, capture)
    client.get(address)
    [line] = [json.loads(text) for text in capture.getvalue().splitlines()]
    assert set(line) == FIELDS
    assert (line["route"], line["status"], line["method"]) == (route, status, "GET")
    for private in ("jana", "geheim", "127.0.0.1", "sitzung"):
        assert private not in capture.getvalue().lower()


def test_a_terminal_gets_text_and_a_file_json() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        logs.logger("auto", stream).info("request", status=200)
    assert "status=200" in terminal.getvalue()
    assert json.loads(file.getvalue())["status"] == 200


def test_line_breaks_are_escaped() -> None:
    for style in ("text", "json"):
        stream = io.StringIO()
        logs.logger(style, stream).info("request", route="/a\n2026 request status=200")
        assert len(stream.getvalue().splitlines()) == 1


def test_an_unknown_method_is_not_repeated() -> None:
    assert logs.known_method("GEHEIM") == "-"
