"""Self-checks on the page: judged by the version shown, nothing stored, htmx gets the question."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.learning.models import ProgressEntry
from learn.markup.model import Quiz
from tests.client import CheckingClient
from tests.site import sensors
from tests.site.forms import form

PAGE = "/kurse/sensoren/messen"


def fields_of(client: CheckingClient, question: str) -> dict[str, str]:
    return form(client.get(PAGE).text, "/pruefen", question=question)[1]


def numbers(client: CheckingClient, question: str, labels: list[str]) -> list[str]:
    """The numbers the page shows for these labels of items."""
    page = client.get(PAGE).text
    body = page[page.index(f'id="q-{question}"') :]
    return [
        found.group(1)
        for label in labels
        if (found := re.search(rf'for="a-{question}-(\d+)">{label}<', body))
    ]


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("eine", ["1"], ["Richtig", "Sie steht in der Tabelle."]),
        ("eine", ["0"], ["Passt nicht", "Nein, die nicht.", "Sie steht in der Tabelle."]),
        ("viele", ["0", "1"], ["Richtig"]),
        ("viele", ["0", "2"], ["Fast", "Eine weitere Antwort stimmt noch."]),
        ("viele", ["2"], ["Passt nicht"]),
        ("zahl", ["24,0 Werte"], ["Richtig"]),
        ("zahl", ["25"], ["Passt nicht", 'value="25"']),
        ("wort", ["„takt“."], ["Richtig"]),
        ("wort", ["<b>"], ["Passt nicht", 'value="&lt;b&gt;"']),
    ],
)
def test_answers_are_judged(
    client: CheckingClient, sensoren: str, question: str, answer: list[str], words: list[str]
) -> None:
    page = client.submit(f"{PAGE}/pruefen", {**fields_of(client, question), "answer": answer})
    assert page.status_code == 200
    for word in words:
        assert word in page.text
    assert "Fehler:" not in page.text


def test_an_order_is_sent_by_shown_numbers(client: CheckingClient, sensoren: str) -> None:
    shown = numbers(client, "folge", ["eins", "zwei", "drei"])
    assert sorted(shown) == ["0", "1", "2"]
    assert shown != ["0", "1", "2"]
    fields = fields_of(client, "folge")
    right = {f"answer-{number}": str(place) for place, number in enumerate(shown, 1)}
    assert 'class="sc-q is-right"' in client.submit(f"{PAGE}/pruefen", {**fields, **right}).text
    swapped = {**right, f"answer-{shown[0]}": "3", f"answer-{shown[1]}": "1", f"answer-{shown[2]}": "2"}
    page = client.submit(f"{PAGE}/pruefen", {**fields, **swapped}).text
    assert "<b>Fast</b>" in page
    assert page.count('<li class="is-miss">') == 3


def test_pairs_are_sent_by_shown_numbers(client: CheckingClient, sensoren: str) -> None:
    page = client.get(PAGE).text
    values = dict(re.findall(r'<option value="(\d)">(Bau|IT)</option>', page))
    by_name = {name: value for value, name in values.items()}
    fields = fields_of(client, "paare")
    right = {"answer-0": by_name["Bau"], "answer-1": by_name["IT"]}
    assert 'class="sc-q is-right"' in client.submit(f"{PAGE}/pruefen", {**fields, **right}).text
    half = {"answer-0": by_name["Bau"], "answer-1": by_name["Bau"]}
    assert "<b>Fast</b>" in client.submit(f"{PAGE}/pruefen", {**fields, **half}).text


@pytest.mark.parametrize(
    ("question", "sent", "sentence"),
    [
        ("eine", {}, "Wählen Sie eine Antwort."),
        ("eine", {"answer": "9"}, "Wählen Sie eine Antwort."),
        ("zahl", {"answer": "viele"}, "Schreiben Sie eine Zahl, zum Beispiel 21,5."),
        ("wort", {"answer": " "}, "Schreiben Sie eine Antwort in das Feld."),
        ("folge", {"answer-0": "", "answer-x": "1"}, "Wählen Sie für jede Zeile einen Platz."),
        ("paare", {"answer-0": "7"}, "Wählen Sie für jede Zeile eine Antwort."),
    ],
)
def test_what_cannot_be_judged_is_422_at_the_question(
    client: CheckingClient, sensoren: str, question: str, sent: dict[str, str], sentence: str
) -> None:
    page = client.submit(f"{PAGE}/pruefen", {**fields_of(client, question), **sent})
    assert page.status_code == 422
    assert "<title>Fehler: Messen" in page.text
    assert f'<a href="#q-{question}">{sentence}</a>' in page.text
    assert page.text.count(sentence) == 2
    assert 'aria-invalid="true"' in page.text


def test_htmx_gets_the_question_alone(client: CheckingClient, sensoren: str) -> None:
    fields = {**fields_of(client, "eine"), "answer": "1"}
    part = client.submit(f"{PAGE}/pruefen", fields, headers={"HX-Request": "true"})
    assert part.text.strip().startswith("<form")
    assert 'id="q-eine"' in part.text
    assert "Richtig" in part.text
    whole = client.submit(f"{PAGE}/pruefen", fields)
    assert "<html" in whole.text
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-Request" in whole.headers["Vary"]


def test_the_version_that_was_shown_judges(client: CheckingClient, db: Session, sensoren: str) -> None:
    fields = {**fields_of(client, "eine"), "answer": "1"}
    first = sensors.KINDS.questions[0]
    swapped = replace(first, options=tuple(replace(each, correct=not each.correct) for each in first.options))
    quiz = Quiz("arten", "", "", (swapped, *sensors.KINDS.questions[1:]))
    sensors.publish(db, parts={"messen": (sensors.PARTS["messen"][0], quiz)})
    old = client.submit(f"{PAGE}/pruefen", fields)
    assert "Richtig" in old.text
    assert f'<a href="{PAGE}">Neue Fassung lesen</a>' in old.text
    new = client.submit(f"{PAGE}/pruefen", {**fields_of(client, "eine"), "answer": "1"})
    assert "Passt nicht" in new.text
    assert "Neue Fassung lesen" not in new.text


@pytest.mark.parametrize(
    "wrong", [{"version": "99999"}, {"version": ""}, {"version": "9" * 30}, {"question": "keine"}]
)
def test_unknown_versions_and_questions_are_422(
    client: CheckingClient, sensoren: str, wrong: dict[str, str]
) -> None:
    fields = {**fields_of(client, "eine"), "answer": "1", **wrong}
    assert client.submit(f"{PAGE}/pruefen", fields).status_code == 422


def test_a_version_of_another_lesson_does_not_judge(client: CheckingClient, sensoren: str) -> None:
    other = form(client.get(f"{sensoren}/nutzen").text, "/fahrplan")[1]["version"]
    fields = {**fields_of(client, "eine"), "answer": "1", "version": other}
    assert client.submit(f"{PAGE}/pruefen", fields).status_code == 422


def test_nothing_is_stored(learner: CheckingClient, db: Session, sensoren: str) -> None:
    learner.submit(f"{sensoren}/beginnen")
    learner.submit(f"{PAGE}/pruefen", {**fields_of(learner, "eine"), "answer": "1"})
    assert db.scalars(select(ProgressEntry)).all() == []
