"""Notes and bookmarks on the pages: at their headings, in one list, through every edit of the course."""

from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses.models import Course
from learn.learning.models import Bookmark, Note
from learn.markup.model import Html, Part
from tests.client import CheckingClient, sign_in
from tests.factories import make_person
from tests.site import sensors
from tests.site.forms import form
from tests.site.test_budgets import counted

PAGE = "/kurse/sensoren/messen"
LIST = "/lernen/gemerkt"


def write(client: CheckingClient, body: str, heading: str = "", **fields: str) -> tuple[int, str]:
    action, hidden = form(client.get(PAGE).text, "/notizen")
    answer = client.submit(action, {**hidden, "heading": heading, "body": body, **fields})
    return answer.status_code, answer.headers.get("Location", "")


def keep(client: CheckingClient, heading: str = "", press: str = "merken") -> int:
    return client.submit(f"{PAGE}/merken", {"heading": heading, "press": press}).status_code


def moved(db: Session, words: str, slug: str) -> None:
    """The lesson published anew, its heading with another slug or other words."""
    parts: dict[str, tuple[Part, ...]] = {"messen": (Html(f'<h2 id="s-{slug}">{words}</h2><p>Neu.</p>'),)}
    sensors.publish(db, parts=parts, headings={"messen": {slug: words}})


def test_a_note_stands_right_behind_its_heading(learner: CheckingClient, sensoren: str) -> None:
    assert write(learner, "Frau Koch\r\n<b>fragen</b>", "weg") == (303, f"{PAGE}#s-weg")
    page = learner.get(PAGE).text
    assert "Ihre Notiz ist gespeichert." in page
    after = page.partition('<h2 id="s-weg">Der Weg</h2>')[2]
    assert after.startswith('<aside class="sc-callout')
    assert "Frau Koch<br>&lt;b&gt;fragen&lt;/b&gt;" in after
    assert "(1 Notiz)" in page
    assert "Frau Koch" not in learner.get(f"{sensoren}/druck").text


def test_a_note_at_the_lesson_stands_below_it(learner: CheckingClient, sensoren: str) -> None:
    assert write(learner, "Für später") == (303, f"{PAGE}#notizen")
    assert "Für später" in learner.get(PAGE).text.partition('id="notizen"')[2]


def test_a_long_note_does_not_stretch_the_lesson(learner: CheckingClient, sensoren: str) -> None:
    write(learner, "Wort " * 200, "weg")
    page = learner.get(PAGE).text
    assert '<details class="sc-details">\n    <summary>Wort Wort' in page


def test_visitors_find_the_way_to_sign_in_and_nobody_else_reads(
    client: CheckingClient, learner: CheckingClient, db: Session, sensoren: str
) -> None:
    write(learner, "Nur meine")
    keep(learner)
    other = learner.application.test_client()
    assert isinstance(other, CheckingClient)
    page = other.get(PAGE).text
    assert f'href="/anmelden?weiter={PAGE}"' in page
    assert 'id="notizen"' not in page
    sign_in(other, make_person(db, name="Kim Erfunden"))
    note, bookmark = db.scalars(select(Note.id)).one(), db.scalars(select(Bookmark.id)).one()
    assert "Nur meine" not in other.get(PAGE).text + other.get(LIST).text
    assert other.get(f"/lernen/notizen/{note}").status_code == 404
    fields = {"body": "Fremd", "base_revision": "1"}
    assert other.submit(f"/lernen/notizen/{note}", fields).status_code == 404
    assert other.submit(f"/lernen/notizen/{note}/entfernen").status_code == 404
    assert other.submit(f"/lernen/gemerkt/{bookmark}/entfernen").status_code == 404
    assert "Nur meine" in learner.get(LIST).text


def test_keeping_is_said_in_words_and_taken_back(learner: CheckingClient, sensoren: str) -> None:
    assert " Merken</button>" in learner.get(PAGE).text
    assert [keep(learner), keep(learner), keep(learner, "weg")] == [303] * 3
    page = learner.get(PAGE).text
    assert "Gemerkt<span" in page
    assert '<a href="#s-weg">Der Weg</a>' in page
    assert keep(learner, press="entfernen") == 303
    assert "Gemerkt<span" not in learner.get(PAGE).text
    assert [keep(learner, "fort"), keep(learner, press="nichts")] == [422, 422]


def test_what_was_typed_stays_where_it_is_refused(learner: CheckingClient, sensoren: str) -> None:
    for action, fields, sentence in (
        ("notizen", {"heading": "fort", "body": "Text", "key": "k"}, "Diesen Abschnitt gibt es nicht."),
        ("notizen", {"heading": "weg", "body": "Text"}, "keine gültige Kennung"),
        ("merken", {"heading": "weg", "body": "Text", "press": "merken"}, "Speichern Sie zuerst Ihre Notiz"),
    ):
        answer = learner.submit(f"{PAGE}/{action}", fields)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert ">\nText</textarea>" in answer.text
        assert 'id="notizen" open' in answer.text
    assert learner.submit(f"{PAGE}/notizen", {"body": " ", "key": "k"}).status_code == 422
    assert "Noch nichts gemerkt" in learner.get(LIST).text


