"""The Abschlusstest on the page of the course's end."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.models import Throttle
from learn.learning.models import Attempt, ProgressEntry
from learn.markup import store
from learn.markup.model import Question, Quiz
from tests.client import CheckingClient
from tests.site import sensors
from tests.site.forms import form
from tests.site.test_lesson import begin, complete

END = "/kurse/sensoren/abschluss"
RIGHT = {"answer-eine": "1", "answer-zahl": "24", "answer-wort": "Takt", "answer-viele": ["0", "1"]}
WRONG = {"answer-eine": "0", "answer-zahl": "1", "answer-wort": "Uhr", "answer-viele": "2"}


def with_test(db: Session) -> None:
    kinds = tuple(each for each in sensors.KINDS.questions if not (each.items or each.pairs))
    advised = tuple(replace(each, lesson="les_messen00") for each in kinds)
    parts = store.dump((Quiz("abschluss", "", "", advised),))
    test = {"id": "fra_test0000", "title": "Test", "edition": 1, "pass": 3, "draw": None, "parts": parts}
    sensors.publish(db, (sensors.MEASURE, sensors.USE), test=test)


def ready(learner: CheckingClient, db: Session) -> None:
    with_test(db)
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")


def start(learner: CheckingClient) -> None:
    action, fields = form(learner.get(END).text, "/abschluss")
    answer = learner.submit(action, fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, END)


def test_the_way_leads_from_the_last_lesson_to_the_test(learner: CheckingClient, db: Session) -> None:
    ready(learner, db)
    page = learner.get(END).text
    assert "Es fehlt noch der Abschlusstest." in page
    assert "4 Fragen, 3 richtige genügen" in page
    assert "<b>Abschlusstest</b>" in learner.get("/kurse/sensoren/nutzen").text


def test_before_the_lessons_are_done_there_is_no_test(learner: CheckingClient, db: Session) -> None:
    with_test(db)
    begin(learner)
    assert "Abschlusstest beginnen" not in learner.get(END).text
    assert learner.submit(END).status_code == 422


def test_passing_ends_the_course(learner: CheckingClient, db: Session) -> None:
    ready(learner, db)
    start(learner)
    action, fields = form(learner.get(END).text, "/abschluss")
    answers = [learner.submit(action, {**fields, **RIGHT}) for _ in range(2)]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, END)}
    page = learner.get(END).text
    assert "Sie haben den Kurs abgeschlossen" in page
    assert "Abschlusstest bestanden" in page
    assert "Abschlusstest beginnen" not in page


def test_failing_names_lessons_and_stores_nothing(learner: CheckingClient, db: Session) -> None:
    ready(learner, db)
    start(learner)
    action, fields = form(learner.get(END).text, "/abschluss")
    answer = learner.submit(action, {**fields, **WRONG})
    assert answer.headers["Location"] == f"{END}?nachlesen=les_messen00"
    page = learner.get(answer.headers["Location"]).text
    assert "Nicht bestanden, Sie können den Test wiederholen." in page
    assert '<a href="/kurse/sensoren/messen">Messen</a>' in page
    assert "Abschlusstest beginnen" in page
    objects = db.scalars(select(ProgressEntry.object_id)).all()
    assert objects == ["les_messen00"]
    assert db.scalars(select(Attempt)).all() == []


def test_an_unfinished_attempt_is_kept_with_its_answers(learner: CheckingClient, db: Session) -> None:
    ready(learner, db)
    start(learner)
    action, fields = form(learner.get(END).text, "/abschluss")
    answer = learner.submit(action, {**fields, "answer-zahl": "viele", "answer-eine": "1"})
    assert answer.status_code == 422
    assert "<title>Fehler: Abschluss" in answer.text
    assert answer.text.count("Schreiben Sie eine Zahl, zum Beispiel 21,5.") == 2
    page = learner.get(END).text
    assert 'value="viele"' in page
    assert 'value="1" checked' in page
    saved = learner.submit(action, {**fields, "answer-zahl": "24", "save": "ja"})
    assert (saved.status_code, saved.headers["Location"]) == (303, f"{END}#test")
    assert 'value="24"' in learner.get(END).text


@pytest.mark.usefixtures("in_one_window")
def test_five_tries_an_hour(learner: CheckingClient, db: Session) -> None:
    ready(learner, db)
    for number in range(6):
        start(learner)
        action, fields = form(learner.get(END).text, "/abschluss")
        answer = learner.submit(action, {**fields, **WRONG})
        assert answer.status_code == (303 if number < 5 else 429)
    assert "Retry-After" in answer.headers
    assert 'value="Uhr"' in learner.get(END).text
    assert db.scalars(select(Throttle.tries)).all() == [5]


def test_a_form_of_an_earlier_attempt_leaves_the_present_one(learner: CheckingClient, db: Session) -> None:
    ready(learner, db)
    start(learner)
    action, fields = form(learner.get(END).text, "/abschluss")
    assert learner.submit(action, {**fields, **WRONG}).status_code == 303
    start(learner)
    while form(learner.get(END).text, "/abschluss")[1] == fields:  # the same order was drawn by chance
        learner.submit(action, {**fields, **WRONG})
        start(learner)
    answer = learner.submit(action, {**fields, **WRONG})
    assert (answer.status_code, answer.headers["Location"]) == (303, END)
    assert db.scalars(select(Attempt.answers)).all() == [{}]


def test_all_kinds_of_questions_are_answered_with_plain_fields(learner: CheckingClient, db: Session) -> None:
    parts = store.dump((replace(sensors.KINDS, id="abschluss", slug=""),))
    test = {"id": "fra_test0000", "title": "Test", "edition": 1, "pass": 6, "draw": None, "parts": parts}
    sensors.publish(db, (sensors.MEASURE, sensors.USE), test=test)
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    start(learner)
    page = learner.get(END).text
    assert "<script" not in page.partition('id="test"')[2].partition("</section>")[0]
    action, fields = form(page, "/abschluss")
    labels = dict(re.findall(r'<label for="(answer-(?:folge|paare)-\d)">([^<]*)</label>', page))
    choices = {text: value for value, text in re.findall(r'<option value="(\d)"[^>]*>([^<]+)<', page)}
    order = {"eins": "1", "zwei": "2", "drei": "3"}
    partner = {"Bohren": choices["Bau"], "Funk": choices["IT"]}
    placed = {name: order.get(text) or partner[text] for name, text in labels.items()}
    shown = dict(re.findall(r'for="(answer-(?:eine|viele)-o\d)"><span>(.*?)</span>', page))
    right = {text: name.rpartition("-o")[2] for name, text in shown.items()}
    chosen = {"answer-eine": right["CO<sub>2</sub>"], "answer-viele": [right["A"], right["B"]]}
    typed = {"answer-zahl": " 24 Werte", "answer-wort": "»takt.«"}
    answer = learner.submit(action, {**fields, **placed, **chosen, **typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, END)
    assert "Abschlusstest bestanden" in learner.get(END).text


def test_no_question_of_the_test_leaves_its_page(learner: CheckingClient, db: Session) -> None:
    secret = "Wie viele Sonden braucht ein Turm?"
    asked = Quiz("abschluss", "", "", (Question("zahl", "zahl", secret, secret, solutions=("24",)),))
    test = {"id": "fra_test0000", "title": "Test", "edition": 1, "pass": 1, "draw": None}
    sensors.publish(db, (sensors.MEASURE, sensors.USE), test={**test, "parts": store.dump((asked,))})
    begin(learner)
    complete(learner, "/kurse/sensoren/messen")
    places = ("/kurse", "/kurse/sensoren", "/kurse/sensoren/druck", "/kurse/sensoren/nutzen", END, "/lernen")
    assert [place for place in places if secret in learner.get(place).text] == []
    start(learner)
    assert secret in learner.get(END).text
