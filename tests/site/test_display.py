"""Theme, text size and motion: chosen without an account, rendered on the page."""

import pytest

from learn.site.display import Display
from tests.client import CheckingClient


def choose(client: CheckingClient, **choice: str) -> str:
    answer = client.submit("/konto/darstellung", choice)
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def test_a_choice_is_kept_and_shown(client: CheckingClient) -> None:
    page = choose(client, theme="dunkel", text="gross", motion="aus")
    assert 'data-kern-theme="dark"' in page
    assert 'data-text="gross"' in page
    assert 'data-motion="aus"' in page
    assert 'content="dark"' in page
    assert 'value="dunkel" checked' in page
    assert "Die Darstellung ist gespeichert." in page
    assert 'data-kern-theme="dark"' in client.get("/hilfe").text


def test_back_to_the_usual(client: CheckingClient) -> None:
    choose(client, theme="hell", text="sehr-gross", motion="aus")
    page = choose(client, theme="system", text="normal", motion="system")
    for mark in ("data-kern-theme", "data-text", "data-motion"):
        assert mark not in page.split(">", 3)[1]


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c.d.e", "<script>..", "hell", "hell.riesig.x"])
def test_whatever_the_cookie_holds_there_is_a_page(client: CheckingClient, cookie: str) -> None:
    client.set_cookie("darstellung", cookie)
    page = client.get("/hilfe")
    assert page.status_code == 200
    assert ("data-kern-theme" in page.text) == cookie.startswith("hell")


def test_unknown_words_count_as_the_first_choice() -> None:
    assert Display.chosen("bunt", "", "schnell") == Display()