def test_a_session_that_ended_keeps_the_note(client: CheckingClient, sensoren: str) -> None:
    origin = {"Origin": "http://localhost", "Referer": f"http://localhost{PAGE}"}
    fields = {"heading": "weg", "body": "Lang getippt", "key": "k", "version": "1"}
    answer = client.submit(f"{PAGE}/notizen", fields, headers=origin)
    assert answer.headers["Location"] == f"/anmelden?weiter={PAGE}"
    assert "entwurf" in answer.headers["Set-Cookie"]


def test_changing_a_note_shows_both_texts_of_a_conflict(learner: CheckingClient, sensoren: str) -> None:
    write(learner, "Alt", "weg")
    href = unescape(learner.get(LIST).text.partition('href="/lernen/notizen/')[2].partition('"')[0])
    page = f"/lernen/notizen/{href}"
    assert 'value="1"' in learner.get(page).text
    assert learner.submit(page, {"body": "Neu", "base_revision": "1"}).status_code == 303
    conflict = learner.submit(page, {"body": "Anders", "base_revision": "1"})
    assert conflict.status_code == 409
    for words in ("<dd>Neu</dd>", "<dd>Anders</dd>", ">\nAnders</textarea>", 'value="2"'):
        assert words in conflict.text
    empty = learner.submit(page, {"body": " ", "base_revision": "2"})
    assert (empty.status_code, "Schreiben Sie Ihre Notiz" in empty.text) == (422, True)
    assert learner.submit(f"{page}/entfernen").status_code == 303
    assert "Noch nichts gemerkt" in learner.get(LIST).text


def test_a_form_sent_again_with_another_text_loses_neither(learner: CheckingClient, sensoren: str) -> None:
    action, hidden = form(learner.get(PAGE).text, "/notizen")
    for _ in range(2):
        assert learner.submit(action, {**hidden, "body": "Eins"}).status_code == 303
    answer = learner.submit(action, {**hidden, "body": "Zwei"})
    assert answer.status_code == 409
    assert "<dd>Eins</dd>" in answer.text


@pytest.mark.parametrize(("words", "slug"), [("Der Weg", "der-weg"), ("Neue Worte", "weg")])
def test_notes_and_bookmarks_follow_their_heading(
    learner: CheckingClient, db: Session, sensoren: str, words: str, slug: str
) -> None:
    write(learner, "Bleibt hier", "weg")
    keep(learner, "weg")
    moved(db, words, slug)
    assert keep(learner, slug) == 303
    assert len(db.scalars(select(Bookmark)).all()) == 1
    page = learner.get(PAGE).text
    assert page.partition(f"{words}</h2>")[2].startswith("<aside")
    assert f'<a href="#s-{slug}">{words}</a>' in page
    assert learner.get(LIST).text.count(f'href="{PAGE}#s-{slug}">{words}') == 2


def test_nothing_is_lost_because_its_heading_is_gone(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    write(learner, "Bleibt da", "weg")
    moved(db, "Ganz anders", "anders")
    below = learner.get(PAGE).text.partition('id="notizen"')[2]
    assert "Zum Abschnitt „Der Weg“" in below
    assert "Bleibt da" in below
    assert "Diese Stelle gibt es nicht mehr, sie stand in „Der Weg“." in learner.get(LIST).text
    sensors.publish(db)
    assert f'href="{PAGE}#s-weg"' in learner.get(LIST).text


def test_the_list_outlives_lessons_and_courses(learner: CheckingClient, db: Session, sensoren: str) -> None:
    write(learner, "Überlebt", "weg")
    half = replace(sensors.USE, id="les_haelfte0", slug="nutzen", replaces=("les_messen00",))
    sensors.publish(db, (sensors.MOUNT, half))
    page = learner.get(LIST).text
    assert "Diese Lektion gehört nicht mehr zum Kurs. Die Stelle war „Der Weg“." in page
    assert "Messen" in page
    assert f'href="{sensoren}"' in page
    course = db.get(Course, "kur_sensoren")
    assert course is not None
    course.release_id = None
    db.flush()
    page = learner.get(LIST).text
    assert "Dieser Kurs ist zurzeit nicht veröffentlicht." in page
    assert "Überlebt" in page
    number = db.scalars(select(Note.id)).one()
    assert "Überlebt" in learner.get(f"/lernen/notizen/{number}").text


def test_the_list_is_in_reading_order_and_costs_the_same_however_long(
    learner: CheckingClient, db: Session, sensoren: str
) -> None:
    write(learner, "Note 0", "weg")
    learner.submit("/kurse/sensoren/montieren/merken", {"press": "merken"})
    keep(learner)
    page = learner.get(LIST).text
    places = [page.index(words) for words in (">Messen</a>", "Gemerkt am", "Note 0", ">Montieren</a>")]
    assert places == sorted(places)
    learner.get(LIST)
    few = counted(learner, LIST)
    for number in range(1, 40):
        key = {"heading": "weg", "body": f"Note {number}", "key": str(number)}
        learner.submit("/kurse/sensoren/nutzen/notizen", key)
    first = learner.get(LIST).text
    assert counted(learner, LIST) == few <= 6
    assert (first.count("Notiz vom"), "Weitere Stellen" in first) == (23, True)
    onward = unescape(first.partition(f'href="{LIST}?nach=')[2].partition('"')[0])
    second = learner.get(f"{LIST}?nach={onward}").text
    assert (second.count("Notiz vom"), "Weitere Stellen" in second) == (17, False)
    assert ("Zum Anfang" in first, "Zum Anfang" in second) == (False, True)
    assert learner.get(f"{LIST}?nach=fremd").text.count("Notiz vom") == 23
