"""Forms for inserting: the text is kept, faults stand at fields, the result is unsaved text or Markdown."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from learn.accounts.models import Person
from learn.config import Config
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.storage import Storage
from learn.workshop import fields, placing, saving
from tests.client import CheckingClient, sign_in
from tests.courses.folders import Shelf, small
from tests.factories import make_person

COURSE, LESSON = "kur_aaaaaaaa", "les_aaaaaaaa"
HERE = f"/werkstatt/lektionen/{LESSON}"
SCRIPT = {"HX-Request": "true"}
FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "tabelle": (
        {"column": ["Größe", "a|b"], "cell": ["Wärme", "°C", "", "", "", ""], "caption": "Größen"},
        "Tabelle: Größen\n\n| Größe | a\\|b |\n|---|---|\n| Wärme | °C |",
    ),
    "kasten": (
        {"kind": "praxis", "label": "Stadt Olpe", "text": "Eins.\r\n\r\nZwei."},
        "> **Aus der Praxis: Stadt Olpe**\n>\n> Eins.\n>\n> Zwei.",
    ),
    "reiter": (
        {"title": ["Klein", "Groß"], "text": ["Ein Gerät.", "Viele."]},
        "<!-- tabs -->\n\n### Klein\n\nEin Gerät.\n\n### Groß\n\nViele.\n\n<!-- /tabs -->",
    ),
    "frage": (
        {"kind": "einfach", "question": "Was misst er?", "answer": ["Wärme", "", "Glück"], "correct": "1",
         "feedback": ["Ja.", "", ""], "explanation": "Darum."},
        ("## Kurz geprüft\n\n<!-- quiz id=kurz-geprueft -->\n\n### Was misst er?\n<!-- frage id=misst -->\n\n"
        "1. [x] Wärme\n   > Ja.\n2. [ ] Glück\n\n> Darum.\n\n<!-- /quiz -->"),
    ),
    "fahrplan": (
        {"label": ["Anlass", ""], "hint": ["Was stört?", ""], "column": ["Schritt", "Wer", ""],
         "row": ["Klären", ""]},
        ("## Fahrplan\n\n<!-- fahrplan id=fahrplan -->\n\n- **Anlass:** Was stört?\n\n"
        "| Schritt | Wer |\n|---|---|\n| Klären |  |\n\n<!-- /fahrplan -->"),
    ),
    "aufgabe": (
        {"heading": "Drei Stellen finden", "text": "Notieren Sie drei."},
        "## Drei Stellen finden\n\n<!-- aufgabe id=drei-stellen -->\n\nNotieren Sie drei.\n\n<!-- /aufgabe -->",
    ),
    "video": (
        {"title": "Montage", "address": "https://video.example.org/w/1", "transcript": "Sie schraubt."},
        ("[Video: Montage](https://video.example.org/w/1)\n\n<details>\n<summary>Abschrift des Videos</summary>"
        "\n\nSie schraubt.\n\n</details>"),
    ),
    "verweis": (
        {"address": "https://www.example.org/x", "text": "Handbuch [neu]"},
        "[Handbuch \\[neu\\]](https://www.example.org/x)",
    ),
}  # fmt: skip
QUESTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "mehrfach": ({"answer": ["A", "B"], "correct": ["1", "2"]}, "- [x] A\n- [x] B"),
    "zahl": ({"number": "21,5 ± 0,5"}, "typ=zahl -->\n\n<details>\n<summary>Lösung</summary>\n\n21,5 ± 0,5"),
    "text": ({"accepted": ["Bezug", "", "Beziehung"]}, "typ=text -->\n\n<details>"),
    "reihenfolge": ({"item": ["A", "B", "C"]}, "typ=reihenfolge -->\n\n1. A\n2. B\n3. C"),
    "zuordnung": (
        {"left": ["A", "B", ""], "right": ["C", "D", ""]},
        "| Frage | Antwort |\n|---|---|\n| A | C |",
    ),
}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "bild": ({}, "e-picture"),
    "tabelle": ({"column": ["", ""], "cell": ["x", ""]}, "e-column-1"),
    "kasten": ({"kind": "praxis", "text": "Bleibt **stehen**"}, "e-label"),
    "reiter": ({"title": ["", ""], "text": ["Bleibt", ""]}, "e-title-1"),
    "frage": ({"question": "Bleibt?", "answer": ["A", "B"]}, "e-correct-1"),
    "fahrplan": ({"label": ["A", "A"], "hint": ["", ""]}, "e-label-1"),
    "aufgabe": ({"heading": "Bleibt"}, "e-text"),
    "video": ({"title": "Bleibt", "address": "video.example.org"}, "e-address"),
    "verweis": ({"text": "Bleibt"}, "e-address"),
}


@pytest.fixture
def author(app: Flask, database: Database, db: Session, client: CheckingClient, tmp_path: Path) -> Person:
    """A trainer, signed in; a course is published."""
    found = make_person(db, roles=["trainer"])
    sign_in(client, found)
    config: Config = app.extensions["learn.config"]
    assert Shelf(database, Storage(config.storage)).publish(small(tmp_path)).published
    return found


def unsaved(database: Database, author: Person, key: str = LESSON) -> str:
    """The body of what she has not saved."""
    with database.reading() as db:
        found = saving.unsaved(db, Actor(author.id, roles=frozenset({"trainer"})), key)
        assert found is not None
        return fields.parts(found.text)[1]


@pytest.mark.parametrize("what", placing.WHAT)
def test_each_form_is_a_page_and_a_part(client: CheckingClient, author: Person, what: str) -> None:
    assert "Wohin?" in client.get(f"{HERE}/einfuegen/{what}").text
    part = client.get(f"{HERE}/einfuegen/{what}", headers=SCRIPT)
    assert "Wohin?" not in part.text
    assert "HX-Request" in part.vary


@pytest.mark.parametrize("what", FORMS)
def test_what_a_form_says_becomes_unsaved_text(
    client: CheckingClient, database: Database, author: Person, what: str
) -> None:
    sent, made = FORMS[what]
    answer = client.submit(f"{HERE}/einfuegen/{what}", {**sent, "step": "einfuegen"})
    assert (answer.status_code, answer.location) == (303, f"{HERE}#body")
    assert unsaved(database, author).endswith(f"\n\n{made}\n")
    dialog = client.submit(
        f"{HERE}/einfuegen/{what}", {**sent, "step": "einfuegen", "body": ""}, headers=SCRIPT
    )
    assert dialog.mimetype == "text/markdown"
    assert dialog.text == made.replace("###", "##") if what == "reiter" else made


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_type_of_question_goes_into_a_quiz(client: CheckingClient, author: Person, kind: str) -> None:
    sent, made = QUESTIONS[kind]
    quiz = "## Kurz geprüft\n\n<!-- quiz id=q -->\n\n### Eins\n<!-- frage id=was -->\n\n1. [x] A\n2. [ ] B\n\n<!-- /quiz -->"
    data = {**sent, "step": "einfuegen", "kind": kind, "question": "Was?", "body": quiz, "line": "8"}
    inside = client.submit(f"{HERE}/einfuegen/frage", data, headers=SCRIPT)
    assert inside.text.startswith("### Was?\n<!-- frage id=was-2")
    assert made in inside.text
    assert "quiz" in client.submit(f"{HERE}/einfuegen/frage", {**data, "line": "0"}, headers=SCRIPT).text


@pytest.mark.parametrize("what", WRONG)
def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(
    client: CheckingClient, author: Person, what: str
) -> None:
    sent, place = WRONG[what]
    for headers in ({}, SCRIPT):
        answer = client.submit(f"{HERE}/einfuegen/{what}", {**sent, "step": "einfuegen"}, headers=headers)
        assert answer.status_code == 422
        assert f'href="#{place}"' in answer.text
        assert f'id="{place}-e"' in answer.text
        assert "Bleibt" in answer.text or not any("Bleibt" in str(value) for value in sent.values())


def test_the_editors_text_is_kept_on_the_way_to_a_form(
    client: CheckingClient, database: Database, author: Person
) -> None:
    page = client.get(HERE).text
    revision = page.partition('name="base_revision" value="')[2].partition('"')[0]
    typed = {"title": "Titel", "duration": "5", "body": "Erster.\n\nZweiter.", "window": "w", "sequence": "0"}
    typed["base_revision"] = revision
    answer = client.submit(f"{HERE}/einfuegen/kasten?kind=tipp", typed)
    assert (answer.status_code, answer.location) == (303, f"{HERE}/einfuegen/kasten?kind=tipp")
    form = client.get(answer.location).text
    assert 'value="tipp" checked' in form
    assert "Nach „Erster.“ (Zeile 1)" in form
    client.submit(f"{HERE}/einfuegen/kasten?kind=tipp", typed | {"body": "Erster.\n\nDritter."})
    where = {"step": "einfuegen", "kind": "tipp", "text": "Mitten.", "where": "nach-1"}
    client.submit(f"{HERE}/einfuegen/kasten", where)
    assert unsaved(database, author).endswith("Erster.\n\n> [!TIP]\n> Mitten.\n\nDritter.\n")
    back = client.get(HERE).text
    assert "Mitten." in back


def test_rows_are_added_without_a_script(client: CheckingClient, author: Person) -> None:
    sent = {"kind": "einfach", "question": "Was?", "answer": ["A", "B", "C"], "step": "mehr-answer"}
    answer = client.submit(f"{HERE}/einfuegen/frage", sent)
    assert answer.status_code == 200
    assert 'id="e-answer-4"' in answer.text
    grid = {"column": ["A", "B"], "cell": ["1", "2", "3", "4", "", ""], "step": "mehr-column"}
    table = client.submit(f"{HERE}/einfuegen/tabelle", grid).text
    assert 'id="e-cell-2-2" name="cell" value="4"' in table
    assert 'id="e-cell-2-3" name="cell" value=""' in table
    longer = client.submit(f"{HERE}/einfuegen/tabelle", grid | {"step": "mehr-line"}).text
    assert 'id="e-cell-4-2"' in longer


def test_a_link_is_found_and_lies_at_the_end_of_a_paragraph(
    client: CheckingClient, database: Database, author: Person
) -> None:
    page = client.get(f"{HERE}/einfuegen/verweis").text
    target = page.partition('name="target" value="')[2].partition('"')[0]
    assert target.endswith(".md")
    place = page.partition('<option value="in-')[2].partition('"')[0]
    client.submit(
        f"{HERE}/einfuegen/verweis", {"target": target, "step": "einfuegen", "where": f"in-{place}"}
    )
    assert f"]({target})" in unsaved(database, author)
    assert "Nichts gefunden" in client.get(f"{HERE}/einfuegen/verweis?q=xyzzyx").text


def test_a_picture_is_uploaded_and_then_chosen(
    client: CheckingClient, database: Database, author: Person
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    sent = {
        "picture": (io.BytesIO(out.getvalue()), "Der Sensor.png"),
        "description": "Ein Sensor im Flur.",
        "caption": "Der Sensor",
        "source": "Stadt Olpe",
        "licence": "CC-BY-4.0",
        "step": "einfuegen",
    }
    answer = client.submit(f"{HERE}/einfuegen/bild", sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    made = unsaved(database, author)
    assert (
        '![Ein Sensor im Flur.](../bilder/der-sensor.webp "Der Sensor. Quelle: Stadt Olpe, Lizenz CC BY 4.0")'
        in made
    )
    chosen = {"path": "bilder/der-sensor.webp", "step": "einfuegen"}
    again = client.submit(f"{HERE}/einfuegen/bild", chosen, headers=SCRIPT)
    assert (
        again.text
        == '![Ein Sensor im Flur.](../bilder/der-sensor.webp "Quelle: Stadt Olpe, Lizenz CC BY 4.0")'
    )


def test_texts_of_other_kinds_take_what_works_in_them(client: CheckingClient, author: Person) -> None:
    course = f"/werkstatt/texte/{COURSE}/einfuegen"
    assert client.get(f"{course}/kasten").status_code == 200
    assert client.get(f"{course}/frage").status_code == 404
    assert client.get(f"{course}/nichts").status_code == 404
    assert client.get(f"{HERE}/einfuegen/tabelle?fassung=einfach").status_code == 200
    plain = client.submit(f"{HERE}/einfuegen/aufgabe?fassung=einfach", {"step": "einfuegen"})
    assert plain.status_code == 404
