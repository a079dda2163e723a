"""The duty pages: honest texts of the program, replaced by the operator's; a barrier reaches somebody."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.models import Job
from learn.markup import guard
from learn.site import duties, own_pages
from learn.site.own_pages import TITLES
from tests.client import CheckingClient


@pytest.fixture(autouse=True, scope="module")
def rendering() -> Iterator[None]:
    """Start the rendering child before it is measured, and end it."""
    guard.render("warm", "kurs")
    yield
    guard.close()


REPORT = {
    "body": "Der Knopf hat keinen Namen.\r\nZweite Zeile",
    "seite": "/kurse",
    "email": "jana@example.org",
}


@pytest.mark.parametrize("name", [*TITLES, "barriere-melden"])
def test_each_page_exists_and_stands_in_the_footer(client: CheckingClient, name: str) -> None:
    assert client.get(f"/{name}").status_code == 200
    assert f'href="/{name}"' in client.get("/hilfe").text


def own(app: Flask, name: str) -> Path:
    config: Config = app.extensions["learn.config"]
    return config.instance / "seiten" / f"{name}.md"


@pytest.mark.parametrize("name", ["impressum", "leichte-sprache"])
def test_an_operators_file_replaces_it_and_is_read_again(
    app: Flask, client: CheckingClient, name: str
) -> None:
    before = client.get(f"/{name}").text
    path = own(app, name)
    path.write_text("# Eigene Seite\n\nVon der **Stadt**, [Hilfe](/hilfe).\n", encoding="utf-8")
    page = client.get(f"/{name}").text
    assert '<h1 class="sc-h1">Eigene Seite</h1>' in page
    assert 'Von der <strong>Stadt</strong>, <a href="/hilfe">Hilfe</a>' in page
    path.write_text("Ohne Überschrift.\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    page = client.get(f"/{name}").text
    assert TITLES[name] in page
    assert "Eigene Seite" not in page
    path.unlink()
    assert without_nonces(client.get(f"/{name}").text) == without_nonces(before)


def without_nonces(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "nonce" not in line)


def test_an_operators_file_runs_nothing(app: Flask, client: CheckingClient) -> None:
    text = "# X <script>a</script>\n\n<script>b</script>\n\n[x](javascript:c) <img src=x onerror=d>\n"
    own(app, "impressum").write_text(text, encoding="utf-8")
    page = client.get("/impressum").text.split("<main", 1)[1]
    for harm in ("<script", "javascript:", "onerror="):
        assert harm not in page


def test_a_file_that_cannot_be_read_leaves_the_programs_page(app: Flask, client: CheckingClient) -> None:
    path = own(app, "impressum")
    path.write_bytes(b"\xff\xfe\x00kaputt")
    for _ in range(2):
        assert "noch kein Impressum" in client.get("/impressum").text
    own_pages.FAILED.clear()  # a minute later
    path.write_text("# Heil\n", encoding="utf-8")
    assert "Heil" in client.get("/impressum").text


def test_the_imprint_says_who_must_supply_it(client: CheckingClient) -> None:
    assert "seiten/impressum.md" in client.get("/impressum").text


def test_a_report_becomes_a_mail(client: CheckingClient, db: Session) -> None:
    answer = client.submit("/barriere-melden", REPORT)
    assert answer.status_code == 303
    assert "Ihre Meldung ist unterwegs" in client.get(answer.headers["Location"]).text
    job = db.scalars(select(Job)).one()
    assert job.arguments["to"] == "learn@localhost"
    for part in ("Der Knopf hat keinen Namen.", "/kurse", "jana@example.org"):
        assert part in job.arguments["text"]


def test_the_contact_gets_it_where_there_is_one(
    app: Flask, client: CheckingClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(app.extensions["learn.config"], contact="hilfe@stadt.example")
    monkeypatch.setitem(app.extensions, "learn.config", config)
    assert "hilfe@stadt.example" in client.get("/hilfe").text
    client.submit("/barriere-melden", REPORT)
    assert db.scalars(select(Job)).one().arguments["to"] == "hilfe@stadt.example"


@pytest.mark.parametrize(
    ("address", "headers", "page"),
    [
        ("/barriere-melden?seite=/kurse/lorawan", {}, "/kurse/lorawan"),
        ("/barriere-melden", {"Referer": "http://localhost/vokabelheft?x=1"}, "/vokabelheft?x=1"),
    ],
)
def test_the_page_is_filled_in(
    client: CheckingClient, address: str, headers: dict[str, str], page: str
) -> None:
    assert f'value="{page}"' in client.get(address, headers=headers).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body": ""}, "Beschreiben Sie kurz"),
        ({"body": "x" * 5001}, "5.000 Zeichen"),
        ({"email": "keine"}, "name@stadt.de"),
        ({"email": "a@b.de\r\nBcc: x@y.de"}, "name@stadt.de"),
    ],
)
def test_faults_keep_the_text(
    client: CheckingClient, db: Session, change: dict[str, str], words: str
) -> None:
    report = {**REPORT, **change}
    answer = client.submit("/barriere-melden", report)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Fehler: " in answer.text
    assert report["seite"] in answer.text
    assert report["body"].split("\r\n")[0] in answer.text
    assert db.scalars(select(Job)).all() == []


@pytest.mark.usefixtures("in_one_window")
def test_many_reports_have_to_wait_and_keep_their_text(client: CheckingClient, db: Session) -> None:
    for _ in range(duties.REPORTS.tries):
        assert client.submit("/barriere-melden", REPORT).status_code == 303
    answer = client.submit("/barriere-melden", REPORT)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Der Knopf hat keinen Namen." in answer.text
    assert len(db.scalars(select(Job)).all()) == duties.REPORTS.tries


def test_privacy_names_every_cookie(client: CheckingClient) -> None:
    page = client.get("/datenschutz").text
    for cookie in ("sitzung", "darstellung", "entwurf"):
        assert f"<code>{cookie}</code>" in page
