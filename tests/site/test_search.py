"""The search page: filters, places, excerpts, cursor, help; nothing that the reader may not see."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learn.core.limits import Limit
from learn.core.pace import Pace
from learn.courses import indexing as course_index
from learn.network import indexing as town_index
from learn.search import documents
from learn.search.documents import Document
from learn.site import search as view
from tests.client import CheckingClient
from tests.factories import make_municipality

DETAIL = {"id": 7, "slug": "pegel", "state": "beantwortet", "answered": True}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a minute of its own."""
    monkeypatch.setattr(view, "SEARCHES", Pace(Limit("search", tries=60, seconds=60)))


def put(db: Session, *found: Document) -> None:
    documents.put(db, found)
    db.flush()


def question(number: int, title: str, circle: str = "oeffentlich") -> Document:
    return Document(f"frage:{number}", "frage", circle, title, "Am <Bach>.", detail={**DETAIL, "id": number})


def test_an_empty_search_shows_the_field(client: CheckingClient) -> None:
    page = client.get("/suche").text
    assert 'name="q"' in page
    assert "noindex" in page
    assert "Treffer" not in page


def test_hits_say_what_and_where_they_are(client: CheckingClient, db: Session, sensoren: str) -> None:
    town = make_municipality(db, name="Pegelburg", ags="99000123")
    town_index.reindex_towns(db, [town.id])
    course_index.index_all(db, 0)
    put(
        db,
        question(7, "Pegel messen"),
        Document(
            "beitrag:9", "frage", "oeffentlich", "", "Nehmt Quittenlack.", "frage:7", detail={"post": 9}
        ),
        Document("begriff:pegel", "begriff", "oeffentlich", "Pegel", "", detail={"slug": "pegel"}),
    )
    page = client.get("/suche?q=Pegel").text
    assert "Frage, beantwortet" in page
    assert 'href="/forum/fragen/7-pegel"' in page
    assert "Begriff im Vokabelheft" in page
    assert 'href="/kommunen/99000123"' in client.get("/suche?q=pegelb").text
    answer = client.get("/suche?q=quittenlack").text
    assert 'href="/forum/beitraege/9"' in answer
    assert "<mark>Quittenlack</mark>" in answer
    lesson = client.get("/suche?q=messen&art=kurse").text
    assert f'href="{sensoren}/' in lesson
    assert "Lektion in „" in lesson


def test_lessons_and_terms_are_indexed_course_by_course(db: Session, sensoren: str) -> None:
    assert sensoren
    batch = course_index.index_all(db, 0)
    assert documents.refs_of_kind(db, "lektion")
    assert documents.refs_of_kind(db, "kurs") == {"kurs:kur_sensoren"}
    while batch.after is not None:
        batch = course_index.index_all(db, batch.after)
    assert batch.done == 0


def test_filters_keep_the_query(client: CheckingClient, db: Session) -> None:
    put(db, question(7, "Pegel messen"))
    page = client.get("/suche?q=Pegel&art=kommunen").text
    assert "Zu „Pegel“ haben wir nichts gefunden." in page
    assert 'href="/suche?q=Pegel&amp;art=fragen"' in page
    assert 'href="/forum/fragen/neu?titel=Pegel"' in page
    assert "Pegel messen" in client.get("/suche?q=Pegel&art=erfunden").text


def test_visitors_see_public_questions_only(client: CheckingClient, db: Session) -> None:
    put(db, question(7, "Pegel öffentlich"), question(8, "Pegel Netzwerk", "netzwerk"))
    page = client.get("/suche?q=Pegel").text
    assert "Pegel öffentlich" in page
    assert "Pegel Netzwerk" not in page


def test_more_results_follow_by_cursor(client: CheckingClient, db: Session) -> None:
    put(db, *(question(number, f"Pegel {number}") for number in range(1, 31)))
    first = client.get("/suche?q=Pegel").text
    assert first.count("<mark>") == 0  # the titles bear the word, the texts do not
    href = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get(href).text
    shown = [page.count("Frage, beantwortet") for page in (first, second)]
    assert shown == [25, 5]
    assert client.get("/suche?q=Pegel&nach=Unsinn").text.count("Frage, beantwortet") == 25


def test_a_spelling_is_offered_as_a_link(client: CheckingClient, db: Session) -> None:
    put(db, question(7, "Mängelmelder einführen"))
    page = client.get("/suche?q=Mengelmelder").text
    assert "Meinten Sie" in page
    assert "M%C3%A4ngelmelder" in page


@pytest.mark.parametrize("query", ["%00", "%3Cscript%3E", "a" * 3000, "%F0%9F%9A%B2", "%22%27%3B--"])
def test_any_query_gives_a_page(client: CheckingClient, query: str) -> None:
    answer = client.get(f"/suche?q={query}")
    assert answer.status_code in {200, 400}
    assert "<script>" not in answer.text.split("<main", 1)[-1]


@pytest.mark.usefixtures("in_one_window")
def test_too_many_searches_wait(app: Flask, client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app
    monkeypatch.setattr(view, "SEARCHES", Pace(Limit("search", tries=2, seconds=60)))
    codes = [client.get("/suche?q=Pegel").status_code for _ in range(3)]
    assert codes[-1] == 429
    assert client.get("/suche").status_code == 200


def test_similar_entries_are_a_part_of_the_form(learner: CheckingClient, db: Session) -> None:
    put(db, question(7, "Pegel am Bach messen"), question(8, "Pegel geheim", "klasse:99"))
    part = learner.get("/forum/aehnlich?title=Wie+messen+wir+den+Pegel+am+Bach%3F").text
    assert "Wer hat das schon gemacht?" in part
    assert "Pegel am Bach messen" in part
    assert "Pegel geheim" not in part
    assert "Wer hat" not in learner.get("/forum/aehnlich?q=").text
