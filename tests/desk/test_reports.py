"""The queue of reports at the desk: decided once for all, with words that are read."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.forum import reporting
from learn.forum.audience import Reader
from learn.forum.models import Post, Report
from tests.client import CheckingClient
from tests.desk.forum import browser
from tests.forum.factories import make_answer, make_question, make_reader

LIST = "/verwaltung/meldungen"


@pytest.fixture
def desk(app: Flask, db: Session) -> CheckingClient:
    return browser(app, db, "coordinator", name="Karla")[0]


@pytest.fixture
def reporter(db: Session) -> Reader:
    return make_reader(db, name="Geheime Melderin")


@pytest.fixture
def post(db: Session, reporter: Reader) -> Post:
    jana = make_reader(db)
    found = make_answer(db, jana, make_question(db, jana), "Rufen Sie Frau Muster an.")
    reporting.report(db, reporter, found, "personendaten", "Eine Privatnummer.\n<b>Zeile</b>")
    return found


def test_a_case_tells_what_but_not_who(desk: CheckingClient, post: Post) -> None:
    assert "1 wartet" in desk.get("/verwaltung").text
    assert f"{LIST}/{post.id}" in desk.get(LIST).text
    page = desk.get(f"{LIST}/{post.id}").text
    for words in ("Rufen Sie Frau Muster an.", "Personenbezogene Daten", "&lt;b&gt;Zeile&lt;/b&gt;"):
        assert words in page
    assert "Geheime Melderin" not in page


def test_hiding_needs_a_reason_and_decides(desk: CheckingClient, db: Session, post: Post) -> None:
    refused = desk.submit(f"{LIST}/{post.id}/ausblenden", {"reason": " "})
    assert refused.status_code == 422
    assert "<title>Fehler: " in refused.text
    answer = desk.submit(f"{LIST}/{post.id}/ausblenden", {"reason": "Personenbezogene Daten"})
    assert answer.headers["Location"] == LIST
    db.refresh(post)
    assert (post.hidden, post.reason) == ("ausgeblendet", "Personenbezogene Daten")
    assert "Keine Meldung offen." in desk.get(LIST).text
    assert desk.get(f"{LIST}/{post.id}").status_code == 404
    assert desk.submit(f"{LIST}/{post.id}/bleibt", {"reason": "Doch."}).status_code == 409


def test_staying_needs_an_answer(desk: CheckingClient, db: Session, post: Post) -> None:
    refused = desk.submit(f"{LIST}/{post.id}/bleibt", {"reason": ""})
    assert refused.status_code == 422
    assert "Wer gemeldet hat, liest Ihre Antwort." in refused.text
    desk.submit(f"{LIST}/{post.id}/bleibt", {"reason": "Die Nummer ist dienstlich."})
    row = db.execute(select(Report.state, Report.answer)).one()
    assert tuple(row) == ("bleibt", "Die Nummer ist dienstlich.")
    db.refresh(post)
    assert post.hidden == ""


def test_a_long_queue_goes_on(desk: CheckingClient, db: Session, reporter: Reader) -> None:
    jana = make_reader(db)
    question = make_question(db, jana)
    for _ in range(27):
        reporting.report(db, reporter, make_answer(db, jana, question), "werbung", "Werbung.")
    page = desk.get(LIST).text
    assert page.count('scope="row"') == 25
    after = page.partition("?nach=")[2].partition('"')[0]
    assert desk.get(f"{LIST}?nach={after}").text.count('scope="row"') == 2
    assert "20 und mehr warten" in desk.get("/verwaltung").text


@pytest.mark.parametrize("role", ["operator", "trainer", "expert"])
def test_nobody_else_decides(app: Flask, db: Session, post: Post, role: str) -> None:
    client, _who = browser(app, db, role)
    for path in (LIST, f"{LIST}/{post.id}"):
        assert client.get(path).status_code == 403
    for path in ("ausblenden", "bleibt"):
        assert client.submit(f"{LIST}/{post.id}/{path}", {"reason": "Nein."}).status_code == 403
