"""`/datenschutz/verzeichnis` shows what every table declares, in one page that can be printed."""

from html import unescape

import pytest

from learn.core import register
from learn.site.register import breakable
from tests.client import CheckingClient


def test_everything_declared_stands_there(client: CheckingClient) -> None:
    page = unescape(client.get("/datenschutz/verzeichnis").text)
    assert "data-print" in page
    for group in register.entries():
        for entry in group.entries:
            shown = [entry.purpose, entry.basis, entry.retention]
            if entry.personal:
                shown += [breakable(entry.title), ", ".join(entry.data), entry.export, entry.erasure]
            for words in shown:
                assert words in page, words


def test_privacy_leads_to_it(client: CheckingClient) -> None:
    assert 'href="/datenschutz/verzeichnis"' in client.get("/datenschutz").text


@pytest.mark.parametrize("kind", ["sqlite"])
def test_an_operators_own_text_leads_to_it_too(client: CheckingClient) -> None:
    config = client.application.extensions["learn.config"]
    (config.instance / "seiten" / "datenschutz.md").write_text("# Unser Datenschutz\n", encoding="utf-8")
    page = client.get("/datenschutz").text
    assert "Unser Datenschutz" in page
    assert 'href="/datenschutz/verzeichnis"' in page
