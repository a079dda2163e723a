"""Forms for inserting: each writes what renders without a fault, keeps what was typed, needs no script."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.markup import render
from learn.workshop.models import Autosave, WorkText
from tests.client import CheckingClient, sign_in
from tests.courses.folders import FIRST, TEXTS, Shelf, small
from tests.factories import make_person

ONE, TWO = "/werkstatt/lektionen/les_aaaaaaaa", "/werkstatt/lektionen/les_bbbbbbbb"
TERMS = "/werkstatt/texte/glo_aaaaaaaa"
DIALOG = {"HX-Request": "true"}
BODY = TEXTS[FIRST].split("---\n\n", 1)[1]
CHOICES = {"question": "Was ist eins?", "answer": ["Ein Wort", "Eine Zahl"], "feedback": ["Nein.", ""]}
FORMS: list[tuple[str, dict[str, Any], str]] = [
    ("tabelle", {"column": ["Größe", "Wert"], "cell": ["Wärme", "21|5"]}, "| Wärme | 21\\|5 |"),
    ("kasten", {"kind": "praxis", "label": "Stadt Olpe", "text": "So ging es."}, "> **Aus der Praxis: Stadt"),
    ("kasten", {"kind": "achtung", "text": "Vorsicht."}, "> [!WARNING]"),
    ("reiter", {"title": ["Klein", "Groß"], "text": ["a", "b"]}, "<!-- tabs -->"),
    ("frage", {**CHOICES, "kind": "einfach", "correct": "2"}, "2. [x] Eine Zahl"),
    ("frage", {**CHOICES, "kind": "mehrfach", "correct": ["1", "2"]}, "- [x] Ein Wort"),
    ("frage", {"kind": "zahl", "question": "Wie viel?", "number": "21 bis 23"}, "typ=zahl"),
    ("frage", {"kind": "text", "question": "Wie heißt es?", "accepted": ["Amt", "Rathaus"]}, "- Rathaus"),
    ("frage", {"kind": "reihenfolge", "question": "Wie?", "item": ["a", "b", "c"]}, "typ=reihenfolge"),
    (
        "frage",
        {"kind": "zuordnung", "question": "Was passt?", "left": ["a", "b"], "right": ["1", "2"]},
        "typ=zuordnung",
    ),
    ("fahrplan", {"label": ["Anlass"], "hint": ["Was stört?"]}, "- **Anlass:** Was stört?"),
    ("aufgabe", {"text": "Fragen Sie nach."}, "<!-- aufgabe id=aufgabe -->"),
    ("verweis", {"target": "02-zwei.md"}, "[Zwei](02-zwei.md)"),
    ("verweis", {"address": "https://www.example.org/a_b", "text": "Seite"}, "(https://www.example.org/a_b)"),
    (
        "video",
        {"title": "Ein Mast", "address": "https://www.example.org/v", "transcript": "Ein Mast."},
        "[Video: Ein Mast]",
    ),
    ("bild", {"path": "01-anfang/bilder/kasten.svg", "description": "Ein Kasten"}, "(bilder/kasten.svg)"),
]
EMPTY = ["tabelle", "kasten", "reiter", "frage", "fahrplan", "aufgabe", "verweis", "video", "bild"]


@pytest.fixture(autouse=True)
def author(db: Session, client: CheckingClient, shelf: Shelf, tmp_path: Path) -> None:
    """The tiny course is published; a trainer has signed in."""
    assert shelf.publish(small(tmp_path)).published
    sign_in(client, make_person(db, name="Jana Hellweg", roles=["trainer"]))


def written(page: str) -> str:
    """The text in the editor's field."""
    found = re.search(r'<textarea[^>]* name="body"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize(("what", "filled", "expected"), FORMS)
def test_the_dialog_answers_with_markdown_that_renders(
    client: CheckingClient, what: str, filled: dict[str, Any], expected: str
) -> None:
    data = {**filled, "step": "einfuegen", "body": BODY, "line": str(BODY.count("\n"))}
    answer = client.submit(f"{ONE}/einfuegen/{what}", data, headers=DIALOG)
    assert (answer.status_code, answer.mimetype) == (200, "text/markdown")
    assert expected in answer.text
    before = {fault.code for fault in render(BODY, "kurs").faults}
    assert {fault.code for fault in render(f"{BODY}\n{answer.text}\n", "kurs").faults} <= before


@pytest.mark.parametrize("what", EMPTY)
def test_what_is_missing_is_said_at_its_field(client: CheckingClient, what: str) -> None:
    answer = client.submit(f"{ONE}/einfuegen/{what}", {"step": "einfuegen"}, headers=DIALOG)
    assert answer.status_code == 422
    named = set(re.findall(r'href="#(e-[\w-]+)"', answer.text))
    invalid = set(
        re.findall(r'<(?:input|textarea|select)(?=[^>]* aria-invalid="true")[^>]* id="([\w-]+)"', answer.text)
    )
    assert named
    assert named <= set(re.findall(r' id="([\w-]+)"', answer.text))
    assert invalid


def test_a_question_goes_into_the_quiz_where_the_cursor_stands(client: CheckingClient, db: Session) -> None:
    body = client.get(TWO).text
    text = written(body)
    line = text.split("\n").index("<!-- /quiz -->")
    data = {
        **CHOICES,
        "kind": "einfach",
        "correct": "2",
        "step": "einfuegen",
        "body": text,
        "line": str(line),
    }
    inside = client.submit(f"{TWO}/einfuegen/frage", data, headers=DIALOG).text
    assert inside.startswith("### Was ist eins?\n<!-- frage id=")
    assert "quiz" not in inside
    assert db.scalar(select(func.count()).select_from(Autosave)) == 0


def test_without_a_script_the_text_is_kept_and_comes_back_with_what_was_inserted(
    client: CheckingClient, db: Session
) -> None:
    text = "## Nur hier\n\nMein Satz.\n"
    form = {
        "title": "Eins",
        "duration": "5",
        "body": text,
        "window": "fenster",
        "sequence": "0",
        "base_revision": "0",
    }
    answer = client.submit(f"{ONE}/einfuegen/kasten", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ONE}/einfuegen/kasten")
    page = client.get(f"{ONE}/einfuegen/kasten").text
    assert re.search(r'<option value="nach-1"[^>]*>Nach der Überschrift „Nur hier“ \(Zeile 1\)', page)
    more = client.submit(f"{ONE}/einfuegen/kasten", {"step": "einfuegen", "text": "", "where": "nach-1"})
    assert more.status_code == 422
    done = {"step": "einfuegen", "text": "Im Kasten.", "kind": "tipp", "where": "nach-1"}
    back = client.submit(f"{ONE}/einfuegen/kasten", done)
    assert back.status_code == 303
    shown = client.get(back.headers["Location"]).text
    assert written(shown) == "## Nur hier\n\n> [!TIP]\n> Im Kasten.\n\nMein Satz.\n"
    assert "Eingefügt, aber noch nicht gespeichert." in shown
    assert db.scalar(select(func.count()).select_from(WorkText)) == 0


def test_rows_come_one_by_one_with_what_was_typed(client: CheckingClient) -> None:
    typed = {**CHOICES, "kind": "einfach", "step": "mehr-answer", "answer": ["a", "b", "c"]}
    page = client.submit(f"{ONE}/einfuegen/frage", typed, headers=DIALOG).text
    assert 'id="e-answer-4"' in page
    assert 'value="c"' in page
    other = client.submit(
        f"{ONE}/einfuegen/frage", {**typed, "kind": "zahl", "step": "art"}, headers=DIALOG
    ).text
    assert 'id="e-number"' in other
    assert 'value="Was ist eins?"' in other


def test_texts_offer_only_what_they_can_hold(client: CheckingClient) -> None:
    assert client.get(f"{TERMS}/einfuegen/kasten").status_code == 200
    for what in ("frage", "fahrplan", "aufgabe", "nichts"):
        assert client.get(f"{TERMS}/einfuegen/{what}").status_code == 404
    assert 'data-insert="frage"' not in client.get(TERMS).text
